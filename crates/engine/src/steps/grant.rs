//! The grant step: one statement that lets the destination's promoter copy one version.

use crate::error::{Move, Stop};
use crate::outcome::StepOutcome;
use crate::refusal::{is_passing, is_role_refused};
use crate::steps::grants::{self, Need, Room};
use crate::steps::policy_scope;
use crate::visit::{Parties, Visit};
use domain::job::CopyEvent;
use domain::{Failure, FailureCode, JobEvent, PolicyName, PromotionPlan};
use operations::iam::Statement;
use operations::jobs::Intent;
use operations::policies::managed_policy_name;
use operations::ports::aws::{AwsError, ErrorClass, ProjectPolicy, Refusal};

const GRANTED: StepOutcome = StepOutcome::Event(JobEvent::Copy(CopyEvent::Granted));

fn failed(failure: Failure) -> JobEvent {
    JobEvent::Copy(CopyEvent::GrantFailed(failure))
}

fn end(visit: &Visit<'_>, code: FailureCode) -> StepOutcome {
    StepOutcome::Event(failed(visit.failure(code)))
}

/// Puts the plan's statement unless it stands, or nothing needs it.
///
/// The project's policies are listed first, so a put whose answer was lost is found by its Sid, and
/// the write carries the revision just read, so nobody's edit is overwritten.
pub(super) async fn run(visit: &mut Visit<'_>, plan: &PromotionPlan) -> Move<StepOutcome> {
    if !grants::is_cross_account(plan) {
        visit.skip("No grant is needed: source and destination lie in one account.");
        return Ok(GRANTED);
    }
    let parties = visit.parties(plan).await?;
    let read = visit
        .policies(&parties.source_reader(), &plan.source_project)
        .await;
    let policies = visit.need(read, FailureCode::SourceMissing, failed)?;
    let ours = managed_policy_name(&visit.job.installation);
    match grants::stands(&policies, &ours, plan) {
        Ok(true) => {
            visit.note(format!("Statement {} stands in {ours}.", plan.grant.sid));
            return Ok(GRANTED);
        }
        Ok(false) => {}
        Err(_) => return Ok(end(visit, FailureCode::PolicyUnreadable)),
    }
    if visit.now() >= plan.run_before {
        return Ok(end(visit, FailureCode::RunBeforePassed));
    }
    if let Need::Standing(reason) = grants::need(visit, plan, &policies, &ours) {
        visit.skip(format!("No grant is needed: {reason}."));
        return Ok(GRANTED);
    }
    put(visit, plan, &parties, &policies, &ours).await
}

/// Sends the statement with its end, and once more without if AWS does not take the condition.
async fn put(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    parties: &Parties,
    policies: &[ProjectPolicy],
    ours: &PolicyName,
) -> Move<StepOutcome> {
    for with_end in [true, false] {
        let Ok(statement) = grants::planned_statement(plan, with_end) else {
            return Ok(end(visit, FailureCode::PlanChanged));
        };
        let sent = send(visit, plan, parties, policies, ours, statement).await?;
        match sent {
            Ok(()) => return Ok(GRANTED),
            Err(error)
                if with_end && error.class == ErrorClass::Refused(Refusal::MalformedPolicy) =>
            {
                visit.note(
                    "AWS did not take the statement with its end, so it is sent once without; \
                     it then holds until it is removed after the copy.",
                );
            }
            Err(error) => return Ok(refused(visit, &error)),
        }
    }
    Ok(end(visit, FailureCode::GrantRefused))
}

async fn send(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    parties: &Parties,
    policies: &[ProjectPolicy],
    ours: &PolicyName,
    statement: Statement,
) -> Move<Result<(), AwsError>> {
    let Ok(merged) = grants::merged(policies, ours, statement) else {
        return Err(Stop::with(end(visit, FailureCode::PolicyUnreadable)));
    };
    let slots = visit.parts.settings.policies_per_project;
    if let Room::None(reason) = grants::room(&merged, policies.len(), slots) {
        visit.note_once(reason);
        return Err(Stop::with(
            visit.hold(visit.failure(FailureCode::PolicyFull)),
        ));
    }
    let project = &plan.source_project;
    visit
        .intend(Intent {
            operation: "PutProjectPolicy",
            target: project.to_string(),
            detail: format!("statement {} of policy {ours}", plan.grant.sid),
        })
        .await?;
    let scope = policy_scope(visit, parties.grantor(plan), project);
    let revision = merged.revision.as_ref();
    let answer = visit
        .put_policy(&scope, project, ours, &merged.document, revision)
        .await;
    Ok(answer.map(|revision| {
        visit.note(format!(
            "Statement {} was put into {ours}, revision {revision}.",
            plan.grant.sid
        ));
    }))
}

fn refused(visit: &Visit<'_>, error: &AwsError) -> StepOutcome {
    let cause = |code| visit.failure_from(code, error);
    match error.class {
        // Somebody edited the policy in between: read it again.
        ErrorClass::Refused(Refusal::Revision | Refusal::AlreadyExists) => {
            visit.retry_or(cause(FailureCode::PolicyContended), failed)
        }
        ErrorClass::Refused(Refusal::Quota | Refusal::Limit) => {
            visit.hold(cause(FailureCode::PolicyFull))
        }
        _ if is_passing(error) => visit.retry_or(cause(FailureCode::AwsUnreachable), failed),
        _ if is_role_refused(error) => StepOutcome::Event(failed(cause(FailureCode::RoleRefused))),
        ErrorClass::Refused(Refusal::NotFound) => {
            StepOutcome::Event(failed(cause(FailureCode::SourceMissing)))
        }
        _ => StepOutcome::Event(failed(cause(FailureCode::GrantRefused))),
    }
}
