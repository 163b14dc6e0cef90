//! Proposals as pages show them.

use super::boxes::PlanBox;
use crate::accounts::Registry;
use crate::error::OpResult;
use crate::view::{Arrow, JobLink};
use domain::{
    Actor, Millis, Plan, PlanDigest, ProposalId, ProposalKind, ProposalWord, Rule,
    plan::PolicyChange,
};
use serde::Serialize;

/// A proposal in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ProposalRow {
    /// The proposal.
    pub id: ProposalId,
    /// Its number for people.
    pub number: i64,
    /// What it asks for.
    pub kind: ProposalKind,
    /// Where it stands.
    pub word: ProposalWord,
    /// From where to where.
    pub arrow: Arrow,
    /// When it was made.
    pub created_at: Millis,
    /// Its job, once it is approved.
    pub job: Option<JobLink>,
    /// Who asked.
    pub requester: Actor,
    /// What they are called. Untrusted text.
    pub requester_name: String,
}

/// A whole proposal.
#[derive(Clone, Debug, Serialize)]
pub struct ProposalView {
    /// What a list shows of it.
    pub row: ProposalRow,
    /// Why it was asked for. Untrusted text.
    pub reason: Option<String>,
    /// Counts the plans of this proposal, from 1.
    pub plan_number: i64,
    /// The digest that approvals are given for.
    pub digest: PlanDigest,
    /// The plan as it was hashed.
    pub canonical_json: String,
    /// The plan in numbered boxes: nine for a promotion.
    pub boxes: Vec<PlanBox>,
    /// Who approved which plan.
    pub approvals: Vec<ApprovalView>,
    /// The rule that the plan names.
    pub rule: Rule,
    /// The plan.
    pub plan: Plan,
}

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApprovalView {
    /// Who gave it.
    pub by: Actor,
    /// What they are called. Untrusted text.
    pub by_name: String,
    /// When.
    pub at: Millis,
    /// For which plan.
    pub digest: PlanDigest,
}

impl ProposalRow {
    /// The word to show: the job's once there is one.
    pub fn status_word(&self) -> &'static str {
        match &self.job {
            Some(job) => job.word.as_str(),
            None => self.word.as_str(),
        }
    }
}

/// From where to where a plan goes.
pub(crate) fn arrow_of(registry: &Registry, plan: &Plan) -> OpResult<Arrow> {
    Ok(match plan {
        Plan::Promotion(plan) => Arrow {
            subject: subject(plan),
            source: Some(registry.identity_of(plan.source_project.account())?),
            destination: registry.identity_of(plan.destination_project.account())?,
            region: plan.destination_project.region().clone(),
        },
        Plan::PolicyChange(plan) => {
            let verb = match plan.change {
                PolicyChange::Attach { .. } => "attach policy",
                PolicyChange::Remove { .. } => "remove policy",
            };
            Arrow {
                subject: format!("{}: {verb} {}", plan.project.name(), plan.policy),
                source: None,
                destination: registry.identity_of(plan.project.account())?,
                region: plan.project.region().clone(),
            }
        }
    })
}

/// The version that is copied, and its new name where that is another.
fn subject(plan: &domain::PromotionPlan) -> String {
    let (project, name) = (plan.source_project.name(), plan.source_version.name());
    if *name == plan.version_name {
        format!("{project} {name}")
    } else {
        format!("{project} {name} as {}", plan.version_name)
    }
}
