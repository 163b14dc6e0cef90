//! Sets up the log on standard error.

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSection};

/// Starts logging for the whole process.
pub(super) fn start(section: &LogSection) -> Result<()> {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&section.filter)?)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let started = match section.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    started.map_err(|error| anyhow!("cannot start the log: {error}"))
}
