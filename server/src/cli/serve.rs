//! `customhouse serve`.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};

use super::output::say;
use super::{Verdict, log};
use crate::config::Config;
use crate::startup::{Machine, Server};

/// Serves until Ctrl-C or SIGTERM. Prints one line on standard output once it listens.
pub(super) async fn run(config: &Config) -> Result<Verdict> {
    config.registry()?;
    log::start(&config.log)?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for Ctrl-C")?;
    let server = Server::start(config, Machine::real(config).await).await?;
    let line = format!("Customhouse is at {}", server.url());
    if say(&line).is_err() {
        tracing::info!("{line}");
    }
    let stopped = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    };
    server.run(stopped).await?;
    Ok(Verdict::Good)
}
