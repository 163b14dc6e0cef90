//! Going on with a database that is a restored one, or older than it was.

use super::{Pause, PauseReason};
use crate::audit::{Entry, Verb, about_installation};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::events;
use domain::Action;
use store::{Tx, jobs, policy_sweeps};

/// Begins a new epoch, one above the present one and above `beyond`, and pauses: jobs may have done
/// more in AWS than this database knows, so a person looks first. Whoever holds a job or a sweep
/// loses it, and every known project becomes due to be looked through for grants of jobs that are
/// not known; see [`super::strays()`].
///
/// `because` says how it is known, for the audit log.
pub async fn declare_restored(cx: &OpContext, beyond: i64, because: &str) -> OpResult<()> {
    cx.require(Action::DeclareRestored)?;
    let tx = cx.store.begin().await?;
    declare(cx, tx, beyond, because).await
}

/// The same in a transaction that is under way, which it commits.
pub(super) async fn declare(
    cx: &OpContext,
    mut tx: Tx,
    beyond: i64,
    because: &str,
) -> OpResult<()> {
    let now = cx.now();
    let pause = Pause {
        reason: PauseReason::Restored,
        by: cx.actor().clone(),
        at: now,
    };
    tx.begin_epoch(beyond);
    store::installation::set_pause(&mut tx, &pause).await?;
    jobs::void_claims(&mut tx).await?;
    policy_sweeps::restart_all(&mut tx, now).await?;
    tx.audit(
        Entry::new(cx, Verb::DeclareRestored, about_installation(), now)
            .with("because", because)
            .done(),
    );
    tx.emit(events::installation(true, now));
    tx.commit().await?;
    Ok(())
}
