//! The peer: moto's server, a widely used stand-in for AWS.
//!
//! It does not have Rekognition's `DescribeProjects` and its kin as of 5.2.5, so what both can is
//! compared: two calls to STS.

use std::net::TcpListener;
use std::path::Path;

use anyhow::Result;

use crate::process;
use crate::service::Service;
use crate::setup;

/// Its packages.
const REQUIREMENTS: &str = "xtask/bench/requirements.txt";
const ENVIRONMENT: &str = "target/bench/moto";

/// Starts it on a free port.
pub(super) fn start(folder: &Path) -> Result<Service> {
    let python = setup::python::install(ENVIRONMENT, REQUIREMENTS)?;
    let port = free_port()?;
    let mut command = process::command(python.with_file_name("moto_server"));
    command.arg("--port").arg(port.to_string());
    let mut server = Service::start("moto", port, command, folder)?;
    server.wait_for("/moto-api/")?;
    Ok(server)
}

/// Its name and version, for a page.
pub(super) fn name() -> Result<String> {
    let version = setup::python::pinned(REQUIREMENTS, "moto")?;
    Ok(format!("moto {}", version.unwrap_or_default()))
}

/// A port that nobody has at the moment.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
