//! Lifting the pause.

use super::Pause;
use crate::audit::{Entry, Verb, about_installation};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::events;
use domain::Action;

/// Lets grants and copies go on and gives the pause that was lifted; none if there was none.
pub async fn resume(cx: &OpContext) -> OpResult<Option<Pause>> {
    cx.require(Action::PauseInstallation)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    let Some(pause) = store::installation::lift_pause(&mut tx).await? else {
        return Ok(None);
    };
    tx.audit(
        Entry::new(cx, Verb::Resume, about_installation(), now)
            .with("reason", pause.reason.as_str())
            .with("paused_at", &pause.at)
            .done(),
    );
    store::jobs::wake_all(&mut tx, now).await?;
    tx.emit(events::installation(false, now));
    tx.commit().await?;
    Ok(Some(pause))
}
