//! What was approved is what runs.

use crate::error::{EngineError, Move, Stop};
use crate::outcome::StepOutcome;
use crate::visit::Visit;
use domain::{Failure, FailureCode, JobEvent, Plan, PlanDigest};
use operations::jobs;

/// Ends the job with `fail` unless the stored plan, the plan as it was read and the plan as the
/// registry gives it now all have the approved digest, the approvals still meet the rule, and the
/// time to run is not over.
pub(super) async fn still_given(
    visit: &Visit<'_>,
    plan: &Plan,
    fail: fn(Failure) -> JobEvent,
) -> Move<()> {
    let end = |code| Err(Stop::with(StepOutcome::Event(fail(visit.failure(code)))));
    let approved = &visit.job.approved;
    if PlanDigest::of(&visit.job.plan_json) != *approved || plan.digest() != *approved {
        return end(FailureCode::PlanChanged);
    }
    let standing = jobs::standing(&visit.cx, &visit.job.claim)
        .await
        .map_err(EngineError::when("count approvals"))?;
    if !standing.rule_met {
        return end(FailureCode::RuleNotMet);
    }
    if standing.rebuilt.as_ref() != Some(approved) {
        return end(FailureCode::PlanChanged);
    }
    if visit.now() >= plan.run_before() {
        return end(FailureCode::RunBeforePassed);
    }
    Ok(())
}
