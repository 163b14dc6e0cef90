//! Roles, and the environments that they reach.

use crate::name::EnvironmentName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What a person is trusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees models, policies, proposals and jobs.
    Viewer,
    /// Also proposes.
    Requester,
    /// Also approves what others propose.
    Approver,
    /// Also reads the audit.
    Auditor,
    /// Runs the installation; neither proposes nor approves.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Viewer,
        Self::Requester,
        Self::Approver,
        Self::Auditor,
        Self::Admin,
    ];

    /// The word used in SQL, configuration and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Requester => "requester",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }
}

/// Text that is no role, or no role with its reach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a role, which is one of viewer, requester, approver, auditor, admin; with “:” and an environment it is given there alone"
)]
pub struct InvalidRole;

impl FromStr for Role {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        let known = Self::ALL.into_iter().find(|role| role.as_str() == text);
        known.ok_or(InvalidRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How far a role reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Over every environment, those to come included.
    All,
    /// Over one.
    Environment(EnvironmentName),
}

/// One role with its reach.
///
/// Prints as `approver` or `approver:prod`, and is read from exactly that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleAssignment {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub reach: Reach,
}

impl RoleAssignment {
    /// `role` in every environment.
    pub fn everywhere(role: Role) -> Self {
        Self {
            role,
            reach: Reach::All,
        }
    }

    /// `role` in one environment.
    pub fn within(role: Role, environment: EnvironmentName) -> Self {
        Self {
            role,
            reach: Reach::Environment(environment),
        }
    }
}

impl fmt::Display for RoleAssignment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reach {
            Reach::All => self.role.fmt(formatter),
            Reach::Environment(name) => write!(formatter, "{}:{name}", self.role),
        }
    }
}

impl FromStr for RoleAssignment {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        Ok(match text.split_once(':') {
            None => Self::everywhere(text.parse()?),
            Some((role, name)) => {
                Self::within(role.parse()?, name.parse().map_err(|_| InvalidRole)?)
            }
        })
    }
}

impl TryFrom<String> for RoleAssignment {
    type Error = InvalidRole;

    fn try_from(text: String) -> Result<Self, InvalidRole> {
        text.parse()
    }
}

impl From<RoleAssignment> for String {
    fn from(assignment: RoleAssignment) -> Self {
        assignment.to_string()
    }
}

/// Some environments, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environments {
    /// Every one, those to come included.
    All,
    /// These.
    Only(BTreeSet<EnvironmentName>),
}

impl Environments {
    /// Whether this one is among them.
    pub fn contains(&self, name: &EnvironmentName) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, some) | (some, Self::All) => some,
            (Self::Only(these), Self::Only(those)) => Self::Only(&these & &those),
        }
    }
}

/// All that one person is trusted with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(BTreeSet<RoleAssignment>);

impl Roles {
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Each with its reach, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = &RoleAssignment> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `role` is among them with whatever reach.
    pub fn has(&self, role: Role) -> bool {
        self.0.iter().any(|assignment| assignment.role == role)
    }

    /// Whether exactly this assignment is among them.
    pub fn contains(&self, assignment: &RoleAssignment) -> bool {
        self.0.contains(assignment)
    }
}

impl FromIterator<RoleAssignment> for Roles {
    fn from_iter<I: IntoIterator<Item = RoleAssignment>>(assignments: I) -> Self {
        Self(assignments.into_iter().collect())
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, assignment) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            assignment.fmt(formatter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(role in 0..5_usize, name in "[a-z][a-z0-9-]{0,8}[a-z0-9]") {
            let role = Role::ALL[role];
            let everywhere = RoleAssignment::everywhere(role);
            prop_assert_eq!(everywhere.to_string().parse(), Ok(everywhere));
            if let Ok(name) = name.parse::<EnvironmentName>() {
                let within = RoleAssignment::within(role, name);
                prop_assert_eq!(within.to_string().parse(), Ok(within));
            }
        }

        #[test]
        fn nothing_else_is_read(text in ".{0,20}") {
            if let Ok(read) = text.parse::<RoleAssignment>() {
                prop_assert_eq!(read.to_string(), text);
            }
        }
    }
}
