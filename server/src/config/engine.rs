//! `[engine]`: when things run.

use engine::{EngineSettings, LookSchedule};
use operations::Deadlines;
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
    /// How many copies may run into one destination project at once; the others wait in the queue.
    pub copies_per_project: u32,
    /// Between two looks through source projects for grants that a job left behind, in minutes.
    pub sweep_minutes: u32,
    /// Between two tests of every role, in minutes.
    pub role_test_minutes: u32,
    /// How long each step may take before it counts as late.
    pub deadline: DeadlineSection,
}

/// `[engine.deadline]`: how long each step may take, in minutes. A grant, a change of a policy or
/// reading back that goes on failing longer than that ends the job; a copy that AWS has and the
/// removal of a grant are never given up, they only show as late.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_field_names,
    reason = "each key of the configuration names its unit"
)]
pub struct DeadlineSection {
    /// The grant.
    pub grant_minutes: u32,
    /// The copy.
    pub copy_minutes: u32,
    /// The change of a project policy.
    pub apply_minutes: u32,
    /// Reading back.
    pub verify_minutes: u32,
    /// The removal of the grant.
    pub revoke_minutes: u32,
}

impl Default for DeadlineSection {
    fn default() -> Self {
        Self {
            grant_minutes: 60,
            copy_minutes: 1_440,
            apply_minutes: 60,
            verify_minutes: 60,
            revoke_minutes: 60,
        }
    }
}

impl DeadlineSection {
    fn deadlines(&self) -> Deadlines {
        let minutes = |minutes: u32| i64::from(minutes) * 60_000;
        Deadlines {
            grant_ms: minutes(self.grant_minutes),
            copy_ms: minutes(self.copy_minutes),
            apply_ms: minutes(self.apply_minutes),
            verify_ms: minutes(self.verify_minutes),
            revoke_ms: minutes(self.revoke_minutes),
        }
    }

    fn all(&self) -> [(&'static str, u32); 5] {
        [
            ("engine.deadline.grant_minutes", self.grant_minutes),
            ("engine.deadline.copy_minutes", self.copy_minutes),
            ("engine.deadline.apply_minutes", self.apply_minutes),
            ("engine.deadline.verify_minutes", self.verify_minutes),
            ("engine.deadline.revoke_minutes", self.revoke_minutes),
        ]
    }
}

impl Default for EngineSection {
    fn default() -> Self {
        Self {
            look_ms: None,
            lease_ms: 60_000,
            idle_ms: 2_000,
            grant_hours: 24,
            inventory_minutes: 15,
            copies_per_project: 1,
            sweep_minutes: 15,
            role_test_minutes: 15,
            deadline: DeadlineSection::default(),
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

    /// What use cases are told of when things run.
    pub fn operations(&self, principal: Option<String>) -> operations::Settings {
        operations::Settings {
            sign_in: operations::people::SignInSettings::default(),
            grant_hours: self.grant_hours,
            principal,
            copies_per_project: self.copies_per_project,
            deadlines: self.deadline.deadlines(),
            sweep_ms: i64::from(self.sweep_minutes) * 60_000,
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
        if !(1..=1_000).contains(&self.copies_per_project) {
            findings.add("engine.copies_per_project", "must lie between 1 and 1000");
        }
        let minutes = [("engine.sweep_minutes", self.sweep_minutes)];
        for (key, value) in minutes.into_iter().chain(self.deadline.all()) {
            if !(1..=10_080).contains(&value) {
                findings.add(key, "must lie between 1 and 10080 minutes");
            }
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
