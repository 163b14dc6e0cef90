//! Finding out whether AWS took a copy that was intended.

use super::memory::CopyMemory;
use super::seek::{Sight, seek};
use super::send;
use crate::error::Move;
use crate::outcome::StepOutcome;
use crate::refusal::reason_of_read;
use crate::visit::Visit;
use domain::job::CopyEvent;
use domain::{Failure, FailureCode, JobEvent, Millis, PromotionPlan};

const FOUND: &str = "The version was found in AWS and is proven to be this job's copy.";

/// Looks for the intended copy, and acts only on what the look shows.
pub(in crate::steps) async fn find_out(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    intended: Millis,
) -> Move<StepOutcome> {
    match seek(visit, plan, intended).await? {
        Sight::Unreadable(error) => {
            let cause = visit.failure_from(FailureCode::CopyUnclear, &error);
            Ok(look_again(visit, intended, cause))
        }
        Sight::Nothing => nothing_there(visit, plan, intended).await,
        Sight::Ours(version) => {
            visit.note(FOUND);
            let version = version.arn;
            Ok(event(CopyEvent::CopyAccepted { version }))
        }
        Sight::Foreign(_, reason) => {
            visit.note(reason);
            Ok(foreign(visit))
        }
        Sight::Unproven(_, reason) => Ok(unproven(visit, intended, reason)),
    }
}

/// Looks on after a person was asked. A version that is proven ours is adopted, and once the name is
/// known to be another's the grant goes; nothing is sent.
pub(in crate::steps) async fn watch(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    (intended, granted): (Millis, bool),
) -> Move<StepOutcome> {
    match seek(visit, plan, intended).await? {
        Sight::Ours(version) => {
            visit.note(FOUND);
            let version = version.arn;
            Ok(event(CopyEvent::CopyAccepted { version }))
        }
        Sight::Foreign(_, reason) if granted => {
            visit.note(reason);
            Ok(foreign(visit))
        }
        _ => Ok(StepOutcome::Wait {
            after_ms: visit.parts.settings.doubt.watch_ms,
        }),
    }
}

/// Looks on for the copy of a job that was stopped, until it shows or enough time has passed for it
/// to have shown. Nothing is sent any more.
pub(in crate::steps) async fn decide(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    intended: Millis,
) -> Move<StepOutcome> {
    let waited_ms = visit.now().since(visit.job.step_since);
    let long_enough = waited_ms >= visit.parts.settings.doubt.give_up_ms;
    let sentence = match seek(visit, plan, intended).await? {
        Sight::Unreadable(error) => {
            let code = reason_of_read(&error, FailureCode::DestinationMissing);
            return Ok(visit.retry(visit.failure_from(code, &error)));
        }
        Sight::Ours(version) => {
            visit.note(FOUND);
            let version = version.arn;
            return Ok(event(CopyEvent::CopyAccepted { version }));
        }
        Sight::Foreign(_, reason) => {
            format!("{reason} It holds the planned name, so there is no copy of this job.")
        }
        Sight::Nothing if long_enough => "No copy was seen.".to_owned(),
        Sight::Unproven(candidate, reason) if long_enough => {
            let version = candidate.version.arn;
            format!("No copy was seen that is proven to be this job's. {reason} It is {version}.")
        }
        Sight::Nothing | Sight::Unproven(..) => {
            return Ok(StepOutcome::Wait {
                after_ms: visit.parts.settings.doubt.look_ms,
            });
        }
    };
    visit.note(sentence);
    Ok(event(CopyEvent::CopyNotSeen))
}

/// The name is another's.
pub(in crate::steps) fn foreign(visit: &Visit<'_>) -> StepOutcome {
    event(CopyEvent::CopyForeign(
        visit.failure(FailureCode::ForeignVersion),
    ))
}

/// Sends the same copy again on an operator's word. The time in which looks may decide begins anew.
pub(in crate::steps) async fn resend(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    intended: Millis,
) -> Move<StepOutcome> {
    let memory = CopyMemory {
        doubted_since: Some(visit.now()),
        ..CopyMemory::default()
    };
    visit.remember(&memory);
    let parties = visit.parties(plan).await?;
    send::again(visit, plan, &parties, intended).await
}

/// Nothing of this name is there. After two such looks, long enough after the last sending, the same
/// copy is sent again: should the one before still come to light, AWS refuses its name.
async fn nothing_there(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
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
    let may_send = memory.refusal.is_none()
        && now < plan.run_before
        && !visit.job.paused
        && !is_old(visit, intended);
    if memory.empty_looks >= 2 && may_send {
        let parties = visit.parties(plan).await?;
        visit.note("Nothing of the copy was found, so the same copy is sent again.");
        return send::again(visit, plan, &parties, intended).await;
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

/// Looks again soon, or asks a person once the doubt is old.
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
    let memory: CopyMemory = visit.memory();
    let since = memory.doubted_since.unwrap_or(intended);
    visit.now().since(since) >= visit.parts.settings.doubt.give_up_ms
}

fn event(event: CopyEvent) -> StepOutcome {
    StepOutcome::Event(JobEvent::Copy(event))
}
