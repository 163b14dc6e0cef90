//! `[[environment]]`: the stages that models move through.

use std::collections::BTreeSet;

use domain::{Environment, EnvironmentColour, EnvironmentName, Rule, RuleRef};
use serde::{Deserialize, Serialize};

use super::error::Findings;

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Longest that an approved plan may wait, in hours: 30 days.
const LONGEST_WAIT_HOURS: u32 = 30 * 24;

/// One stage. Its place in the file is its place in the order.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentSection {
    /// Its name.
    pub name: EnvironmentName,
    /// Its look.
    pub colour: EnvironmentColour,
    /// Whether promoting into it asks for extra care.
    #[serde(default)]
    pub protected: bool,
    /// How many people must approve. Only 0 while nobody can sign in.
    #[serde(default)]
    pub approvals: u16,
    /// How long an approved plan may wait before it must run, in hours.
    #[serde(default = "three_days")]
    pub run_within_hours: u32,
}

fn three_days() -> u32 {
    72
}

pub(super) fn validate(sections: &[EnvironmentSection], findings: &mut Findings) {
    let mut names = BTreeSet::new();
    for (index, section) in sections.iter().enumerate() {
        if !names.insert(section.name.as_str()) {
            findings.add(format!("environment[{index}].name"), "is used twice");
        }
        if section.approvals != 0 {
            findings.add(
                format!("environment[{index}].approvals"),
                "must be 0: while nobody can sign in, nobody could approve",
            );
        }
        if !(1..=LONGEST_WAIT_HOURS).contains(&section.run_within_hours) {
            findings.add(
                format!("environment[{index}].run_within_hours"),
                format!("must lie between 1 and {LONGEST_WAIT_HOURS} hours"),
            );
        }
    }
    if sections.len() > usize::from(u16::MAX) {
        findings.add("environment", "has too many entries");
    }
}

pub(super) fn in_order(sections: &[EnvironmentSection]) -> Vec<Environment> {
    (0..)
        .zip(sections)
        .map(|(position, section)| section.environment(position))
        .collect()
}

impl EnvironmentSection {
    fn environment(&self, position: u16) -> Environment {
        Environment {
            name: self.name.clone(),
            position,
            colour: self.colour,
            protected: self.protected,
            rule: Rule {
                reference: RuleRef {
                    environment: self.name.clone(),
                    version: 1,
                },
                approvals: self.approvals,
                run_within_ms: i64::from(self.run_within_hours) * HOUR_MS,
            },
        }
    }
}
