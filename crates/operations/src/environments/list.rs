//! Listing environments.

use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::OpResult;
use crate::view::AccountIdentity;
use domain::{Action, Environment};
use serde::Serialize;

/// An environment with the accounts that belong to it.
#[derive(Clone, Debug, Serialize)]
pub struct EnvironmentView {
    /// The environment and the rule in force.
    pub environment: Environment,
    /// Its accounts.
    pub accounts: Vec<AccountIdentity>,
}

/// All environments in their order.
pub async fn list(cx: &OpContext) -> OpResult<Vec<EnvironmentView>> {
    cx.require(Action::ViewAccounts)?;
    let mut reader = cx.store.read().await?;
    let registry = Registry::visible(cx, &mut reader, Action::ViewAccounts).await?;
    let mut views = Vec::with_capacity(registry.environments.len());
    for environment in &registry.environments {
        let accounts = registry
            .accounts
            .iter()
            .filter(|account| account.environment == environment.name)
            .map(|account| registry.identity(account))
            .collect::<OpResult<_>>()?;
        views.push(EnvironmentView {
            environment: environment.clone(),
            accounts,
        });
    }
    Ok(views)
}
