//! `customhouse restore`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::Actor;
use operations::installation::declare_restored;
use store::audit::{ChainVerdict, verify_chain};
use store::backup::{self, Replacement};
use store::{DatabaseLock, DatabaseUrl, Store, ledger};

use super::Verdict;
use super::output::say;
use crate::checkpoints;
use crate::config::Config;
use crate::startup::{Machine, open_store};

const NEXT: &str = "\
It is paused: what jobs did in AWS since the copy was made is not in it. Start the server, look at \
the jobs and the model versions in AWS, then run `customhouse resume`, which lists grants that the \
database does not know of.";

/// What `customhouse restore` is given.
#[derive(clap::Args)]
pub(super) struct Options {
    /// A file that `customhouse backup` wrote. Without it the database is taken for one that other
    /// tools have restored, such as `pg_restore`.
    file: Option<PathBuf>,
}

/// Puts a backup in the place of the SQLite database, or declares that other tools did so; either
/// way the database begins a new epoch and is paused. Refused while a server holds the SQLite file.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let url = config.database.url();
    match (url.file(), &options.file) {
        (Some(database), Some(backup)) => {
            let _lock = DatabaseLock::take(database)?;
            replace(config, database, backup).await
        }
        (Some(database), None) => {
            let _lock = DatabaseLock::take(database)?;
            declare(config).await
        }
        (None, None) => declare(config).await,
        (None, Some(_)) => bail!(
            "the database is PostgreSQL: restore it with `pg_restore`, then run `customhouse \
             restore` without a file"
        ),
    }
}

async fn replace(config: &Config, database: &Path, backup: &Path) -> Result<Verdict> {
    let beyond = highest_epoch(config, database).await?;
    let replacement = Replacement::stage(backup, database).await?;
    let store = Store::open(&DatabaseUrl::sqlite(replacement.path()))
        .await
        .with_context(|| format!("{} cannot be used", backup.display()))?;
    let chain = verify_chain(&mut store.read().await?).await?;
    let epoch = begin_epoch(config, &store, beyond, "it was restored from a backup").await;
    store.close().await;
    let epoch = epoch?;
    let former = replacement.put_in_place(&format!("epoch-{epoch}"))?;
    say(&format!(
        "{} now holds the contents of {}, in epoch {epoch}. {NEXT}",
        database.display(),
        backup.display()
    ))?;
    if let Some(former) = former {
        say(&format!(
            "The former database is kept as {}.",
            former.display()
        ))?;
    }
    if let ChainVerdict::Broken { n, .. } = chain {
        say(&format!(
            "Beware: the audit log of the backup is not as it was written, from entry {n} on."
        ))?;
        return Ok(Verdict::Bad);
    }
    Ok(Verdict::Good)
}

async fn declare(config: &Config) -> Result<Verdict> {
    if config.database.is_missing_file() {
        bail!("there is no database yet");
    }
    let store = open_store(config).await?;
    let beyond = checkpointed_epoch(config)?;
    let epoch = begin_epoch(config, &store, beyond, "a person said so").await;
    store.close().await;
    say(&format!("The database is in epoch {} now. {NEXT}", epoch?))?;
    Ok(Verdict::Good)
}

async fn begin_epoch(config: &Config, store: &Store, beyond: i64, because: &str) -> Result<i64> {
    let machine = Machine::real(config).await;
    let cx = machine.context(config, store, Actor::LocalOperator);
    declare_restored(&cx, beyond, because).await?;
    let head = ledger::head(&mut store.read().await?).await?;
    Ok(head.epoch)
}

/// The highest epoch that readers may have met: the same backup can be restored twice. A database
/// that cannot be opened any more tells nothing.
async fn highest_epoch(config: &Config, database: &Path) -> Result<i64> {
    let noted = checkpointed_epoch(config)?;
    if !database.exists() {
        return Ok(noted);
    }
    match backup::epoch(database).await {
        Ok(epoch) => Ok(noted.max(epoch)),
        Err(error) => {
            eprintln!("customhouse: the epoch of the present database cannot be read: {error}");
            Ok(noted)
        }
    }
}

fn checkpointed_epoch(config: &Config) -> Result<i64> {
    let Some(file) = config.database.checkpoint() else {
        return Ok(0);
    };
    Ok(checkpoints::read(&file)?.map_or(0, |noted| noted.checkpoint.epoch))
}
