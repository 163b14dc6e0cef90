//! Python environments of our own, for referees and for peers of benchmarks.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Digest, Stamp, apt};
use crate::{process, workspace};

/// The environment of the referees.
pub(crate) const REFEREES: &str = ".venv";

/// Makes the environment with what `requirements` names, unless that was done before, and returns
/// its interpreter. Both are paths from the root of the working tree.
pub(crate) fn install(environment: &str, requirements: &str) -> Result<PathBuf> {
    let folder = workspace::path(environment);
    let python = folder.join("bin/python");
    let digest = Digest::default().path(&workspace::path(requirements))?;
    Stamp::new(folder.join("customhouse"), digest).unless_fresh(|| {
        make(environment)?;
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

/// The version that a requirements file pins, if it names the package.
pub(crate) fn pinned(requirements: &str, package: &str) -> Result<Option<String>> {
    let text = fs::read_to_string(workspace::path(requirements))?;
    Ok(in_requirements(&text, package))
}

/// `moto[server]==5.2.5` pins `moto`.
fn in_requirements(text: &str, package: &str) -> Option<String> {
    let pins = text.lines().filter_map(|line| line.split_once("=="));
    let name = |pin: &str| pin.split('[').next().unwrap_or_default().to_owned();
    pins.map(|(pin, version)| (name(pin), version))
        .find(|(name, _)| name == package)
        .map(|(_, version)| version.to_owned())
}

fn make(environment: &str) -> Result<()> {
    if process::find("python3").is_none() {
        apt::install("Python 3", &["python3", "python3-venv"])?;
    }
    let venv = || {
        let mut command = process::command("python3");
        command.args(["-m", "venv", environment]);
        command
    };
    // Debian's Python comes without the part that makes environments.
    if process::run(&mut venv()).is_ok() {
        return Ok(());
    }
    apt::install("Python's venv module", &["python3-venv"])?;
    if process::run(&mut venv()).is_err() {
        bail!("python3 -m venv {environment} does not work here; see its message above");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read_with_and_without_extras() {
        let text = "boto3==1.2.3\nbotocore==4.5.6\nmoto[server]==7.8.9\n";
        assert_eq!(in_requirements(text, "botocore").as_deref(), Some("4.5.6"));
        assert_eq!(in_requirements(text, "moto").as_deref(), Some("7.8.9"));
        assert_eq!(in_requirements(text, "boto"), None);
    }
}
