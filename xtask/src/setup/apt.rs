//! Debian's package manager.

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs packages when this is Debian (or a relative of it) and we are root, else fails and
/// says what a person has to install. `what` names the thing that is missing.
pub(super) fn install(what: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if process::find("apt-get").is_none() {
        bail!("{what} is missing; install it (on Debian the packages are: {list}), then try again");
    }
    if !nix::unistd::Uid::effective().is_root() {
        bail!("{what} is missing; install it with: sudo apt-get install {list}");
    }
    println!("{what} is missing; installing: {list}");
    let apt_get = |arguments: &[&str]| {
        let mut command = process::command("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .arg("-qq")
            .args(arguments);
        process::run(&mut command)
    };
    apt_get(&["update"])
        .and_then(|()| apt_get(&[&["install", "--yes"], packages].concat()))
        .with_context(|| format!("{what} could not be installed"))
}
