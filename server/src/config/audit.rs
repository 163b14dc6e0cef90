//! `[audit]`: where signed checkpoints of the audit go, and how often.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::error::Findings;

/// Where signed checkpoints of the audit go, and how often.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditSection {
    /// A file to which each one is added as one line of JSON. Best on another machine's disk.
    pub checkpoint_file: Option<PathBuf>,
    /// Whether each one is a line on standard output.
    pub checkpoint_stdout: bool,
    /// After how many entries there is another one.
    pub every_entries: u32,
    /// After how many minutes there is another one, if there are new entries.
    pub every_minutes: u32,
    /// The file of the key that signs. It is made if it is not there.
    pub key_file: Option<PathBuf>,
}

impl Default for AuditSection {
    fn default() -> Self {
        Self {
            checkpoint_file: None,
            checkpoint_stdout: true,
            every_entries: 1_000,
            every_minutes: 60,
            key_file: None,
        }
    }
}

impl AuditSection {
    pub(super) fn validate(&self, findings: &mut Findings) {
        if !(1..=1_000_000).contains(&self.every_entries) {
            findings.add("audit.every_entries", "must lie between 1 and 1000000");
        }
        if !(1..=10_080).contains(&self.every_minutes) {
            findings.add(
                "audit.every_minutes",
                "must lie between 1 and 10080 minutes",
            );
        }
    }
}
