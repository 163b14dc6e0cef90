//! `customhouse migrate`.

use anyhow::{Context, Result};

use super::Verdict;
use super::output::say;
use crate::config::Config;
use crate::startup::open_store;

/// Brings the tables up to date; `serve` does the same when it starts.
pub(super) async fn run(config: &Config) -> Result<Verdict> {
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
