//! Jobs whose moment was written by a clock that has been set back since.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;
use store::jobs;

/// No job is ever put off for longer, in milliseconds.
const FAR_MS: i64 = 20 * 60_000;

/// Makes jobs due that would come up only in more than 20 minutes, and gives how many there were.
/// The engine puts nothing off for so long: such a moment comes from a clock that was ahead.
pub async fn bring_forward(cx: &OpContext) -> OpResult<u64> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    let count = jobs::bring_forward(&mut tx, now, now.plus(FAR_MS)).await?;
    tx.commit().await?;
    Ok(count)
}
