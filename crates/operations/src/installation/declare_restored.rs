//! Going on with a database that is a restored one, or older than it was.

use super::{Pause, PauseReason};
use crate::audit::{Entry, Verb, about_installation};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::events;
use domain::Action;

/// Begins a new epoch, one above the present one and above `beyond`, and pauses: jobs may have done
/// more in AWS than this database knows, so a person looks first.
///
/// `because` says how it is known, for the audit log.
pub async fn declare_restored(cx: &OpContext, beyond: i64, because: &str) -> OpResult<()> {
    cx.require(Action::DeclareRestored)?;
    let now = cx.now();
    let pause = Pause {
        reason: PauseReason::Restored,
        by: cx.actor.clone(),
        at: now,
    };
    let mut tx = cx.store.begin().await?;
    tx.begin_epoch(beyond);
    store::installation::set_pause(&mut tx, &pause).await?;
    tx.audit(
        Entry::new(cx, Verb::DeclareRestored, about_installation(), now)
            .with("because", because)
            .done(),
    );
    tx.emit(events::installation(true, now));
    tx.commit().await?;
    Ok(())
}
