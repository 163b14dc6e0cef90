//! Leaving a job for later.

use super::answers::{answer_requests, due};
use super::note::Steps;
use super::queue::wake_behind;
use super::record::{StepRecord, store_calls, store_seen};
use super::{Claim, Held, emit_changed, held};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::{Action, Failure};
use store::job_attempts::{self, Attempt, Outcome};
use store::jobs::{self, Release};
use store::proposals;

/// How a job is left for later.
#[derive(Clone, Debug, Default)]
pub struct PutOff {
    /// In how many milliseconds it is due again.
    pub after_ms: i64,
    /// Whether that counts as one more attempt of the present state; otherwise counting begins
    /// again.
    pub count: bool,
    /// Why, if something is in the way: shown beside the state until it goes on.
    pub cause: Option<Failure>,
    /// What the visit brought.
    pub record: StepRecord,
    /// The number of the last request that the visit knew of; 0 if there was none. What was asked
    /// since makes the job due at once.
    pub heard: i64,
}

/// Stores what a visit brought, without a change of state, and gives the job back until it is due
/// again. Readers get an event if there is something new to see.
pub async fn put_off(cx: &OpContext, claim: &Claim, put_off: PutOff) -> OpResult<Held> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    let Some(row) = held(&mut tx, claim).await? else {
        return Ok(Held::Lost);
    };
    let PutOff {
        after_ms,
        count,
        cause,
        record,
        heard,
    } = put_off;
    let proposal = proposals::find(&mut tx, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let step = row.state.step();
    let step = step.ok_or_else(|| OpError::stored("step of a job to be put off"))?;
    let calls = (&proposal.requester, record.calls.as_slice());
    let told = store_calls(cx, &mut tx, claim, step, calls).await?;
    store_seen(&mut tx, claim, record.seen.as_ref()).await?;
    let mut note = Steps::load(&mut tx, row.id).await?.note(step)?;
    let code = |failure: &Option<Failure>| failure.as_ref().map(|failure| failure.code);
    let recurs = code(&note.cause) != code(&cause);
    let new = !record.notes.is_empty()
        || record.seen.is_some()
        || record.sought.is_some()
        || count
        || recurs;
    note.hear(told);
    note.add(&record.notes);
    note.cause = cause;
    note.tries = if count {
        note.tries.saturating_add(1)
    } else {
        0
    };
    note.memory = record.memory.or(note.memory);
    note.sought = record.sought.or(note.sought);
    note.store(&mut tx, claim, step).await?;
    let answered = !record.answers.is_empty();
    answer_requests(cx, &mut tx, claim, record.answers).await?;
    // One thing is acted on in a visit; what else is asked has its turn now.
    let heard = if answered { 0 } else { heard };
    let due = due(&mut tx, claim, now.plus(after_ms), heard, now).await?;
    if let Some(cause) = &note.cause
        && (count || recurs)
    {
        let attempt = Attempt {
            step,
            outcome: if count { Outcome::Retry } else { Outcome::Held },
            cause: Some(cause.clone()),
            at: now,
            next_at: Some(due),
        };
        job_attempts::record(&mut tx, claim, &attempt).await?;
    }
    let release = Release {
        next_run_at: due,
        attempt: i64::from(note.tries),
        held: note.cause.is_some(),
    };
    jobs::release(&mut tx, claim, release).await?;
    if release.held && !row.held {
        wake_behind(&mut tx, &row, now).await?;
    }
    if new || answered {
        emit_changed(&mut tx, claim, now).await?;
    }
    tx.commit().await?;
    Ok(Held::Yes)
}
