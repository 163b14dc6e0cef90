//! Listing accounts.

use super::view::{AccountView, Known};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;

/// All accounts in the order in which they were registered, each with the last test of its roles
/// and what was last seen in it.
pub async fn list(cx: &OpContext) -> OpResult<Vec<AccountView>> {
    cx.require(Action::ViewAccounts)?;
    let mut reader = cx.store.read().await?;
    let known = Known::load(cx, &mut reader).await?;
    let accounts = known.registry.accounts.iter();
    accounts.map(|account| known.view(cx, account)).collect()
}
