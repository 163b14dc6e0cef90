//! A console of the release build, on a loopback port of its own.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::service::Service;
use crate::{process, token, workspace};

/// What the console signs its calls with; every world of a benchmark has a user with this key.
pub(super) const ACCESS_KEY: &str = "CHEMULATORBENCH00001";
pub(super) const SECRET: &str = "customhouse-emulator-secret-0000000000001";

/// Builds it and the emulator.
pub(super) fn compile() -> Result<()> {
    for (package, binary) in [("server", "customhouse"), ("emulator", "aws-emulator")] {
        let arguments = ["build", "--release", "--package", package, "--bin", binary];
        process::run(process::cargo().args(arguments))?;
    }
    Ok(())
}

/// The configuration that all benchmarks share, without accounts: `server` and `aws` are further
/// lines of these sections.
pub(super) fn configuration(
    (port, database): (u16, &Path),
    emulator: &Service,
    (server, aws): (&str, &str),
) -> String {
    format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\nsite = \"{}\"\n{server}\n[database]\nurl = \"{}\"\n\
         [aws]\nendpoint_url = \"{}\"\n{aws}\n[log]\nfilter = \"warn\"\n",
        workspace::path("target/site/pkg").display(),
        database.display(),
        emulator.url(),
    )
}

/// A token for the console whose configuration is in this folder.
pub(super) fn token(folder: &Path) -> Result<String> {
    let program = workspace::path("target/release/customhouse");
    token::made_by(&program, &folder.join("customhouse.toml"))
}

/// Starts it, without waiting for its first answer.
pub(super) fn start(folder: &Path, port: u16, configuration: &str) -> Result<Service> {
    let file = folder.join("customhouse.toml");
    fs::write(&file, configuration)?;
    let mut command = process::command(workspace::path("target/release/customhouse"));
    command
        .arg("serve")
        .arg("--config")
        .arg(&file)
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    Service::start("console", port, command, folder)
}
