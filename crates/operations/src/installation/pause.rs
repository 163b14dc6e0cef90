//! Pausing the installation.

use super::{Pause, PauseReason};
use crate::audit::{Entry, Verb, about_installation};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::events;
use domain::Action;

/// Lets nothing new be sent to AWS until [`super::resume`], and says whether that changed
/// anything. Looking, verifying and revoking go on.
pub async fn pause(cx: &OpContext) -> OpResult<bool> {
    cx.require(Action::PauseInstallation)?;
    let now = cx.now();
    let pause = Pause {
        reason: PauseReason::Person,
        by: cx.actor().clone(),
        at: now,
    };
    let mut tx = cx.store.begin().await?;
    if !store::installation::set_pause(&mut tx, &pause).await? {
        return Ok(false);
    }
    tx.audit(Entry::new(cx, Verb::Pause, about_installation(), now).done());
    tx.emit(events::installation(true, now));
    tx.commit().await?;
    Ok(true)
}
