//! Whether a plan still stands as it was approved.

use super::{Claim, held};
use crate::accounts::Registry;
use crate::approvals::is_met;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::{Action, Plan, PlanDigest, RolePurpose};
use store::{approvals, environments, proposals};

/// How a job's plan stands at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the rule that the plan names is met by the approvals of exactly this plan.
    pub rule_met: bool,
    /// The digest of the plan as it would be built from the registry now; none if the registry does
    /// not give such a plan any more, or if the claim is lost.
    pub rebuilt: Option<PlanDigest>,
}

/// Counts the approvals of a job's plan again, and builds the plan again from the registry as it is
/// now: the roles of its accounts and the rule in force. What the requester chose, and the moments
/// that were fixed when the plan was made, stay.
pub async fn standing(cx: &OpContext, claim: &Claim) -> OpResult<Standing> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    let Some(row) = held(&mut reader, claim).await? else {
        return Ok(Standing {
            rule_met: false,
            rebuilt: None,
        });
    };
    let proposal = proposals::find(&mut reader, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let rule = environments::rule(&mut reader, proposal.plan.rule()).await?;
    let approvals = approvals::of_proposal(&mut reader, proposal.id).await?;
    let registry = Registry::load(&mut reader).await?;
    Ok(Standing {
        rule_met: rule
            .is_some_and(|rule| is_met(&rule, proposal.plan_number, &proposal.digest, &approvals)),
        rebuilt: rebuild(&registry, &proposal.plan).map(|plan| plan.digest()),
    })
}

fn rebuild(registry: &Registry, plan: &Plan) -> Option<Plan> {
    let account = |number| registry.account(number);
    let promoter = |account: &domain::Account| account.access(RolePurpose::Promoter).role;
    match plan {
        Plan::Promotion(plan) => {
            let source = account(plan.source_project.account())?;
            let destination = account(plan.destination_project.account())?;
            let environment = registry.environment(&destination.environment)?;
            let mut rebuilt = plan.clone();
            rebuilt.grantor = promoter(source);
            rebuilt.grant.principal = promoter(destination);
            rebuilt.rule = environment.rule.reference.clone();
            Some(Plan::Promotion(rebuilt))
        }
        Plan::PolicyChange(plan) => {
            let account = account(plan.project.account())?;
            let environment = registry.environment(&account.environment)?;
            let mut rebuilt = plan.clone();
            rebuilt.grantor = promoter(account);
            rebuilt.rule = environment.rule.reference.clone();
            Some(Plan::PolicyChange(rebuilt))
        }
    }
}
