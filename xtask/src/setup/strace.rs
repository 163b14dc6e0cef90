//! strace, for the test that the server starts no process.

use anyhow::Result;

use super::apt;
use crate::process;

/// Makes sure that `strace` is there.
pub(crate) fn install() -> Result<()> {
    if process::find("strace").is_some() {
        return Ok(());
    }
    apt::install("strace", &["strace"])
}
