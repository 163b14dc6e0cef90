//! The grant as text: one statement in the policy that this installation keeps on a source project.
//!
//! Statements of others, in our policy or in theirs, keep every byte (`policy_text.rs`).

use crate::policy_text::{document_of, with_statement};
use crate::visit::Visit;
use domain::{PolicyName, PolicyRevisionId, PromotionPlan};
use operations::iam::generate::{NotASid, grant_statement};
use operations::iam::{
    ConditionContext, Decision, EvaluationRequest, NamedPolicy, PolicyDocument, PolicyError,
    PrincipalFacts, ResourceRule, Statement, evaluate,
};
use operations::ports::aws::ProjectPolicy;

/// The most characters of a project policy (`ProjectPolicyDocument`, Rekognition API model).
const DOCUMENT_CHARACTERS: usize = 2000;

/// A role that may do everything, so that the evaluation turns on the project's policies alone.
const IDENTITY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// Whether a grant must be put.
pub(super) enum Need {
    /// A policy that was not made for one job allows the copy already; the decision in words.
    Standing(String),
    /// Nothing else allows it for certain.
    Put,
}

/// Our policy with the grant in it.
pub(super) struct Merged {
    /// The text to send.
    pub(super) document: String,
    /// The revision that it replaces; none when the policy is new.
    pub(super) revision: Option<PolicyRevisionId>,
}

/// Whether AWS would take the merged policy.
pub(super) enum Room {
    /// It would.
    Fits,
    /// It would not, with the reason in words.
    None(String),
}

/// Whether the copy crosses accounts. Within one account the role's own permissions are enough
/// ("Copying an Amazon Rekognition Custom Labels model (SDK)").
pub(super) fn is_cross_account(plan: &PromotionPlan) -> bool {
    plan.source_project.account() != plan.destination_project.account()
}

/// Asks our evaluator whether the policies beside ours allow the copy. What it cannot judge counts
/// as not allowed: then a grant is put.
pub(super) fn need(
    visit: &Visit<'_>,
    plan: &PromotionPlan,
    policies: &[ProjectPolicy],
    ours: &PolicyName,
) -> Need {
    let mut standing = Vec::new();
    for policy in policies.iter().filter(|policy| policy.name != *ours) {
        match PolicyDocument::parse(&policy.document) {
            Ok(document) => standing.push((policy.name.as_str(), document)),
            Err(_) => return Need::Put,
        }
    }
    let named: Vec<NamedPolicy<'_>> = standing
        .iter()
        .map(|(name, document)| NamedPolicy { name, document })
        .collect();
    let Ok(identity) = PolicyDocument::parse(IDENTITY) else {
        return Need::Put;
    };
    let session = format!("ch-{}", visit.job.claim.job());
    let decision = evaluate(&EvaluationRequest {
        principal: &PrincipalFacts::session(&plan.grant.principal, &session),
        action: "rekognition:CopyProjectVersion",
        resource: &plan.source_version.to_string(),
        resource_account: plan.source_project.account(),
        context: &ConditionContext::new().at(visit.now()),
        identity: &[NamedPolicy {
            name: "the role's own permissions",
            document: &identity,
        }],
        session: None,
        resource_policies: &named,
        resource_rule: ResourceRule::IdentityOrResource,
    });
    match decision {
        Decision::Allowed { .. } => Need::Standing(words(&decision)),
        Decision::Denied { .. } | Decision::NotAllowed { .. } | Decision::CannotTell { .. } => {
            Need::Put
        }
    }
}

/// The decision as the rest of a sentence.
fn words(decision: &Decision) -> String {
    let text = decision.to_string();
    text.strip_prefix("Allowed")
        .map_or_else(|| text.clone(), |rest| format!("it is allowed{rest}"))
}

/// The plan's statement, with or without its end.
pub(super) fn planned_statement(
    plan: &PromotionPlan,
    with_end: bool,
) -> Result<Statement, NotASid> {
    let ends = with_end.then_some(plan.grant.ends);
    grant_statement(
        &plan.grant.sid,
        &plan.grant.principal,
        &plan.grant.resource,
        ends,
    )
}

/// Whether our policy holds the plan's statement as planned, with or without its end.
pub(super) fn stands(
    policies: &[ProjectPolicy],
    ours: &PolicyName,
    plan: &PromotionPlan,
) -> Result<bool, PolicyError> {
    let Some(policy) = find(policies, ours) else {
        return Ok(false);
    };
    let document = PolicyDocument::parse(&policy.document)?;
    let found = document.statement(&plan.grant.sid);
    Ok([true, false].into_iter().any(|with_end| {
        planned_statement(plan, with_end).is_ok_and(|statement| found == Some(&statement))
    }))
}

/// Our policy with `statement` put in; a new policy if there is none yet.
pub(super) fn merged(
    policies: &[ProjectPolicy],
    ours: &PolicyName,
    statement: Statement,
) -> Result<Merged, PolicyError> {
    let Some(policy) = find(policies, ours) else {
        return Ok(Merged {
            document: document_of(statement),
            revision: None,
        });
    };
    Ok(Merged {
        document: with_statement(&policy.document, &statement)?,
        revision: Some(policy.revision.clone()),
    })
}

/// Whether AWS would take `merged`, with `used` of `slots` policies in use.
pub(super) fn room(merged: &Merged, used: usize, slots: usize) -> Room {
    let characters = merged.document.chars().count();
    if characters > DOCUMENT_CHARACTERS {
        return Room::None(format!(
            "With the grant our policy would have {characters} characters; AWS takes {DOCUMENT_CHARACTERS}."
        ));
    }
    if merged.revision.is_none() && used >= slots {
        return Room::None(format!("All {slots} policies of the project are in use."));
    }
    Room::Fits
}

/// Our policy among those of the project.
pub(super) fn find<'a>(
    policies: &'a [ProjectPolicy],
    ours: &PolicyName,
) -> Option<&'a ProjectPolicy> {
    policies.iter().find(|policy| policy.name == *ours)
}
