//! Asks the policies, through the evaluator of `iam`, and writes down every answer.

use crate::caller::Caller;
use crate::ledger::DecisionRecord;
use domain::{AccountNumber, Millis, Region, RoleArn};
use iam::{
    ConditionContext, Decision, EvaluationRequest, NamedPolicy, PolicyDocument, ResourceRule,
    TrustRequest, evaluate, evaluate_trust,
};
use std::collections::BTreeMap;

/// Condition keys that no call to the emulator carries unless it says otherwise: known to be
/// absent, so that a condition on one of them fails as it would in AWS instead of being unclear.
const ABSENT: &[&str] = &[
    "aws:CalledVia*",
    "aws:Federated*",
    "aws:MultiFactorAuthAge",
    "aws:PrincipalOrg*",
    "aws:PrincipalTag/*",
    "aws:Referer",
    "aws:RequestTag/*",
    "aws:ResourceOrg*",
    "aws:ResourceTag/*",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrg*",
    "aws:SourceVpc*",
    "aws:TagKeys",
    "aws:Vpc*",
    "kms:*",
    "s3:*",
    "sts:*",
];

/// What stands for the name of a session policy, which has none.
const OF_THIS_SESSION: &str = "of this session";

/// One permission to ask for.
pub(crate) struct Question<'a> {
    /// Such as `rekognition:CopyProjectVersion`.
    pub(crate) action: &'a str,
    /// The resource's ARN; `*` for actions that have none.
    pub(crate) resource: &'a str,
    /// Whose policies beside the caller's count: the account that owns the resource.
    pub(crate) owner: &'a AccountNumber,
    /// The resource's own policies, with the names under which they are known.
    pub(crate) policies: Vec<NamedPolicy<'a>>,
    pub(crate) rule: ResourceRule,
    /// The account of `aws:ResourceAccount`. It is not the owner where another account's resource
    /// is for the caller's own policies alone to decide.
    pub(crate) lies_in: &'a AccountNumber,
    /// The tags of the resource, for `aws:ResourceTag/`.
    pub(crate) tags: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Question<'a> {
    /// A permission that the caller's own policies decide alone.
    pub(crate) fn of_identity(
        action: &'a str,
        resource: &'a str,
        owner: &'a AccountNumber,
    ) -> Self {
        Self {
            action,
            resource,
            owner,
            policies: Vec::new(),
            rule: ResourceRule::IdentityOrResource,
            lies_in: owner,
            tags: None,
        }
    }

    fn context(&self, context: &ConditionContext) -> ConditionContext {
        let context = context
            .clone()
            .with("aws:ResourceAccount", self.lies_in.as_str());
        let tags = self.tags.into_iter().flatten();
        tags.fold(context, |context, (key, value)| {
            context.with(&format!("aws:ResourceTag/{key}"), value)
        })
    }
}

/// Asks on behalf of one call.
pub(crate) struct Judge<'a> {
    caller: &'a Caller,
    context: ConditionContext,
    records: Vec<DecisionRecord>,
}

impl<'a> Judge<'a> {
    /// For a call of `caller` at `now` in `region`.
    pub(crate) fn new(caller: &'a Caller, region: &Region, now: Millis) -> Self {
        let context = ConditionContext::new()
            .at(now)
            .with("aws:RequestedRegion", region.as_str())
            // The emulator stands for AWS's own endpoints, which speak TLS alone.
            .with("aws:SecureTransport", "true")
            .with("aws:SourceIp", "127.0.0.1")
            .with("aws:ViaAWSService", "false");
        let context = ABSENT
            .iter()
            .fold(context, |context, key| context.absent(key));
        let context = about(caller, context);
        Self {
            caller,
            context,
            records: Vec::new(),
        }
    }

    /// Adds a condition key that this call carries.
    pub(crate) fn know(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.context = std::mem::take(&mut self.context).with_all(key, values);
    }

    /// Adds the keys of a request that sets these tags.
    pub(crate) fn know_request_tags(&mut self, tags: &BTreeMap<String, String>) {
        for (key, value) in tags {
            self.know(&format!("aws:RequestTag/{key}"), [value.clone()]);
        }
        self.know("aws:TagKeys", tags.keys().cloned());
    }

