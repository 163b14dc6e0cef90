//! Listing projects and versions.

use super::view::{Inventory, ModelsView};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;

/// Projects and versions of all accounts as last seen, each with its age. Makes no call to AWS.
pub async fn list(cx: &OpContext) -> OpResult<ModelsView> {
    cx.require(Action::ViewModels)?;
    let mut reader = cx.store.read().await?;
    let inventory = Inventory::load(cx, &mut reader).await?;
    Ok(ModelsView {
        projects: inventory.projects()?,
        places: inventory.places()?,
        now: cx.now(),
    })
}
