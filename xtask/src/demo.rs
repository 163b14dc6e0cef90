//! `cargo xtask demo`: the console against an emulated AWS, until Ctrl-C.
//!
//! Two processes, as in production: [`crate::service`] starts them, [`promote`] plays a client of
//! the REST interface.

mod promote;

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::phases::Phases;
use crate::service::Service;
use crate::{build, process, workspace};

/// Where the emulator listens, if nobody else does.
const EMULATOR_PORT: u16 = 4599;

#[derive(Args)]
pub(crate) struct Options {
    /// The port of the console.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Also carry one promotion through /v1 and print its steps.
    #[arg(long)]
    promote: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let interrupted = interrupts()?;
    let mut phases = Phases::default();
    build::development(&mut phases)?;

    let folder = workspace::path("target/demo");
    let (mut emulator, mut console) = phases.step("start", || start(&folder, options.port))?;
    phases.print_times();
    println!("\nCustomhouse:    {}", console.url());
    println!("Emulated AWS:   {}", emulator.url());
    println!("Logs, database: {}", folder.display());
    println!("Sign in by a click as requester, approver-1, approver-2, auditor or admin.");
    println!("Ctrl-C stops both.");

    if options.promote {
        let token = crate::token::new(&folder.join("customhouse.toml"))?;
        promote::run(console.url(), &token, emulator.url(), &interrupted)?;
    }
    serve(&mut [&mut console, &mut emulator], &interrupted)
}

/// A message for each Ctrl-C or termination signal.
fn interrupts() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    // Nobody listens any more once the command is over.
    ctrlc::set_handler(move || sender.send(()).unwrap_or_default())?;
    Ok(receiver)
}

/// Starts from the seeded world each time: the emulator remembers nothing, so neither may the
/// database.
fn start(folder: &Path, port: u16) -> Result<(Service, Service)> {
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!("port {port} is taken; choose another one with --port N");
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder)?;

    let emulator_port = emulator_port()?;
    let mut command = process::command(workspace::binary("aws-emulator"));
    command
        .arg("--listen")
        .arg(format!("127.0.0.1:{emulator_port}"))
        .arg("--world")
        .arg(workspace::path("xtask/demo/world.toml"));
    let mut emulator = Service::start("emulator", emulator_port, command, folder)?;
    emulator.wait_for("/_emulator/health")?;

    let configuration = folder.join("customhouse.toml");
    fs::write(&configuration, configure(folder, port, emulator.url())?)?;
    let mut command = process::command(workspace::binary("customhouse"));
    command
        .arg("serve")
        .arg("--config")
        .arg(&configuration)
        .env("AWS_ACCESS_KEY_ID", "CHEMULATORDEV0000001")
        .env(
            "AWS_SECRET_ACCESS_KEY",
            "customhouse-emulator-secret-0000000000001",
        )
        .env("AWS_EC2_METADATA_DISABLED", "true");
    let mut console = Service::start("console", port, command, folder)?;
    console.wait_for("/readyz")?;
    Ok((emulator, console))
}

/// `xtask/demo/customhouse.toml` with this run's addresses.
fn configure(folder: &Path, port: u16, emulator: &str) -> Result<String> {
    let template = fs::read_to_string(workspace::path("xtask/demo/customhouse.toml"))?;
    Ok(template
        .replace("{listen}", &format!("127.0.0.1:{port}"))
        .replace(
            "{database}",
            &folder.join("customhouse.sqlite").display().to_string(),
        )
        .replace(
            "{site}",
            &workspace::path("target/site/pkg").display().to_string(),
        )
        .replace("{emulator}", emulator))
}

/// The usual port, or any free one when a second demo runs.
fn emulator_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", EMULATOR_PORT))
        .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
    Ok(listener.local_addr()?.port())
}

/// Until Ctrl-C, or until a service ends by itself. Dropping the services stops them.
fn serve(services: &mut [&mut Service], interrupted: &Receiver<()>) -> Result<()> {
    loop {
        match interrupted.recv_timeout(Duration::from_millis(500)) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        for service in &mut *services {
            service.check()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_in_the_configuration_is_filled() {
        let text = configure(Path::new("/tmp/demo"), 3000, "http://127.0.0.1:4599").unwrap();
        assert!(
            text.contains("http://127.0.0.1:4599") && !text.contains('{'),
            "{text}"
        );
    }

    #[test]
    fn the_console_presents_the_external_ids_that_the_world_asks_for() {
        let read = |name| fs::read_to_string(workspace::path(name)).unwrap();
        let (configuration, world) = (
            read("xtask/demo/customhouse.toml"),
            read("xtask/demo/world.toml"),
        );
        let ids = configuration
            .lines()
            .filter_map(|line| line.strip_prefix("external_id = "));
        let ids: Vec<_> = ids.map(|id| id.trim_matches('"')).collect();
        assert_eq!(ids.len(), 3);
        for id in ids {
            assert!(world.contains(id), "{id} is not in world.toml");
        }
    }
}
