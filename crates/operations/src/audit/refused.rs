//! Attempts that were refused.

use super::{Entry, word_of};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, Actor, Millis};
use store::Reader;
use store::audit;

/// How long one entry stands for all attempts of one person at one action, in milliseconds.
const STANDS_MS: i64 = 60_000;

/// Notes that a known person was refused `action`, and says whether there is a new entry: one at
/// most in a minute for each person and action, counted from the log itself, so that nobody can fill
/// it and a restart forgets nothing. What anonymous callers were refused is counted in the log
/// of the program and never chained.
pub async fn note_refused(cx: &OpContext, action: Action) -> OpResult<bool> {
    let Actor::Person { .. } = cx.actor() else {
        tracing::info!(wanted = ?action, "refused somebody who is not known");
        return Ok(false);
    };
    let now = cx.now();
    // Most of a flood ends here and never waits for the writer.
    if stands(cx, &mut cx.store.read().await?, action, now).await? {
        return Ok(false);
    }
    let mut tx = cx.store.begin().await?;
    if stands(cx, &mut tx, action, now).await? {
        return Ok(false);
    }
    tx.audit(Entry::refusal(cx, action, now));
    tx.commit().await?;
    Ok(true)
}

async fn stands(
    cx: &OpContext,
    reader: &mut Reader,
    action: Action,
    now: Millis,
) -> OpResult<bool> {
    let last = audit::last_refused(reader, cx.actor(), &word_of(action)).await?;
    // A clock that went back must not silence the log for long.
    Ok(last.is_some_and(|last| (0..STANDS_MS).contains(&now.since(last))))
}
