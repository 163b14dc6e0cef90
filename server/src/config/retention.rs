//! `[retention]`: how long is kept what is not the audit, which is kept for ever.

use serde::{Deserialize, Serialize};

use super::error::Findings;

/// How long is kept what is not the audit. Each row of docs/retention.md names its key.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionSection {
    /// How many events are kept for readers that come back.
    pub events: u32,
    /// How many days the same request under the same key gets the first result.
    pub idempotency_days: u32,
}

impl Default for RetentionSection {
    fn default() -> Self {
        Self {
            events: 50_000,
            idempotency_days: 7,
        }
    }
}

impl RetentionSection {
    pub(super) fn validate(&self, findings: &mut Findings) {
        if !(1_000..=10_000_000).contains(&self.events) {
            findings.add("retention.events", "must lie between 1000 and 10000000");
        }
        if !(1..=365).contains(&self.idempotency_days) {
            findings.add(
                "retention.idempotency_days",
                "must lie between 1 and 365 days",
            );
        }
    }
}
