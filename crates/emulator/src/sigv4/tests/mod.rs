//! AWS's vectors, and what a verifier must refuse.

mod vectors;
mod verifying;
