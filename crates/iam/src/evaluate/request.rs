//! What is asked.

use crate::condition::ConditionContext;
use crate::document::PolicyDocument;
use crate::principal::PrincipalFacts;
use domain::{AccountNumber, RoleArn};

/// A policy and the name under which people know it.
#[derive(Clone, Copy, Debug)]
pub struct NamedPolicy<'a> {
    /// The name, for messages.
    pub name: &'a str,
    /// The document.
    pub document: &'a PolicyDocument,
}

/// Whether identity policies alone can allow a call within one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResourceRule {
    /// They can: the rule of most services, Rekognition and Amazon S3 among them.
    #[default]
    IdentityOrResource,
    /// They cannot: key policies and role trust policies must allow too.
    ResourceMustAllow,
}

/// One call to judge: one action on one resource. A call that touches several resources is judged
/// once for each.
#[derive(Clone, Copy, Debug)]
pub struct EvaluationRequest<'a> {
    /// Who calls.
    pub principal: &'a PrincipalFacts,
    /// The action, such as `rekognition:CopyProjectVersion`.
    pub action: &'a str,
    /// The resource's ARN; `*` for actions that have no resource.
    pub resource: &'a str,
    /// The account that owns the resource; the caller's for actions that have none.
    pub resource_account: &'a AccountNumber,
    /// What else is known of the call. Keys that follow from the caller and from
    /// `resource_account` are added where they are missing.
    pub context: &'a ConditionContext,
    /// The policies of the user or of the session's role.
    pub identity: &'a [NamedPolicy<'a>],
    /// The policies given when the session was made; `None` if there were none. An empty list
    /// allows nothing.
    pub session: Option<&'a [NamedPolicy<'a>]>,
    /// The policies of the resource.
    pub resource_policies: &'a [NamedPolicy<'a>],
    /// Which rule the resource's service follows within one account.
    pub resource_rule: ResourceRule,
}

/// One `sts:AssumeRole`, or another action that trust policies decide, to judge.
#[derive(Clone, Copy, Debug)]
pub struct TrustRequest<'a> {
    /// Who wants to become the role.
    pub principal: &'a PrincipalFacts,
    /// The action, such as `sts:AssumeRole` or `sts:TagSession`.
    pub action: &'a str,
    /// The role.
    pub role: &'a RoleArn,
    /// What else is known of the call, `sts:ExternalId` above all (given, or absent).
    pub context: &'a ConditionContext,
    /// The caller's identity policies.
    pub identity: &'a [NamedPolicy<'a>],
    /// The caller's session policies; see [`EvaluationRequest::session`].
    pub session: Option<&'a [NamedPolicy<'a>]>,
    /// The role's trust policy.
    pub trust: &'a PolicyDocument,
}
