//! The steps of a job, one file each.
//!
//! A step reads what is true in AWS and makes one move towards what is wanted. It may be run again
//! at any time: after a crash, after a lost answer, by another engine.

mod apply;
mod check;
mod copy;
mod grant;
mod grants;
mod requests;
mod revoke;
mod turn;
mod verify;

pub(crate) use copy::{awaited, look_together};

use crate::error::Move;
use crate::outcome::StepOutcome;
use crate::visit::Visit;
use domain::job::{CopyCall, CopyState, PolicyState, SentCopy};
use domain::{FailureCode, JobState, Plan};
use operations::ports::aws::WriteScope;

/// Makes one move of the job's present step. What is asked of the job comes first, then a pause and
/// the queue.
pub(crate) async fn make_a_move(visit: &mut Visit<'_>) -> Move<StepOutcome> {
    if let Some(outcome) = requests::act(visit).await? {
        return Ok(outcome);
    }
    if let Some(outcome) = turn::wait(visit).await? {
        return Ok(outcome);
    }
    match (visit.job.state.clone(), visit.job.plan.clone()) {
        (JobState::Copy(state), Plan::Promotion(plan)) => match state {
            CopyState::Queued => check::promotion(visit, &plan).await,
            CopyState::Granting => grant::run(visit, &plan).await,
            CopyState::Copying { call } => match call {
                CopyCall::NotSent => copy::send(visit, &plan).await,
                CopyCall::Intended { at } => copy::find_out(visit, &plan, at).await,
                // These are looked at together, by `look_together`.
                CopyCall::Accepted { .. } => Ok(out_of_place(visit)),
            },
            CopyState::Stopping { copy } => match copy {
                SentCopy::InDoubt { at } => copy::decide(visit, &plan, at).await,
                SentCopy::Accepted { .. } => Ok(out_of_place(visit)),
            },
            CopyState::NeedsOperator {
                intended, granted, ..
            } => copy::watch(visit, &plan, (intended, granted)).await,
            CopyState::Verifying { version } => verify::copy(visit, &plan, &version).await,
            CopyState::Revoking { .. } => revoke::run(visit, &plan).await,
            CopyState::Succeeded { .. } | CopyState::Failed { .. } | CopyState::Stopped { .. } => {
                Ok(out_of_place(visit))
            }
        },
        (JobState::Policy(state), Plan::PolicyChange(plan)) => match state {
            PolicyState::Queued => check::policy_change(visit, &plan).await,
            PolicyState::Applying => apply::run(visit, &plan).await,
            PolicyState::Verifying => verify::policy(visit, &plan).await,
            PolicyState::Succeeded | PolicyState::Failed { .. } | PolicyState::Stopped => {
                Ok(out_of_place(visit))
            }
        },
        _ => Ok(out_of_place(visit)),
    }
}

/// For rows that cannot come about by our own hand: a job that has ended is never claimed, and a
/// plan's kind decides the job's. Nothing is done.
fn out_of_place(visit: &Visit<'_>) -> StepOutcome {
    tracing::error!(job = %visit.job.claim.job(), "state and plan of a claimed job do not fit");
    visit.hold(visit.failure(FailureCode::PlanChanged))
}

/// A fresh session of the role that may edit the policies of exactly this project.
fn policy_scope(
    visit: &Visit<'_>,
    access: domain::RoleAccess,
    project: &domain::ProjectArn,
) -> WriteScope {
    WriteScope {
        access,
        region: project.region().clone(),
        job: visit.job.claim.job(),
        session_policy: operations::iam::generate::grant_session_policy(project),
        send_by: visit.send_by(),
    }
}
