//! Sessions of roles.

use crate::world::text::{PolicyText, Secret};
use domain::{AccountNumber, Millis};
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
