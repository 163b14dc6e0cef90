//! Whether the source project's policies have room. Without it the job is held, not ended: room
//! comes back when other grants end.

use super::{policy_change_failed, promotion_failed};
use crate::error::{Move, Stop};
use crate::steps::grants::{self, Need, Room};
use crate::visit::{Parties, Visit};
use domain::{FailureCode, PolicyChangePlan, PromotionPlan, RoleAccess};
use operations::policies::managed_policy_name;

/// Room for the plan's grant, or a standing policy that makes it unnecessary.
pub(super) async fn for_grant(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
) -> Move<()> {
    let read = visit
        .policies(&parties.source_reader(), &plan.source_project)
        .await;
    let policies = visit.need(read, FailureCode::SourceMissing, promotion_failed)?;
    let ours = managed_policy_name(&visit.job.installation);
    if let Need::Standing(reason) = grants::need(visit, plan, &policies, &ours) {
        visit.note(format!("No grant is needed: {reason}."));
        return Ok(());
    }
    let Ok(statement) = grants::planned_statement(plan, true) else {
        let failure = visit.failure(FailureCode::PlanChanged);
        let event = promotion_failed(failure);
        return Err(Stop::with(crate::outcome::StepOutcome::Event(event)));
    };
    let Ok(merged) = grants::merged(&policies, &ours, statement) else {
        return Err(Stop::with(
            visit.hold(visit.failure(FailureCode::PolicyUnreadable)),
        ));
    };
    let slots = visit.parts.settings.policies_per_project;
    match grants::room(&merged, policies.len(), slots) {
        Room::Fits => {
            visit.note(format!(
                "A grant is needed and has room: the policy {ours} will have {} of 2,000 characters.",
                merged.document.chars().count()
            ));
            Ok(())
        }
        Room::None(reason) => {
            visit.note_once(reason);
            Err(Stop::with(
                visit.hold(visit.failure(FailureCode::PolicyFull)),
            ))
        }
    }
}

/// Room for the policy that is attached.
pub(super) async fn for_policy(
    visit: &mut Visit<'_>,
    reader: &RoleAccess,
    plan: &PolicyChangePlan,
) -> Move<()> {
    let read = visit.policies(reader, &plan.project).await;
    let policies = visit.need(read, FailureCode::SourceMissing, policy_change_failed)?;
    let slots = visit.parts.settings.policies_per_project;
    let stands = policies.iter().any(|policy| policy.name == plan.policy);
    if stands || policies.len() < slots {
        return Ok(());
    }
    visit.note_once(format!("All {slots} policies of the project are in use."));
    Err(Stop::with(
        visit.hold(visit.failure(FailureCode::PolicyFull)),
    ))
}
