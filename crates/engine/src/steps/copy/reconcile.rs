//! Finding out whether AWS took a copy that was intended.

use super::memory::CopyMemory;
use super::provenance::{Provenance, judge};
use super::send;
use crate::error::Move;
use crate::outcome::StepOutcome;
use crate::visit::{Parties, Visit};
use domain::job::CopyEvent;
use domain::{Failure, FailureCode, JobEvent, Millis, PromotionPlan};

/// Looks for the intended copy, and acts only on what the look shows.
pub(in crate::steps) async fn find_out(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    intended: Millis,
) -> Move<StepOutcome> {
    let parties = visit.parties(plan).await?;
    let reader = parties.destination_reader();
    let project = &plan.destination_project;
    let found = match visit.version(&reader, project, &plan.version_name).await {
        Err(error) => {
            let cause = visit.failure_from(FailureCode::CopyUnclear, &error);
            return Ok(look_again(visit, intended, cause));
        }
        Ok(found) => found,
    };
    let Some(version) = found else {
        return nothing_there(visit, plan, &parties, intended).await;
    };
    match judge(visit, &parties, plan, &version, Some(intended)).await {
        Provenance::Ours => {
            visit.note("The version was found in AWS and is proven to be this job's copy.");
            let version = version.arn;
            Ok(event(CopyEvent::CopyAccepted { version }))
        }
        Provenance::Foreign(reason) => {
            visit.note(reason);
            let failure = visit.failure(FailureCode::ForeignVersion);
            Ok(event(CopyEvent::CopyUnclear(failure)))
        }
        Provenance::Unproven(reason) => Ok(unproven(visit, intended, reason)),
    }
}

/// Looks on after a person was asked. A version that is proven ours is adopted; nothing is sent.
pub(in crate::steps) async fn watch(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    intended: Millis,
) -> Move<StepOutcome> {
    let parties = visit.parties(plan).await?;
    let reader = parties.destination_reader();
    let project = &plan.destination_project;
    if let Ok(Some(version)) = visit.version(&reader, project, &plan.version_name).await
        && let Provenance::Ours = judge(visit, &parties, plan, &version, Some(intended)).await
    {
        visit.note("The version was found in AWS and is proven to be this job's copy.");
        let version = version.arn;
        return Ok(event(CopyEvent::CopyAccepted { version }));
    }
    Ok(StepOutcome::Wait {
        after_ms: visit.parts.settings.doubt.watch_ms,
    })
}

/// Nothing of this name is there. After two such looks, long enough after the last sending, the same
/// copy is sent again: should the one before still come to light, AWS refuses its name.
async fn nothing_there(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    parties: &Parties,
    intended: Millis,
) -> Move<StepOutcome> {
    let mut memory: CopyMemory = visit.memory();
    memory.unproven_since = None;
    let now = visit.now();
    let sent_at = memory.sent_at.unwrap_or(intended);
    if now.since(sent_at) >= visit.parts.settings.doubt.resend_after_ms {
        memory.empty_looks = memory.empty_looks.saturating_add(1);
    }
    visit.remember(&memory);
    let may_send = memory.refusal.is_none() && now < plan.run_before && !is_old(visit, intended);
    if memory.empty_looks >= 2 && may_send {
        return send::again(visit, plan, parties, intended).await;
    }
    let cause = memory
        .refusal
        .unwrap_or_else(|| visit.failure(FailureCode::CopyUnclear));
    Ok(look_again(visit, intended, cause))
}

/// A version that may be ours: proofs can come late, so it is looked at a little longer.
fn unproven(visit: &mut Visit<'_>, intended: Millis, reason: String) -> StepOutcome {
    let mut memory: CopyMemory = visit.memory();
    let now = visit.now();
    let since = *memory.unproven_since.get_or_insert(now);
    memory.empty_looks = 0;
    visit.remember(&memory);
    if now.since(since) >= visit.parts.settings.doubt.proof_ms {
        visit.note(reason);
        let failure = visit.failure(FailureCode::ForeignVersion);
        return event(CopyEvent::CopyUnclear(failure));
    }
    look_again(visit, intended, visit.failure(FailureCode::CopyUnclear))
}

/// Looks again soon, or asks a person once the intent is old.
fn look_again(visit: &Visit<'_>, intended: Millis, cause: Failure) -> StepOutcome {
    if is_old(visit, intended) {
        let failure = Failure {
            code: FailureCode::CopyUnclear,
            ..cause
        };
        return event(CopyEvent::CopyUnclear(failure));
    }
    StepOutcome::Held {
        after_ms: visit.parts.settings.doubt.look_ms,
        cause,
    }
}

fn is_old(visit: &Visit<'_>, intended: Millis) -> bool {
    visit.now().since(intended) >= visit.parts.settings.doubt.give_up_ms
}

fn event(event: CopyEvent) -> StepOutcome {
    StepOutcome::Event(JobEvent::Copy(event))
}
