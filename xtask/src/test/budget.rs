//! How much the browser may have to load.

use anyhow::{Result, ensure};

use crate::phases::Tally;
use crate::site;

/// The islands, compressed, in bytes: 90 KiB.
const ISLANDS: usize = 90 * 1024;

/// Measures the WebAssembly as it is released and sent.
pub(super) fn islands() -> Result<Tally> {
    let wasm = site::published_wasm()?;
    let compressed = site::compress(&wasm)?.len();
    println!(
        "{compressed} of {ISLANDS} bytes with brotli, {} without",
        wasm.len()
    );
    ensure!(
        compressed <= ISLANDS,
        "the islands are {} bytes too large",
        compressed - ISLANDS
    );
    Ok(Tally::PASSED)
}
