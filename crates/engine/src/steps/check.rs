//! The check step: whether the plan is still approved and can still succeed.
//!
//! It changes nothing in AWS. What no longer holds ends the job; a lack of room in the project's
//! policies only holds it.

mod approval;
mod places;
mod roles;
mod room;

use crate::error::Move;
use crate::outcome::StepOutcome;
use crate::steps::grants;
use crate::visit::{Visit, as_role};
use domain::job::{CopyEvent, PolicyEvent};
use domain::plan::PolicyChange;
use domain::{Failure, JobEvent, Plan, PolicyChangePlan, PromotionPlan, RolePurpose};

fn promotion_failed(failure: Failure) -> JobEvent {
    JobEvent::Copy(CopyEvent::CheckFailed(failure))
}

fn policy_change_failed(failure: Failure) -> JobEvent {
    JobEvent::Policy(PolicyEvent::CheckFailed(failure))
}

/// Checks a promotion.
pub(super) async fn promotion(visit: &mut Visit<'_>, plan: &PromotionPlan) -> Move<StepOutcome> {
    let whole = Plan::Promotion(Box::new(plan.clone()));
    approval::still_given(visit, &whole, promotion_failed).await?;
    let parties = visit.parties(plan).await?;
    let region = plan.destination_project.region();
    for access in [
        parties.source_reader(),
        parties.grantor(plan),
        parties.destination_reader(),
        parties.copier(plan),
    ] {
        roles::lands_in_its_account(visit, &access, region, promotion_failed).await?;
    }
    places::source(visit, &parties, plan).await?;
    places::destination(visit, &parties, plan).await?;
    places::bucket(visit, &parties, plan).await?;
    if grants::is_cross_account(plan) {
        room::for_grant(visit, &parties, plan).await?;
    }
    Ok(StepOutcome::Event(JobEvent::Copy(CopyEvent::CheckPassed)))
}

/// Checks a policy change.
pub(super) async fn policy_change(
    visit: &mut Visit<'_>,
    plan: &PolicyChangePlan,
) -> Move<StepOutcome> {
    let whole = Plan::PolicyChange(Box::new(plan.clone()));
    approval::still_given(visit, &whole, policy_change_failed).await?;
    let account = visit.account(plan.project.account()).await?;
    let reader = account.access(RolePurpose::Reader);
    for access in [&reader, &as_role(&account, &plan.grantor)] {
        let region = plan.project.region();
        roles::lands_in_its_account(visit, access, region, policy_change_failed).await?;
    }
    places::project(visit, &reader, &plan.project, policy_change_failed).await?;
    if matches!(plan.change, PolicyChange::Attach { .. }) {
        room::for_policy(visit, &reader, plan).await?;
    }
    Ok(StepOutcome::Event(JobEvent::Policy(
        PolicyEvent::CheckPassed,
    )))
}
