//! PostgreSQL, for tests that run on both databases.

use anyhow::Result;

use super::apt;
use crate::process;

/// Makes sure that `pg_virtualenv` and a server for it are there.
pub(crate) fn install() -> Result<()> {
    let server = std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut all| all.next().is_some());
    if server && process::find("pg_virtualenv").is_some() {
        return Ok(());
    }
    apt::install("PostgreSQL", &["postgresql", "postgresql-common"])
}
