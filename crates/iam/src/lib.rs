//! IAM policy documents: reading, judging, writing and checking them.
//!
//! The emulator judges every call with this crate; preflight uses the same judge to say beforehand
//! whether a copy can work, and the generators write the policies that people attach to their
//! roles. It does no I/O, reads no clock and never guesses: whatever it cannot judge becomes
//! [`Decision::CannotTell`] with the name of the element, so that nobody takes silence for consent.
//!
//! - [`document`]: the typed document, its strict reader and its writer.
//! - [`condition`]: what is known about a call, and the operators that test it.
//! - [`mod@evaluate`]: one call against identity, session and resource policies, with reasons.
//! - [`generate`]: grants, trust policies, permissions of our roles, narrowed session policies.
//! - [`lint`]: the rules that Rekognition sets for project policies.
//!
//! Not judged: service and resource control policies, permissions boundaries, endpoint policies
//! ([`Decision::beside`] says so where one applies) and access control lists.

pub mod condition;
pub mod document;
pub mod evaluate;
pub mod generate;
mod json;
pub mod lint;
mod pattern;
mod principal;
mod truth;
mod variable;

pub use condition::ConditionContext;
pub use document::{Effect, PolicyDocument, PolicyError, PolicyVersion, Statement};
pub use evaluate::{
    Decision, EvaluationRequest, Limit, Missing, NamedPolicy, PolicyKind, ResourceRule,
    StatementRef, TrustRequest, evaluate, evaluate_trust,
};
pub use lint::{LintFinding, ProjectPolicyRules, lint_project_policy, lint_project_policy_under};
pub use principal::{InvalidPrincipal, PrincipalFacts};
