//! Looking through all projects at once.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;
use store::policy_sweeps;

/// Makes every project due: at a start nobody knows what a process before may still have sent.
pub async fn hurry(cx: &OpContext) -> OpResult<()> {
    cx.require(Action::RunJob)?;
    let mut tx = cx.store.begin().await?;
    policy_sweeps::hurry_all(&mut tx, cx.now()).await?;
    tx.commit().await?;
    Ok(())
}
