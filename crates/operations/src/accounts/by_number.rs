//! One account as a job needs it.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Account, AccountNumber, Action};

/// The account of this number with its roles; none if it is not registered.
pub async fn by_number(cx: &OpContext, number: &AccountNumber) -> OpResult<Option<Account>> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    Ok(store::accounts::find(&mut reader, number).await?)
}
