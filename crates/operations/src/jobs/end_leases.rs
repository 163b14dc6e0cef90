//! Taking jobs over from a process that died.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;

/// Ends the leases of all jobs, so that they are due again when they were due, and gives how many
/// there were. Only for a process that is alone with its database: a holder that is still alive
/// could write nothing any more, but what it has asked AWS for is then found out by looking.
pub async fn end_leases(cx: &OpContext) -> OpResult<u64> {
    cx.require(Action::RunJob)?;
    let mut tx = cx.store.begin().await?;
    let ended = store::jobs::end_leases(&mut tx, cx.now()).await?;
    if ended > 0 {
        tx.commit().await?;
    }
    Ok(ended)
}
