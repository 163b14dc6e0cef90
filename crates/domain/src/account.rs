//! Accounts that Customhouse may act in, and the roles it assumes there.

use crate::arn::{AccountNumber, Region, RoleArn};
use crate::name::{AccountAlias, EnvironmentName, ExternalId};
use serde::{Deserialize, Serialize};

/// An AWS account that Customhouse may act in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's number.
    pub number: AccountNumber,
    /// What people call it; unique in the installation.
    pub alias: AccountAlias,
    /// The environment it belongs to.
    pub environment: EnvironmentName,
    /// Regions to look in; at least one.
    pub regions: Vec<Region>,
    /// The role that reads.
    pub reader: RoleArn,
    /// The role that puts grants (where models leave) and copies (where they arrive).
    pub promoter: RoleArn,
    /// The value that both roles' trust policies ask for.
    pub external_id: ExternalId,
}

/// What a role is assumed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolePurpose {
    /// Looks at projects, versions and policies.
    Reader,
    /// Puts grants and copies.
    Promoter,
}

/// All that is needed to assume one role of one account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoleAccess {
    /// The account that the role must land in.
    pub account: AccountNumber,
    /// The role.
    pub role: RoleArn,
    /// Presented when the role is assumed.
    pub external_id: ExternalId,
    /// What it is assumed for.
    pub purpose: RolePurpose,
}

impl Account {
    /// How to assume this account's role for `purpose`.
    pub fn access(&self, purpose: RolePurpose) -> RoleAccess {
        let role = match purpose {
            RolePurpose::Reader => &self.reader,
            RolePurpose::Promoter => &self.promoter,
        };
        RoleAccess {
            account: self.number.clone(),
            role: role.clone(),
            external_id: self.external_id.clone(),
            purpose,
        }
    }
}

impl RolePurpose {
    /// Both purposes, in the order in which people meet them.
    pub const ALL: [Self; 2] = [Self::Reader, Self::Promoter];

    /// The word used in the interface, in SQL and in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Promoter => "promoter",
        }
    }
}
