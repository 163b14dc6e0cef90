//! When the next project is due.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, Millis};

/// The first moment at which a project may be looked through; none if there is no project.
pub async fn next_due(cx: &OpContext) -> OpResult<Option<Millis>> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    Ok(store::policy_sweeps::next_run(&mut reader).await?)
}
