//! The accounts, roles and resources that the tables are about, and short ways to ask.

use domain::{AccountNumber, ProjectArn, RoleArn};
use iam::{
    ConditionContext, Decision, EvaluationRequest, NamedPolicy, PolicyDocument, PrincipalFacts,
    ResourceRule, evaluate,
};

pub(crate) const COPY: &str = "rekognition:CopyProjectVersion";
pub(crate) const VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456";
pub(crate) const PROMOTER: &str = "arn:aws:iam::333333333333:role/customhouse-promoter";
pub(crate) const LOCAL: &str = "arn:aws:iam::111111111111:role/local";
pub(crate) const USER: &str = "arn:aws:iam::111111111111:user/team/trainer";

pub(crate) fn role(arn: &str) -> RoleArn {
    arn.parse().expect("tests write whole ARNs")
}

pub(crate) fn project(arn: &str) -> ProjectArn {
    arn.parse().expect("tests write whole ARNs")
}

pub(crate) fn account(number: &str) -> AccountNumber {
    number.parse().expect("tests write whole numbers")
}

pub(crate) fn session_of(arn: &str) -> PrincipalFacts {
    PrincipalFacts::session(&role(arn), "ch-1")
}

/// A document of version 2012-10-17 with these statements, written as JSON.
pub(crate) fn document(statements: &str) -> PolicyDocument {
    PolicyDocument::parse(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#
    ))
    .expect("tests write whole statements")
}

/// A statement of an identity or session policy.
pub(crate) fn identity(effect: &str, action: &str, resource: &str) -> String {
    format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}"}}"#)
}

/// A statement of a project policy about [`COPY`] and [`VERSION`]; `principal` is JSON.
pub(crate) fn granted(effect: &str, principal: &str) -> String {
    format!(
        r#"{{"Effect":"{effect}","Principal":{principal},"Action":"{COPY}","Resource":"{VERSION}"}}"#
    )
}

/// The member of a `Principal` that names `principal`.
pub(crate) fn aws(principal: &str) -> String {
    format!(r#"{{"AWS":"{principal}"}}"#)
}

pub(crate) fn allow_copy() -> String {
    identity("Allow", COPY, "*")
}

/// A question about [`COPY`] of [`VERSION`], which account 111111111111 owns.
pub(crate) struct Question {
    pub(crate) principal: PrincipalFacts,
    pub(crate) identity: String,
    pub(crate) session: Option<String>,
    pub(crate) resource: String,
    pub(crate) rule: ResourceRule,
    pub(crate) context: ConditionContext,
}

impl Question {
    pub(crate) fn new(principal: PrincipalFacts) -> Self {
        Self {
            principal,
            identity: String::new(),
            session: None,
            resource: String::new(),
            rule: ResourceRule::IdentityOrResource,
            context: ConditionContext::new(),
        }
    }

    pub(crate) fn ask(&self) -> Decision {
        let identity = document(&self.identity);
        let session = self.session.as_deref().map(document);
        let resource = document(&self.resource);
        let session_policies = session.as_ref().map(|document| {
            [NamedPolicy {
                name: "narrow",
                document,
            }]
        });
        evaluate(&EvaluationRequest {
            principal: &self.principal,
            action: COPY,
            resource: VERSION,
            resource_account: &account("111111111111"),
            context: &self.context,
            identity: &[NamedPolicy {
                name: "inline",
                document: &identity,
            }],
            session: session_policies
                .as_ref()
                .map(<[NamedPolicy<'_>; 1]>::as_slice),
            resource_policies: &[NamedPolicy {
                name: "grants",
                document: &resource,
            }],
            resource_rule: self.rule,
        })
    }
}

/// One word for a decision: `allowed`, `denied`, `missing` or `unknown`.
pub(crate) fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allowed { .. } => "allowed",
        Decision::Denied { .. } => "denied",
        Decision::NotAllowed { .. } => "missing",
        Decision::CannotTell { .. } => "unknown",
    }
}

/// The word for one condition on an otherwise allowing statement.
pub(crate) fn decide(condition: &str, context: ConditionContext) -> &'static str {
    let question = Question {
        identity: format!(
            r#"{{"Effect":"Allow","Action":"{COPY}","Resource":"*","Condition":{condition}}}"#
        ),
        context,
        ..Question::new(session_of(LOCAL))
    };
    word(&question.ask())
}

/// Judges `s3:GetObject` of `object` by one allowing statement with `element`, a `Resource` or
/// `NotResource`, in a document of `version`.
pub(crate) fn get_object(
    version: &str,
    element: &str,
    object: &str,
    context: &ConditionContext,
) -> Decision {
    let document = PolicyDocument::parse(&format!(
        r#"{{"Version":"{version}","Statement":{{"Effect":"Allow","Action":"s3:GetObject",{element}}}}}"#
    ))
    .expect("tests write whole statements");
    evaluate(&EvaluationRequest {
        principal: &session_of(LOCAL),
        action: "s3:GetObject",
        resource: object,
        resource_account: &account("111111111111"),
        context,
        identity: &[NamedPolicy {
            name: "inline",
            document: &document,
        }],
        session: None,
        resource_policies: &[],
        resource_rule: ResourceRule::IdentityOrResource,
    })
}
