//! Whether the installation is paused.

use super::Pause;
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;

/// The pause, if there is one.
pub async fn paused(cx: &OpContext) -> OpResult<Option<Pause>> {
    cx.require(Action::ViewProposals)?;
    let mut reader = cx.store.read().await?;
    Ok(store::installation::pause(&mut reader).await?)
}
