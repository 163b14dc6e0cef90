//! AWS's JavaScript SDK, in Node's test runner.

use anyhow::Result;

use crate::phases::Tally;
use crate::{process, setup, tally, workspace};

/// Its packages have a lock file of their own: nothing that builds the site needs them.
pub(crate) const FOLDER: &str = "crates/emulator/tests/javascript";

pub(super) fn run() -> Result<Tally> {
    setup::npm::install_in(FOLDER)?;
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter", "tap"])
        .current_dir(workspace::path(FOLDER));
    let watched = process::watch(&mut node)?;
    Ok(tally::of_node(&watched.lines).of_runner(watched.success))
}
