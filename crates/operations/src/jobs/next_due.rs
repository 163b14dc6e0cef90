//! When there is something to do next.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, Millis};

/// The first moment at which a job that has not ended may be claimed; none if all have ended.
pub async fn next_due(cx: &OpContext) -> OpResult<Option<Millis>> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    Ok(store::jobs::next_run(&mut reader).await?)
}
