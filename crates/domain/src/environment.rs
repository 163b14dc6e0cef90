//! Environments and their approval rules.

use crate::name::EnvironmentName;
use serde::{Deserialize, Serialize};

/// A stage that models move through, such as dev, staging or prod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Its name, unique in the installation.
    pub name: EnvironmentName,
    /// Its place in the order of stages; models move towards higher numbers.
    pub position: u16,
    /// How it is told apart at a glance; never by colour alone.
    pub colour: EnvironmentColour,
    /// Whether promoting into it asks for extra care (a banner, a typed confirmation).
    pub protected: bool,
    /// The rule in force for promotions into it.
    pub rule: Rule,
}

/// The three looks of an environment: a colour together with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentColour {
    /// Teal with dots.
    Dev,
    /// Violet with diagonals.
    Staging,
    /// Plum with a solid double bar.
    Prod,
}

impl EnvironmentColour {
    /// The word used in SQL, configuration and class names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Staging => "staging",
            Self::Prod => "prod",
        }
    }
}

/// How many approvals a proposal into an environment needs. A rule is never edited: a change is a
/// new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which rule this is.
    pub reference: RuleRef,
    /// How many people must approve; with 0 a proposal is approved by the rule itself.
    pub approvals: u16,
    /// How long an approved plan may wait before it must run, in milliseconds.
    pub run_within_ms: i64,
}

/// Names one version of one environment's rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRef {
    /// The environment that the rule guards.
    pub environment: EnvironmentName,
    /// Counts from 1.
    pub version: u32,
}
