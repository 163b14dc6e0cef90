//! What the other side must offer. Only AWS for the present.

pub mod aws;
