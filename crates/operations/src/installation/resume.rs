//! Lifting the pause.

use super::{Pause, PauseReason, Strays, strays};
use crate::audit::{Entry, Verb, about_installation};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::events;
use domain::Action;

/// What came of a wish to resume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resumption {
    /// There was no pause.
    NotPaused,
    /// It stays paused: the database is a restored one, and these strays were not accepted.
    Withheld(Strays),
    /// Grants and copies go on; this was the pause.
    Lifted(Pause),
}

/// Lets grants and copies go on. After a restore that is withheld while there are [`Strays`], unless
/// they are accepted.
pub async fn resume(cx: &OpContext, accept_strays: bool) -> OpResult<Resumption> {
    cx.require(Action::PauseInstallation)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    let strays = strays::read(&mut tx).await?;
    let Some(pause) = store::installation::lift_pause(&mut tx).await? else {
        return Ok(Resumption::NotPaused);
    };
    if pause.reason == PauseReason::Restored && !strays.is_empty() && !accept_strays {
        return Ok(Resumption::Withheld(strays));
    }
    tx.audit(
        Entry::new(cx, Verb::Resume, about_installation(), now)
            .with("reason", pause.reason.as_str())
            .with("paused_at", &pause.at)
            .with("strays", &strays.statements.len())
            .with("projects_unseen", &strays.unseen.len())
            .done(),
    );
    store::jobs::wake_all(&mut tx, now).await?;
    tx.emit(events::installation(false, now));
    tx.commit().await?;
    Ok(Resumption::Lifted(pause))
}
