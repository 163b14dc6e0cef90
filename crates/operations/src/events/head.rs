//! Where the stream ends at present.

use super::EventCursor;
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;

/// The number of the newest event.
pub async fn head(cx: &OpContext) -> OpResult<EventCursor> {
    cx.require(Action::FollowEvents)?;
    let mut reader = cx.store.read().await?;
    Ok(store::ledger::head(&mut reader).await?)
}
