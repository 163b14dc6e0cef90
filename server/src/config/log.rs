//! `[log]`: what is logged, on standard error.

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use super::error::Findings;

/// What is logged, on standard error.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// Which lines: a level, or levels by module as in `info,engine=debug`.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            filter: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

impl LogSection {
    pub(super) fn validate(&self, findings: &mut Findings) {
        if let Err(error) = EnvFilter::try_new(&self.filter) {
            findings.add("log.filter", format!("cannot be read: {error}"));
        }
    }
}
