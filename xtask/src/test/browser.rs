//! What Node checks and tests: the scripts and the whole console in Chromium.

use anyhow::Result;

use crate::phases::Tally;
use crate::{process, setup, tally, workspace};

/// The scripts of `public/` and the browser tests have types, which nothing else looks at.
pub(super) fn types() -> Result<Tally> {
    for project in ["tsconfig.json", "end2end/tsconfig.json"] {
        let mut tsc = process::command(setup::npm::program("tsc"));
        process::run(
            tsc.args(["--noEmit", "--project"])
                .arg(workspace::path(project)),
        )?;
    }
    Ok(Tally::PASSED)
}

pub(super) fn tests() -> Result<Tally> {
    let mut playwright = process::command(setup::npm::program("playwright"));
    playwright
        .arg("test")
        .current_dir(workspace::path("end2end"));
    let watched = process::watch(&mut playwright)?;
    Ok(tally::of_playwright(&watched.lines).of_runner(watched.success))
}
