//! What a build needs beside Rust and Node: installed where that is possible, else said.

mod apt;
pub(crate) mod chromium;
pub(crate) mod npm;
pub(crate) mod postgres;
pub(crate) mod python;
mod stamp;
pub(crate) mod strace;
pub(crate) mod wasm;

pub(crate) use stamp::{Digest, Stamp, files_below};
