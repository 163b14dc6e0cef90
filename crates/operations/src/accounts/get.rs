//! One account.

use super::registry::Registry;
use super::view::{AccountView, Known};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use domain::{Account, Action};

/// The account of this number or alias, with the last test of its roles.
pub async fn get(cx: &OpContext, number: &str) -> OpResult<AccountView> {
    cx.require(Action::ViewAccounts)?;
    let mut reader = cx.store.read().await?;
    let known = Known::load(cx, &mut reader).await?;
    known.view(cx, named(&known.registry, number)?)
}

/// The account that `text`, a number or an alias, names.
pub(super) fn named<'a>(registry: &'a Registry, text: &str) -> OpResult<&'a Account> {
    registry
        .accounts
        .iter()
        .find(|account| account.number.as_str() == text || account.alias.as_str() == text)
        .ok_or_else(|| OpError::not_found(Kind::Account, text))
}
