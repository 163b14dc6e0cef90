//! Holding a job longer.

use super::{Claim, Held, held};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;

/// Holds the job for `lease_ms` milliseconds from now.
pub async fn renew(cx: &OpContext, claim: &Claim, lease_ms: i64) -> OpResult<Held> {
    cx.require(Action::RunJob)?;
    let mut tx = cx.store.begin().await?;
    if held(&mut tx, claim).await?.is_none() {
        return Ok(Held::Lost);
    }
    store::jobs::renew(&mut tx, claim, cx.now().plus(lease_ms)).await?;
    tx.commit().await?;
    Ok(Held::Yes)
}
