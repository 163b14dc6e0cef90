//! Policies straight into `iam`: its reader, its writer, its judge and its lint.

use crate::mutate;
use crate::seed::Seed;
use crate::world::{PROMOTER, SOURCE, Still, VERSION};
use domain::{AccountNumber, Clock as _, RoleArn};
use iam::{
    ConditionContext, EvaluationRequest, NamedPolicy, PolicyDocument, PrincipalFacts, ResourceRule,
    TrustRequest, evaluate, evaluate_trust, lint_project_policy,
};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What came of the policies of one case.
#[derive(Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) read: usize,
    pub(crate) refused: usize,
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.refused += other.refused;
    }
}

/// Tries `count` policies. `Err` holds the text that `iam` stumbled over, and how.
pub(crate) fn run(seed: &Seed, count: usize) -> Result<Figures, String> {
    let corpus = corpus();
    let facts = Facts::new();
    let mut figures = Figures::default();
    for _ in 0..count {
        let text = mutate::policy(seed, seed.pick(&corpus).clone());
        // The hook has said what panicked; here it only must not end the program.
        let outcome = catch_unwind(AssertUnwindSafe(|| try_one(&facts, &text)))
            .unwrap_or_else(|_| Err("it panicked".to_owned()));
        let was_read = outcome.map_err(|problem| format!("{problem}: {text}"))?;
        figures.read += usize::from(was_read);
        figures.refused += usize::from(!was_read);
    }
    Ok(figures)
}

/// Who asks for what, as the same for every policy.
struct Facts {
    principals: Vec<PrincipalFacts>,
    role: RoleArn,
    owner: AccountNumber,
    context: ConditionContext,
}

impl Facts {
    fn new() -> Self {
        let role: RoleArn = PROMOTER.parse().expect("the demo's promoter is a role");
        let owner = "111111111111".parse().expect("an account number");
        let user = PrincipalFacts::user("arn:aws:iam::111111111111:user/team/trainer")
            .expect("the ARN of a user");
        let context = ConditionContext::new()
            .at(Still.now())
            .with("aws:SourceIp", "10.0.0.1")
            .with("sts:ExternalId", "ch-1")
            .with_all("aws:TagKeys", ["team".to_owned(), "stage".to_owned()])
            .absent("aws:MultiFactorAuthPresent");
        Self {
            principals: vec![
                PrincipalFacts::session(&role, "fuzz"),
                PrincipalFacts::role(&role),
                user,
                PrincipalFacts::service("rekognition.amazonaws.com"),
            ],
            role,
            owner,
            context,
        }
    }
}

/// Whether the text was read. What is read must be written and read again as the same, and every
/// question about it must have an answer.
fn try_one(facts: &Facts, text: &str) -> Result<bool, String> {
    let _ = lint_project_policy(text);
    let Ok(document) = PolicyDocument::parse(text) else {
        return Ok(false);
    };
    let written = document.to_json();
    if PolicyDocument::parse(&written).as_ref() != Ok(&document) {
        return Err(format!("it is another policy once written as {written}"));
    }
    let policies = [NamedPolicy {
        name: "fuzz",
        document: &document,
    }];
    for principal in &facts.principals {
        for (action, resource) in [
            ("rekognition:CopyProjectVersion", VERSION),
            ("rekognition:DescribeProjects", "*"),
            ("s3:PutObject", "arn:aws:s3:::vision-prod-models/a*b"),
            ("rekognition:PutProjectPolicy", SOURCE),
        ] {
            for rule in [
                ResourceRule::IdentityOrResource,
                ResourceRule::ResourceMustAllow,
            ] {
                let decision = evaluate(&EvaluationRequest {
                    principal,
                    action,
                    resource,
                    resource_account: &facts.owner,
                    context: &facts.context,
                    identity: &policies,
                    session: Some(&policies),
                    resource_policies: &policies,
                    resource_rule: rule,
                });
                if decision.to_string().is_empty() {
                    return Err("a decision without words".to_owned());
                }
            }
        }
        let trust = evaluate_trust(&TrustRequest {
            principal,
            action: "sts:AssumeRole",
            role: &facts.role,
            context: &facts.context,
            identity: &policies,
            session: None,
            trust: &document,
        });
        if trust.to_string().is_empty() {
            return Err("a decision without words".to_owned());
        }
    }
    Ok(true)
}

fn corpus() -> Vec<Value> {
    let document = |statements: Value| json!({"Version": "2012-10-17", "Statement": statements});
    vec![
        document(json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}])),
        document(json!({
            "Sid": "Ch01", "Effect": "Allow", "Principal": {"AWS": PROMOTER},
            "Action": "rekognition:CopyProjectVersion", "Resource": VERSION,
            "Condition": {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}},
        })),
        document(json!([{
            "Effect": "Allow", "Principal": {"AWS": ["111111111111", "*"], "Service": "a.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": {"sts:ExternalId": "ch-1"}, "Bool": {"aws:SecureTransport": "true"}},
        }])),
        document(json!([
            {"Effect": "Deny", "NotPrincipal": {"AWS": PROMOTER}, "NotAction": "s3:*", "NotResource": "arn:*"},
            {"Effect": "Allow", "Action": "s3:Get?bject", "Resource": "arn:aws:s3:::${aws:username}/*"},
        ])),
        json!({"Id": "old", "Version": "2008-10-17", "Statement": [{
            "Effect": "Allow", "Principal": "*", "Action": "rekognition:Copy*", "Resource": SOURCE,
            "Condition": {
                "ForAnyValue:StringLike": {"aws:TagKeys": ["te*", "?"]},
                "ForAllValues:StringNotEqualsIgnoreCase": {"aws:TagKeys": "x"},
                "NumericGreaterThanEquals": {"s3:max-keys": [10, "11"]},
                "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "::/0"]},
                "ArnLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"},
                "Null": {"aws:MultiFactorAuthPresent": true},
                "DateGreaterThan": {"aws:CurrentTime": 1_700_000_000},
                "BinaryEquals": {"key": "QQ=="},
            },
        }]}),
    ]
}
