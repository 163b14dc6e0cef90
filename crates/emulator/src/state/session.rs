//! Sessions of roles.

use crate::world::text::{PolicyText, Secret};
use domain::{AccountNumber, Millis};
use std::collections::{BTreeMap, BTreeSet};
use subtle::ConstantTimeEq;

/// One session that `AssumeRole` gave out.
pub(crate) struct Session {
    pub(crate) account: AccountNumber,
    /// The role's name within its account.
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
    /// The inline session policy, which narrows the role's own.
    pub(crate) policy: Option<PolicyText>,
    /// The session's own tags, beside its role's.
    pub(crate) tags: BTreeMap<String, String>,
    /// The keys of the tags that the next session in a chain takes over.
    pub(crate) transitive: BTreeSet<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) began: Millis,
    pub(crate) ends: Millis,
}

impl Session {
    /// Whether `token` is this session's. Takes the same time whatever differs.
    pub(crate) fn has_token(&self, token: &str) -> bool {
        bool::from(self.token.reveal().as_bytes().ct_eq(token.as_bytes()))
    }

    /// Whether it is over.
    pub(crate) fn ended(&self, now: Millis) -> bool {
        self.ends <= now
    }
}
