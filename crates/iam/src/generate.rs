//! The policies that Customhouse writes, or asks people to attach to its roles.
//!
//! Nothing here grants deleting, starting or stopping a model: Customhouse never does these.

mod grant;
mod permissions;
mod session;
mod trust;

pub use grant::{NotASid, grant_statement};
pub use permissions::{
    PromoterScope, ReaderScope, console_permissions, promoter_permissions, reader_permissions,
};
pub use session::{
    CopySession, SESSION_POLICY_CHARACTERS, copy_session_policy, grant_session_policy,
};
pub use trust::trust_policy;

use crate::document::{ActionClause, Effect, ResourceClause, Statement, Values};

/// An allowing statement without principal and conditions, as identity and session policies have.
fn allow(sid: Option<&str>, actions: &[&str], resources: Vec<String>) -> Statement {
    Statement {
        sid: sid.map(str::to_owned),
        effect: Effect::Allow,
        principal: None,
        action: ActionClause::Action(actions.iter().map(|action| (*action).to_owned()).collect()),
        resource: Some(ResourceClause::Resource(
            resources.into_iter().collect::<Values>(),
        )),
        condition: Vec::new(),
    }
}
