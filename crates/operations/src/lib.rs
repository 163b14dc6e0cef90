//! Use cases of Customhouse, one file for each verb.

pub mod ports;
