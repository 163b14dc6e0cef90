//! An account with its users, roles, buckets and keys.

use super::model::Project;
use crate::world::text::{PolicyText, Secret};
use domain::{AccountNumber, Region};
use std::collections::BTreeMap;

/// One AWS account.
pub(crate) struct Account {
    pub(crate) alias: String,
    /// By name.
    pub(crate) users: BTreeMap<String, User>,
    /// By name.
    pub(crate) roles: BTreeMap<String, Role>,
    /// By name.
    pub(crate) buckets: BTreeMap<String, Bucket>,
    pub(crate) keys: Vec<Key>,
    pub(crate) projects: Vec<Project>,
}

/// An IAM user.
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) access_key_id: String,
    pub(crate) secret: Secret,
    pub(crate) policy: Option<PolicyText>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// An IAM role.
#[derive(Clone)]
pub(crate) struct Role {
    pub(crate) name: String,
    /// With its path.
    pub(crate) arn: String,
    pub(crate) trust_policy: PolicyText,
    pub(crate) policy: Option<PolicyText>,
    pub(crate) max_session_seconds: u32,
    pub(crate) tags: BTreeMap<String, String>,
}

/// An S3 bucket.
pub(crate) struct Bucket {
    pub(crate) region: Region,
    pub(crate) policy: Option<PolicyText>,
}

/// A KMS key.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) region: Region,
    pub(crate) enabled: bool,
    pub(crate) aliases: Vec<String>,
    pub(crate) policy: PolicyText,
}

impl Key {
    /// The key's ARN in `account`.
    pub(crate) fn arn(&self, account: &AccountNumber) -> String {
        format!("arn:aws:kms:{}:{account}:key/{}", self.region, self.id)
    }
}

/// An IAM unique id such as `AROA…`: the same for the same ARN, in the shape that AWS has.
pub(crate) fn unique_id(prefix: &str, arn: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hash = crate::sigv4::keyed_hash(b"unique id", arn.as_bytes());
    let tail: String = hash[..17]
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    format!("{prefix}{tail}")
}
