//! When the next project is due.

use crate::context::OpContext;
use crate::error::OpResult;
use crate::installation::PauseReason;
use domain::{Action, Millis};

/// How soon projects may be found that have to be looked through before somebody resumes, in
/// milliseconds.
const FOUND_MS: i64 = 5_000;

/// The first moment at which a project may be looked through; none if there is no project. While
/// the installation is paused because its database is a restored one, that is soon, since the
/// inventory may find more projects; see [`super::enlist`].
pub async fn next_due(cx: &OpContext) -> OpResult<Option<Millis>> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    let due = store::policy_sweeps::next_run(&mut reader).await?;
    let pause = store::installation::pause(&mut reader).await?;
    if pause.is_some_and(|pause| pause.reason == PauseReason::Restored) {
        let soon = cx.now().plus(FOUND_MS);
        return Ok(Some(due.map_or(soon, |due| due.min(soon))));
    }
    Ok(due)
}
