//! The database that is there, for commands that make none, and which accounts count: those of the
//! database once it has some, until then those of the file.

use anyhow::{Context, Result, bail};
use domain::{Account, Actor, Environment};
use operations::OpContext;
use operations::accounts::Registry;
use store::Store;

use crate::config::Config;
use crate::startup::Machine;

/// The configured database, unless it is an SQLite file that does not exist: looking must not
/// make one. A database of another version is refused: a server of that version may be using it.
pub(super) async fn existing_store(config: &Config) -> Result<Option<Store>> {
    if config.database.is_missing_file() {
        return Ok(None);
    }
    Ok(Some(Store::open_as_it_is(&config.database.url()).await?))
}

/// Whoever has a shell on the machine, at the configured database.
pub(super) async fn local_operator(config: &Config) -> Result<OpContext> {
    let Some(store) = existing_store(config).await? else {
        bail!("there is no database yet");
    };
    let machine = Machine::real(config).await;
    Ok(machine.context(config, &store, Actor::LocalOperator))
}

/// The accounts and environments of the database, if it has any.
pub(super) async fn in_database(config: &Config) -> Result<Option<Registry>> {
    let Some(store) = existing_store(config).await? else {
        return Ok(None);
    };
    let read = read(&store).await;
    store.close().await;
    let (environments, accounts) = read?;
    let registry = Registry {
        environments,
        accounts,
    };
    Ok((!registry.is_empty()).then_some(registry))
}

async fn read(store: &Store) -> Result<(Vec<Environment>, Vec<Account>)> {
    let mut reader = store.read().await.context("the database does not answer")?;
    let environments = store::environments::list(&mut reader).await;
    let environments = environments.context("the environments cannot be read")?;
    let accounts = store::accounts::list(&mut reader).await;
    Ok((
        environments,
        accounts.context("the accounts cannot be read")?,
    ))
}
