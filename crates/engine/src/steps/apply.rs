//! The apply step of a policy job: attaches or removes one project policy, as approved.

use crate::error::{Move, Stop};
use crate::outcome::StepOutcome;
use crate::refusal::{is_passing, is_role_refused};
use crate::steps::policy_scope;
use crate::visit::{Visit, as_role};
use domain::job::PolicyEvent;
use domain::plan::PolicyChange;
use domain::{Failure, FailureCode, JobEvent, PolicyChangePlan, RolePurpose};
use operations::jobs::Intent;
use operations::ports::aws::{AwsError, ErrorClass, Refusal};

const APPLIED: StepOutcome = StepOutcome::Event(JobEvent::Policy(PolicyEvent::Applied));

fn failed(failure: Failure) -> JobEvent {
    JobEvent::Policy(PolicyEvent::ApplyFailed(failure))
}

/// Makes the change unless it stands already. What is there is read just before: a policy of the
/// same name with another text is neither overwritten nor removed, and a removal carries the
/// revision just read. Nothing is sent after the plan's run-before or during a pause.
///
/// The job does not fail while a change that it sent before may still arrive: nobody would know
/// whose it is.
pub(super) async fn run(visit: &mut Visit<'_>, plan: &PolicyChangePlan) -> Move<StepOutcome> {
    let end = change(visit, plan).await;
    let outcome = match end {
        Ok(outcome) => outcome,
        Err(Stop::With(outcome)) => *outcome,
        Err(other) => return Err(other),
    };
    Ok(match (outcome, visit.until_no_put_can_arrive()) {
        (StepOutcome::Event(JobEvent::Policy(PolicyEvent::ApplyFailed(cause))), Some(after_ms)) => {
            StepOutcome::Held { after_ms, cause }
        }
        (outcome, _) => outcome,
    })
}

async fn change(visit: &mut Visit<'_>, plan: &PolicyChangePlan) -> Move<StepOutcome> {
    let account = visit.account(plan.project.account()).await?;
    let reader = account.access(RolePurpose::Reader);
    let read = visit.policies(&reader, &plan.project).await;
    let policies = visit.need(read, FailureCode::SourceMissing, failed)?;
    let present = policies
        .into_iter()
        .find(|policy| policy.name == plan.policy);
    let grantor = as_role(&account, &plan.grantor);
    let (project, name) = (&plan.project, &plan.policy);
    if let Some(other) = present
        .as_ref()
        .filter(|policy| policy.document != plan.change.document())
    {
        visit.note(format!(
            "A policy {name} stands with another document, revision {}; it was left as it is.",
            other.revision
        ));
        let failure = visit.failure(FailureCode::PolicyContended);
        return Ok(StepOutcome::Event(failed(failure)));
    }
    let answer = match (&plan.change, present) {
        (PolicyChange::Attach { .. }, Some(_)) => {
            visit.note(format!("The policy {name} stands as approved."));
            return Ok(APPLIED);
        }
        (PolicyChange::Remove { .. }, None) => {
            visit.note(format!("There is no policy {name}."));
            return Ok(APPLIED);
        }
        _ if visit.now() >= plan.run_before => {
            let failure = visit.failure(FailureCode::RunBeforePassed);
            return Ok(StepOutcome::Event(failed(failure)));
        }
        _ if visit.job.paused => {
            let after_ms = visit.parts.settings.hold_ms;
            return Ok(StepOutcome::Wait { after_ms });
        }
        (PolicyChange::Attach { document }, None) => {
            intend(visit, plan, "PutProjectPolicy").await?;
            let scope = policy_scope(visit, grantor, project);
            visit
                .put_policy(&scope, project, name, document, None)
                .await
                .map(|revision| format!("The policy {name} has revision {revision}."))
        }
        (PolicyChange::Remove { .. }, Some(policy)) => {
            intend(visit, plan, "DeleteProjectPolicy").await?;
            let scope = policy_scope(visit, grantor, project);
            visit
                .delete_policy(&scope, project, name, &policy.revision)
                .await
                .map(|()| format!("The policy {name} was removed."))
        }
    };
    Ok(match answer {
        Ok(sentence) => {
            visit.note(sentence);
            APPLIED
        }
        Err(error) => refused(visit, &error),
    })
}

async fn intend(
    visit: &mut Visit<'_>,
    plan: &PolicyChangePlan,
    operation: &'static str,
) -> Move<()> {
    visit
        .intend(Intent {
            operation,
            target: plan.project.to_string(),
            detail: format!("policy {}", plan.policy),
        })
        .await
}

fn refused(visit: &Visit<'_>, error: &AwsError) -> StepOutcome {
    let cause = |code| visit.failure_from(code, error);
    match error.class {
        // Somebody edited it in between, or removed what is to be removed: read it again.
        ErrorClass::Refused(Refusal::Revision | Refusal::AlreadyExists) => {
            visit.retry_or(cause(FailureCode::PolicyContended), failed)
        }
        ErrorClass::Refused(Refusal::NotFound) => {
            visit.retry_or(cause(FailureCode::PolicyRefused), failed)
        }
        ErrorClass::Refused(Refusal::Quota | Refusal::Limit) => {
            StepOutcome::Event(failed(cause(FailureCode::PolicyFull)))
        }
        // AWS may have done it: only a look can end the step, and every visit begins with one.
        ErrorClass::Ambiguous => visit.retry(cause(FailureCode::AwsUnreachable)),
        _ if is_passing(error) => visit.retry_or(cause(FailureCode::AwsUnreachable), failed),
        _ if is_role_refused(error) => StepOutcome::Event(failed(cause(FailureCode::RoleRefused))),
        _ => StepOutcome::Event(failed(cause(FailureCode::PolicyRefused))),
    }
}
