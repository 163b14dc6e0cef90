//! `cargo xtask routes`.

use anyhow::Result;
use clap::Args;

use crate::{build, process, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// As JSON: a list of objects with method, path and action.
    #[arg(long)]
    json: bool,
}

/// Asks the server's own registry, so that no list can differ from what is served.
pub(crate) fn run(options: &Options) -> Result<()> {
    build::programs()?;
    let mut server = process::command(workspace::binary("customhouse"));
    server.arg("routes");
    if options.json {
        server.arg("--json");
    }
    process::run(&mut server)
}
