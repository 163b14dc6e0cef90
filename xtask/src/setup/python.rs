//! A Python environment of our own, for the tests that drive the emulator with boto3.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Digest, Stamp, apt};
use crate::{process, workspace};

/// Makes `.venv` with what `requirements` names, unless that was done before, and returns its
/// interpreter.
pub(crate) fn install(requirements: &str) -> Result<PathBuf> {
    let environment = workspace::path(".venv");
    let python = environment.join("bin/python");
    let digest = Digest::default().path(&workspace::path(requirements))?;
    Stamp::new(environment.join("customhouse"), digest).unless_fresh(|| {
        make_environment()?;
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ];
        process::run(process::command(&python).args(pip).arg(requirements))
    })?;
    Ok(python)
}

fn make_environment() -> Result<()> {
    if process::find("python3").is_none() {
        apt::install("Python 3", &["python3", "python3-venv"])?;
    }
    let venv = || {
        let mut command = process::command("python3");
        command.args(["-m", "venv", ".venv"]);
        command
    };
    // Debian's Python comes without the part that makes environments.
    if process::run(&mut venv()).is_ok() {
        return Ok(());
    }
    apt::install("Python's venv module", &["python3-venv"])?;
    if process::run(&mut venv()).is_err() {
        bail!("python3 -m venv .venv does not work here; see its message above");
    }
    Ok(())
}
