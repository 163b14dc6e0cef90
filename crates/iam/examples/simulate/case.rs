//! One call with all its policies.

use domain::{AccountNumber, RoleArn};
use iam::document::{ActionClause, PrincipalClause, PrincipalType, Principals, ResourceClause};
use iam::{
    ConditionContext, Decision, Effect, EvaluationRequest, NamedPolicy, PolicyDocument,
    PrincipalFacts, ResourceRule, Statement, TrustRequest, evaluate, evaluate_trust,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What both judge.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) caller: Caller,
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) owner: String,
    pub(crate) attachment: Attachment,
    /// Every key that the call carries; no other is there.
    pub(crate) context: BTreeMap<String, Vec<String>>,
    pub(crate) identity: Vec<PolicyDocument>,
    pub(crate) session: Option<PolicyDocument>,
    pub(crate) attached: Option<PolicyDocument>,
    /// What the answer must be, where it does not take a judge to know.
    pub(crate) expected: Option<Verdict>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    User(String),
    Session { role: RoleArn, name: &'static str },
    Root(String),
    Service(&'static str),
}

/// What kind of policy the resource has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attachment {
    /// None, or one beside which identity policies are enough.
    Beside,
    /// A key policy, without which nothing is allowed.
    Key,
    /// A role's trust policy.
    Trust,
}

/// An answer in the simulator's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) enum Verdict {
    Allowed,
    ImplicitlyDenied,
    ExplicitlyDenied,
}

impl Caller {
    pub(crate) fn arn(&self) -> String {
        match self {
            Self::User(arn) => arn.clone(),
            Self::Session { role, name } => role.session_arn(name),
            Self::Root(account) => format!("arn:aws:iam::{account}:root"),
            Self::Service(name) => (*name).to_owned(),
        }
    }

    pub(crate) fn account(&self) -> Option<String> {
        self.facts().account().map(ToString::to_string)
    }

    fn facts(&self) -> PrincipalFacts {
        match self {
            Self::User(arn) => PrincipalFacts::user(arn).expect("cases name whole ARNs"),
            Self::Session { role, name } => PrincipalFacts::session(role, name),
            Self::Root(account) => {
                PrincipalFacts::root(&"aws".parse().expect("a partition"), &number(account))
            }
            Self::Service(name) => PrincipalFacts::service(name),
        }
    }
}

impl Case {
    /// Our answer.
    pub(crate) fn decide(&self) -> Decision {
        let context = self.context.iter().fold(
            ConditionContext::new().absent("*"),
            |context, (key, values)| context.with_all(key, values.iter().cloned()),
        );
        let identity: Vec<NamedPolicy<'_>> = self.identity.iter().map(named("identity")).collect();
        let session: Option<Vec<NamedPolicy<'_>>> = self
            .session
            .as_ref()
            .map(|document| vec![named("session")(document)]);
        let attached: Vec<NamedPolicy<'_>> = self.attached.iter().map(named("attached")).collect();
        let principal = self.caller.facts();
        if self.attachment == Attachment::Trust {
            return evaluate_trust(&TrustRequest {
                principal: &principal,
                action: &self.action,
                role: &self.resource.parse().expect("cases name whole ARNs"),
                context: &context,
                identity: &identity,
                session: session.as_deref(),
                trust: self.attached.as_ref().expect("a role has a trust policy"),
            });
        }
        evaluate(&EvaluationRequest {
            principal: &principal,
            action: &self.action,
            resource: &self.resource,
            resource_account: &number(&self.owner),
            context: &context,
            identity: &identity,
            session: session.as_deref(),
            resource_policies: &attached,
            resource_rule: match self.attachment {
                Attachment::Key => ResourceRule::ResourceMustAllow,
                Attachment::Beside | Attachment::Trust => ResourceRule::IdentityOrResource,
            },
        })
    }

    /// The call as `judge.mjs` reads it.
    pub(crate) fn to_json(&self) -> Value {
        let context: BTreeMap<&String, Value> = self
            .context
            .iter()
            .map(|(key, values)| match &values[..] {
                [one] => (key, json!(one)),
                several => (key, json!(several)),
            })
            .collect();
        json!({
            "principal": self.caller.arn(),
            "action": self.action,
            "resource": self.resource,
            "owner": self.owner,
            "context": context,
            "identity": self.identity,
            "session": self.session,
            "attached": self.attached,
        })
    }

    /// The case with grants in every place, so that nothing but a denial can refuse it.
    pub(crate) fn granting_everything(&self) -> Self {
        let mut case = self.clone();
        let (kind, name) = match &self.caller {
            Caller::Service(name) => (PrincipalType::Service, (*name).to_owned()),
            caller => (PrincipalType::Aws, caller.arn()),
        };
        let statement = Statement {
            sid: None,
            effect: Effect::Allow,
            principal: None,
            action: ActionClause::Action("*".into()),
            resource: Some(ResourceClause::Resource("*".into())),
            condition: Vec::new(),
        };
        case.identity
            .push(PolicyDocument::of(vec![statement.clone()]));
        if let Some(document) = &mut case.session {
            document.statements.push(statement.clone());
        }
        let document = case.attached.get_or_insert_default();
        document.statements.push(Statement {
            principal: Some(PrincipalClause::Principal(Principals::Listed(vec![(
                kind,
                name.as_str().into(),
            )]))),
            ..statement
        });
        if case.attachment == Attachment::Trust {
            // A root user becomes no role, whatever is granted; a key has the same rules otherwise.
            case.attachment = Attachment::Key;
            for statement in &mut document.statements {
                statement.resource = Some(ResourceClause::Resource("*".into()));
            }
        }
        case
    }

    /// All documents, the resource's last.
    pub(crate) fn documents_mut(&mut self) -> impl Iterator<Item = &mut PolicyDocument> {
        self.identity
            .iter_mut()
            .chain(self.session.as_mut())
            .chain(self.attached.as_mut())
    }
}

/// Our answer in the simulator's words; `None` for "cannot tell".
pub(crate) fn verdict(decision: &Decision) -> Option<Verdict> {
    match decision {
        Decision::Allowed { .. } => Some(Verdict::Allowed),
        Decision::NotAllowed { .. } => Some(Verdict::ImplicitlyDenied),
        Decision::Denied { .. } => Some(Verdict::ExplicitlyDenied),
        Decision::CannotTell { .. } => None,
    }
}

fn named<'a>(name: &'a str) -> impl Fn(&'a PolicyDocument) -> NamedPolicy<'a> {
    move |document| NamedPolicy { name, document }
}

fn number(account: &str) -> AccountNumber {
    account.parse().expect("cases name whole numbers")
}
