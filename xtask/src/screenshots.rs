//! `cargo xtask screenshots`.

use anyhow::Result;

use crate::phases::Phases;
use crate::{build, process, setup, workspace};

pub(crate) fn run() -> Result<()> {
    let mut phases = Phases::default();
    build::development(&mut phases)?;
    phases.step("browser", setup::chromium::install)?;
    phases.step("screenshots", || {
        let mut playwright = process::command(setup::npm::program("playwright"));
        playwright.current_dir(workspace::path("end2end"));
        process::run(playwright.args(["test", "--config", "screenshots.config.ts"]))
    })?;
    phases.print_times();
    println!("\n{}", workspace::path("target/screenshots").display());
    Ok(())
}
