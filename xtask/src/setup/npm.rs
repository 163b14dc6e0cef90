//! Node and the packages of `package.json`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{Digest, Stamp};
use crate::{process, workspace};

/// The oldest major version of Node that everything here runs on.
const NODE: u32 = 20;

/// Installs what builds and tests the console, unless that was done before.
pub(crate) fn install() -> Result<()> {
    install_from(
        "",
        &["package.json", "package-lock.json", "end2end/package.json"],
    )
}

/// Installs what the lock file in `folder` names, unless that was done before.
pub(crate) fn install_in(folder: &str) -> Result<()> {
    install_from(folder, &["package.json", "package-lock.json"])
}

fn install_from(folder: &str, inputs: &[&str]) -> Result<()> {
    check_node()?;
    let folder = workspace::path(folder);
    let digest = inputs.iter().try_fold(Digest::default(), |digest, file| {
        digest.path(&folder.join(file))
    })?;
    Stamp::new(folder.join("node_modules/.customhouse"), digest).unless_fresh(|| {
        let arguments = ["ci", "--no-audit", "--no-fund", "--loglevel", "error"];
        process::run(process::command("npm").args(arguments).current_dir(&folder))
    })
}

/// A program of an installed package.
pub(crate) fn program(name: &str) -> PathBuf {
    workspace::path("node_modules/.bin").join(name)
}

fn check_node() -> Result<()> {
    if process::find("node").is_none() || process::find("npm").is_none() {
        bail!("Node.js is missing; install version {NODE} or newer together with npm");
    }
    let version = process::capture(process::command("node").arg("--version"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    let major: u32 = major
        .parse()
        .with_context(|| format!("node says its version is {version}"))?;
    if major < NODE {
        bail!(
            "Node.js {} is too old; install version {NODE} or newer",
            version.trim()
        );
    }
    Ok(())
}
