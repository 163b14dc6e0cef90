//! Sending the copy: intent first, then one call, then what its answer allows to conclude.

use super::memory::CopyMemory;
use super::refusals::{Refused, Then, definite};
use crate::backoff::full_jitter;
use crate::checkpoint::Checkpoint;
use crate::error::Move;
use crate::outcome::StepOutcome;
use crate::visit::{Parties, Visit};
use domain::job::CopyEvent;
use domain::tags::{PLAN_TAG, PROPOSAL_TAG};
use domain::{FailureCode, JobEvent, Millis, PromotionPlan};
use operations::iam::generate::{CopySession, copy_session_policy};
use operations::ports::aws::{CopyRequest, WriteScope};

/// Sends a copy of which nothing is under way.
pub(in crate::steps) async fn first(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
) -> Move<StepOutcome> {
    let now = visit.now();
    if now >= plan.run_before {
        let failure = visit.failure(FailureCode::RunBeforePassed);
        return Ok(event(CopyEvent::CopyRefused(failure)));
    }
    let parties = visit.parties(plan).await?;
    let earlier: CopyMemory = visit.memory();
    let memory = CopyMemory {
        sent_at: Some(now),
        put_offs: earlier.put_offs,
        ..CopyMemory::default()
    };
    intend(visit, &memory, now).await?;
    match call(visit, plan, &parties).await? {
        Answer::Taken(taken) => Ok(taken),
        Answer::Unclear(unclear) => Ok(unclear),
        Answer::Refused(refused) => conclude(visit, memory, refused).await,
    }
}

/// Sends the same copy again after looks have found nothing of the one before.
///
/// A refusal proves nothing about the copy before, which may even be what AWS refuses this one for:
/// the job stays in doubt, and is looked for until it shows or a person is asked.
pub(super) async fn again(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    parties: &Parties,
    intended: Millis,
) -> Move<StepOutcome> {
    let earlier: CopyMemory = visit.memory();
    let mut memory = CopyMemory {
        sent_at: Some(visit.now()),
        put_offs: earlier.put_offs,
        doubted_since: earlier.doubted_since,
        ..CopyMemory::default()
    };
    intend(visit, &memory, intended).await?;
    match call(visit, plan, parties).await? {
        Answer::Taken(taken) => Ok(taken),
        Answer::Unclear(unclear) => Ok(unclear),
        Answer::Refused(refused) => {
            let cause = refused.failure;
            if refused.then == Then::End {
                memory.refusal = Some(cause.clone());
                visit.remember(&memory);
            }
            Ok(StepOutcome::Held {
                after_ms: visit.parts.settings.doubt.look_ms,
                cause,
            })
        }
    }
}

/// What follows once it is certain that AWS has taken no copy.
async fn conclude(
    visit: &mut Visit<'_>,
    mut memory: CopyMemory,
    refused: Refused,
) -> Move<StepOutcome> {
    let Refused { then, failure } = refused;
    let settings = &visit.parts.settings;
    let after_ms = match then {
        Then::End => return Ok(event(CopyEvent::CopyRefused(failure))),
        Then::WaitForRoom => settings.hold_ms,
        Then::SendSoon => {
            memory.put_offs = memory.put_offs.saturating_add(1);
            if memory.put_offs >= settings.retry.attempts {
                return Ok(event(CopyEvent::CopyRefused(failure)));
            }
            full_jitter(&settings.retry, memory.put_offs, &*visit.parts.random)
        }
    };
    visit.remember(&CopyMemory {
        put_offs: memory.put_offs,
        ..CopyMemory::default()
    });
    visit
        .advance_and_go_on(JobEvent::Copy(CopyEvent::CopyPutOff))
        .await?;
    Ok(StepOutcome::Held {
        after_ms,
        cause: failure,
    })
}

/// Commits the intent. Before this returns, nothing has left; after it, only a look can tell.
async fn intend(visit: &mut Visit<'_>, memory: &CopyMemory, at: Millis) -> Move<()> {
    const OPERATION: &str = "CopyProjectVersion";
    visit.remember(memory);
    visit.reach(Checkpoint::IntentDue(OPERATION));
    visit
        .advance_and_go_on(JobEvent::Copy(CopyEvent::CopyIntended { at }))
        .await?;
    visit.reach(Checkpoint::IntentStored(OPERATION));
    Ok(())
}

enum Answer {
    /// AWS took it and named the new version.
    Taken(StepOutcome),
    /// AWS may have taken it.
    Unclear(StepOutcome),
    /// AWS has definitely not taken it.
    Refused(Refused),
}

async fn call(visit: &mut Visit<'_>, plan: &PromotionPlan, parties: &Parties) -> Move<Answer> {
    let scope = scope(visit, plan, parties);
    let request = request(visit, plan);
    let unclear_for = visit.parts.settings.doubt.look_ms;
    Ok(match visit.copy(&scope, &request).await {
        Ok(version)
            if plan.destination_project.may_hold(&version)
                && *version.name() == plan.version_name =>
        {
            Answer::Taken(event(CopyEvent::CopyAccepted { version }))
        }
        Ok(_) => {
            visit.note("AWS answered with the ARN of another version; it is looked for by name.");
            Answer::Unclear(StepOutcome::Held {
                after_ms: unclear_for,
                cause: visit.failure(FailureCode::CopyUnclear),
            })
        }
        Err(error) => match definite(visit, &error) {
            Some(refused) => Answer::Refused(refused),
            None => Answer::Unclear(StepOutcome::Held {
                after_ms: unclear_for,
                cause: visit.failure_from(FailureCode::CopyUnclear, &error),
            }),
        },
    })
}

/// A fresh session, narrowed to what this copy touches.
fn scope(visit: &Visit<'_>, plan: &PromotionPlan, parties: &Parties) -> WriteScope {
    WriteScope {
        access: parties.copier(plan),
        region: plan.destination_project.region().clone(),
        job: visit.job.claim.job(),
        session_policy: copy_session_policy(&CopySession {
            source: &plan.source_project,
            destination: &plan.destination_project,
            bucket: &plan.output.bucket,
            prefix: &plan.output.prefix,
            key: plan.kms_key.as_ref(),
        }),
        send_by: visit.send_by(),
    }
}

/// The call as planned, with the two tags that tell whose copy it is.
fn request(visit: &Visit<'_>, plan: &PromotionPlan) -> CopyRequest {
    let mut tags: std::collections::BTreeMap<String, String> = plan.tags.clone().into();
    tags.insert(PROPOSAL_TAG.to_owned(), plan.proposal.to_string());
    tags.insert(PLAN_TAG.to_owned(), visit.job.approved.to_string());
    CopyRequest {
        source_project: plan.source_project.clone(),
        source_version: plan.source_version.clone(),
        destination_project: plan.destination_project.clone(),
        version_name: plan.version_name.clone(),
        bucket: plan.output.bucket.clone(),
        prefix: plan.output.prefix.clone(),
        kms_key: plan.kms_key.clone(),
        tags,
    }
}

fn event(event: CopyEvent) -> StepOutcome {
    StepOutcome::Event(JobEvent::Copy(event))
}
