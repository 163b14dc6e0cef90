//! Judging one call.
//!
//! The rules, from "Policy evaluation logic" and "Cross-account policy evaluation logic" (IAM User
//! Guide):
//!
//! - An explicit deny in any policy wins.
//! - What a session may do is what its role's identity policies **and** its session policies allow.
//! - Same account: an identity policy or a resource policy suffices. A resource policy that names
//!   the user or the session itself is limited by nothing else; one that names the role or everyone
//!   needs no identity policy but is limited by the session policies; one that names the account
//!   only hands the decision to identity policies.
//! - Other account: the resource policy and the caller's identity (and session) policies must allow.
//! - Trust policies and key policies must allow in any case ([`ResourceRule::ResourceMustAllow`]).
//!   For a caller in the role's own account a trust policy that names the caller is enough, one
//!   that names the account is not.
//! - An account's root user needs no statement in its own account, and becomes no role.
//!
//! Unknown elements count only where they could change the outcome; see [`Decision::CannotTell`].

mod access;
mod decision;
mod limit;
mod request;
mod statement;

pub use access::{evaluate, evaluate_trust};
pub use decision::{Decision, Mismatch, Missing, MissingFrom, NearMiss, PolicyKind, StatementRef};
pub use limit::Limit;
pub use request::{EvaluationRequest, NamedPolicy, ResourceRule, TrustRequest};
