//! What the demo and benchmarks come in with at `/v1`.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};

use crate::{process, workspace};

/// The token of a new service account that may propose, made by the debug program beside the console
/// of this configuration.
pub(crate) fn new(configuration: &Path) -> Result<String> {
    made_by(&workspace::binary("customhouse"), configuration)
}

/// The same by another build of the program.
pub(crate) fn made_by(program: &Path, configuration: &Path) -> Result<String> {
    static MADE: AtomicUsize = AtomicUsize::new(1);
    let name = format!("programs-{}", MADE.fetch_add(1, Ordering::Relaxed));
    let mut command = process::command(program);
    command
        .args(["service-account", "create", &name])
        .args(["--role", "requester", "--days", "1", "--config"])
        .arg(configuration);
    let output = command.output().context("cannot run customhouse")?;
    ensure!(
        output.status.success(),
        "no token was made:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
