//! `[engine]`: when things run.

use engine::{EngineSettings, LookSchedule};
use serde::{Deserialize, Serialize};

use super::error::Findings;

/// When things run. All times in milliseconds unless the name says otherwise.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineSection {
    /// Between two looks at a copy that is under way. By default often at first and seldom later:
    /// every 2 s, after a minute every 10 s, after ten minutes every 30 s.
    pub look_ms: Option<u32>,
    /// How long a claimed step stays with one process that gives no sign of life.
    pub lease_ms: u32,
    /// Between two searches for work when nothing announced any.
    pub idle_ms: u32,
    /// How long a grant outlives the moment before which its plan must run, in hours.
    pub grant_hours: u16,
    /// Between two looks at the projects and versions of all accounts, in minutes.
    pub inventory_minutes: u32,
    /// Between two tests of every role, in minutes.
    pub role_test_minutes: u32,
}

impl Default for EngineSection {
    fn default() -> Self {
        Self {
            look_ms: None,
            lease_ms: 60_000,
            idle_ms: 2_000,
            grant_hours: 24,
            inventory_minutes: 15,
            role_test_minutes: 15,
        }
    }
}

impl EngineSection {
    /// What the engine is told.
    pub fn settings(&self) -> EngineSettings {
        let usual = EngineSettings::default();
        EngineSettings {
            lease_ms: i64::from(self.lease_ms),
            poll_ms: u64::from(self.idle_ms),
            look: self
                .look_ms
                .map_or(usual.look, |pause| LookSchedule::every(i64::from(pause))),
            ..usual
        }
    }

    pub(super) fn validate(&self, findings: &mut Findings) {
        for (key, value, least, most) in [
            (
                "engine.look_ms",
                self.look_ms.unwrap_or(1_000),
                200,
                300_000,
            ),
            ("engine.lease_ms", self.lease_ms, 30_000, 600_000),
            ("engine.idle_ms", self.idle_ms, 50, 60_000),
        ] {
            if !(least..=most).contains(&value) {
                findings.add(
                    key,
                    format!("must lie between {least} and {most} milliseconds"),
                );
            }
        }
        if !(1..=168).contains(&self.grant_hours) {
            findings.add("engine.grant_hours", "must lie between 1 and 168 hours");
        }
        for (key, minutes) in [
            ("engine.inventory_minutes", self.inventory_minutes),
            ("engine.role_test_minutes", self.role_test_minutes),
        ] {
            if !(1..=1_440).contains(&minutes) {
                findings.add(key, "must lie between 1 and 1440 minutes");
            }
        }
    }
}
