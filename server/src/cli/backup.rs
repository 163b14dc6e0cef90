//! `customhouse backup`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::Verdict;
use super::output::say;
use crate::config::Config;

/// What is said instead with PostgreSQL, which has tools of its own.
const POSTGRES: &str = "\
the database is PostgreSQL, which has its own tools: `pg_dump --format=custom --file=FILE URL` \
copies it while it is in use. After `pg_restore` run `customhouse restore` without a file, so that \
the restored database is paused";

/// What `customhouse backup` is given.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The file to write; it must not exist.
    file: PathBuf,
}

/// Copies the SQLite database as it is at one moment, whether a server uses it or not.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let url = config.database.url();
    let Some(database) = url.file() else {
        bail!(POSTGRES);
    };
    if !database.exists() {
        bail!("there is no database {} yet", database.display());
    }
    store::backup::backup(database, &options.file).await?;
    say(&format!(
        "Copied {} to {}. It holds the ids that open the roles: keep it as closed as the original.",
        database.display(),
        options.file.display()
    ))?;
    Ok(Verdict::Good)
}
