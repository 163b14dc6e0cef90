//! Giving a project back.

use super::SweepClaim;
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;
use store::policy_sweeps;

/// Gives the project back, to be looked through again after `after_ms` milliseconds. `error` says why
/// it was not looked through to the end this time. A claim that is lost changes nothing.
pub async fn finish(
    cx: &OpContext,
    claim: &SweepClaim,
    after_ms: i64,
    error: Option<&str>,
) -> OpResult<()> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    if !policy_sweeps::holds(&mut tx, claim).await? {
        return Ok(());
    }
    let swept_at = error.is_none().then_some(now);
    policy_sweeps::release(&mut tx, claim, now.plus(after_ms), swept_at, error).await?;
    tx.commit().await?;
    Ok(())
}
