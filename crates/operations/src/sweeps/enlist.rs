//! Looking through projects that no grant was ever intended for.

use crate::context::OpContext;
use crate::error::OpResult;
use crate::installation::PauseReason;
use domain::Action;
use store::policy_sweeps;

/// While the installation is paused because its database is a restored one, makes every known
/// project due that is not looked through yet: a job that the database does not know may have put
/// a grant on it. Otherwise nothing is done.
pub async fn enlist(cx: &OpContext) -> OpResult<()> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    let pause = store::installation::pause(&mut reader).await?;
    if !pause.is_some_and(|pause| pause.reason == PauseReason::Restored)
        || !policy_sweeps::lacks_some(&mut reader).await?
    {
        return Ok(());
    }
    drop(reader);
    let mut tx = cx.store.begin().await?;
    policy_sweeps::ensure_all(&mut tx, cx.now()).await?;
    tx.commit().await?;
    Ok(())
}
