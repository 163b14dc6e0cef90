//! Finding out that the database went back.

use super::declare_restored::declare;
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;
use store::checkpoint::{Checkpoint, Lineage, lineage};

/// Declares the database a restored one if it did not go on from `former`, and says whether it did
/// so. Of several processes that find out at once, one declares it: its new epoch goes on from
/// every checkpoint of before.
pub async fn declare_if_older(cx: &OpContext, former: &Checkpoint) -> OpResult<bool> {
    cx.require(Action::DeclareRestored)?;
    let mut tx = cx.store.begin().await?;
    let because = match lineage(&mut tx, former).await? {
        Lineage::Continues | Lineage::OtherInstallation => return Ok(false),
        Lineage::Behind => "it is behind the last checkpoint",
        Lineage::Differs => "its audit entries are others than at the last checkpoint",
    };
    declare(cx, tx, former.epoch, because).await?;
    Ok(true)
}
