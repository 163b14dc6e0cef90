//! Which events a reader gets.

use domain::EnvironmentName;
use std::collections::BTreeSet;

/// What a reader may see, and wants to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamFilter {
    /// Everything.
    All,
    /// What belongs to these environments, and what belongs to none.
    Environments(BTreeSet<EnvironmentName>),
    /// One thing alone, by its id.
    Subject(String),
}

impl StreamFilter {
    /// Whether an event of `environment` about `subject` goes to the reader.
    pub fn admits(&self, environment: Option<&EnvironmentName>, subject: &str) -> bool {
        match self {
            Self::All => true,
            Self::Environments(names) => environment.is_none_or(|name| names.contains(name)),
            Self::Subject(wanted) => wanted == subject,
        }
    }
}
