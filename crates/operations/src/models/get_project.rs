//! One project.

use super::view::{Inventory, ProjectView};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use domain::Action;

/// The project of this ARN with its versions, as last seen.
pub async fn get_project(cx: &OpContext, arn: &str) -> OpResult<ProjectView> {
    cx.require(Action::ViewModels)?;
    let missing = || OpError::not_found(Kind::Project, arn);
    let parsed = arn.parse().map_err(|_| missing())?;
    let mut reader = cx.store.read().await?;
    let inventory = Inventory::load(cx, &mut reader).await?;
    inventory.project(&parsed)?.ok_or_else(missing)
}
