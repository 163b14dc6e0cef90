//! `customhouse migrate`.

use anyhow::{Context, Result};
use store::DatabaseLock;

use super::Verdict;
use super::output::say;
use crate::config::Config;
use crate::startup::open_store;

/// Brings the tables up to date; `serve` does the same when it starts. Refused while a server holds
/// the SQLite file.
pub(super) async fn run(config: &Config) -> Result<Verdict> {
    let url = config.database.url();
    let _lock = url.file().map(DatabaseLock::take).transpose()?;
    let store = open_store(config).await?;
    let mut reader = store.read().await.context("the database does not answer")?;
    let head = store::ledger::head(&mut reader)
        .await
        .context("the database cannot be read")?;
    drop(reader);
    store.close().await;
    say(&format!("The database is up to date (event {head})."))?;
    Ok(Verdict::Good)
}
