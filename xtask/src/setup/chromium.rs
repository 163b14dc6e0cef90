//! The browser of the tests: Debian's, since a closed network offers no other.

use std::path::Path;

use anyhow::Result;

use super::apt;

/// Where `end2end/playwright.config.ts` looks for the browser.
const EXECUTABLE: &str = "/usr/bin/chromium";

pub(crate) fn install() -> Result<()> {
    if Path::new(EXECUTABLE).exists() {
        return Ok(());
    }
    apt::install("Chromium (/usr/bin/chromium)", &["chromium"])
}