    /// Whether the permission is given. What cannot be judged is not given.
    pub(crate) fn allows(&mut self, question: &Question<'_>) -> bool {
        let identity = named(
            &self.caller.name,
            self.caller.identity.as_ref().map(|one| &one.document),
        );
        let session = self
            .caller
            .session_policy
            .as_ref()
            .map(|one| named(OF_THIS_SESSION, Some(&one.document)));
        let context = question.context(&self.context);
        let decision = evaluate(&EvaluationRequest {
            principal: &self.caller.principal,
            action: question.action,
            resource: question.resource,
            resource_account: question.owner,
            context: &context,
            identity: &identity,
            session: session.as_deref(),
            resource_policies: &question.policies,
            resource_rule: question.rule,
        });
        self.record(question.action, question.resource, &decision)
    }

    /// Whether `role`, which trusts according to `trust`, lets the caller do this with it: become
    /// it, tag its session, name a source identity.
    pub(crate) fn trusted(&mut self, action: &str, role: &RoleArn, trust: &PolicyDocument) -> bool {
        let identity = named(
            &self.caller.name,
            self.caller.identity.as_ref().map(|one| &one.document),
        );
        let session = self
            .caller
            .session_policy
            .as_ref()
            .map(|one| named(OF_THIS_SESSION, Some(&one.document)));
        let decision = evaluate_trust(&TrustRequest {
            principal: &self.caller.principal,
            action,
            role,
            context: &self.context,
            identity: &identity,
            session: session.as_deref(),
            trust,
        });
        self.record(action, &role.to_string(), &decision)
    }

    /// Writes down a refusal that no policy was asked about.
    pub(crate) fn refuse(&mut self, action: &str, resource: &str, reason: &str) {
        self.records.push(DecisionRecord {
            action: action.to_owned(),
            resource: resource.to_owned(),
            allowed: false,
            reason: reason.to_owned(),
        });
    }

    /// Everything asked so far, in order.
    pub(crate) fn into_records(self) -> Vec<DecisionRecord> {
        self.records
    }

    /// A refusal in AWS's words.
    pub(crate) fn refusal(&self, action: &str, resource: &str) -> String {
        format!(
            "User: {} is not authorized to perform: {action} on resource: {resource}",
            self.caller.arn
        )
    }

    fn record(&mut self, action: &str, resource: &str, decision: &Decision) -> bool {
        let allowed = decision.is_allowed();
        self.records.push(DecisionRecord {
            action: action.to_owned(),
            resource: resource.to_owned(),
            allowed,
            reason: reason(decision),
        });
        allowed
    }
}

/// The evaluator writes names in quotation marks; the session policy has none.
fn reason(decision: &Decision) -> String {
    decision
        .to_string()
        .replace(&format!("{OF_THIS_SESSION:?}"), OF_THIS_SESSION)
}

/// With what is known of the caller beyond name and account, which the evaluator adds
/// ("AWS global condition context keys", IAM User Guide).
fn about(caller: &Caller, context: ConditionContext) -> ConditionContext {
    let mut context = context.with("aws:userid", &caller.user_id);
    for (key, value) in &caller.tags {
        context = context.with(&format!("aws:PrincipalTag/{key}"), value);
    }
    let Some(session) = &caller.session else {
        // A long-lived key has none of them.
        return context
            .absent("aws:MultiFactorAuthPresent")
            .absent("aws:SourceIdentity")
            .absent("aws:TokenIssueTime");
    };
    let context = context
        .with("aws:MultiFactorAuthPresent", "false")
        .with("aws:TokenIssueTime", session.began.to_string());
    match &session.source_identity {
        Some(name) => context.with("aws:SourceIdentity", name),
        None => context.absent("aws:SourceIdentity"),
    }
}

fn named<'a>(name: &'a str, document: Option<&'a PolicyDocument>) -> Vec<NamedPolicy<'a>> {
    document
        .map(|document| NamedPolicy { name, document })
        .into_iter()
        .collect()
}
