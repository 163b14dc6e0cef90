//! Opening either database in the one way in which it keeps what was committed.

use crate::error::StoreError;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::path::Path;
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The migrations that a database has had; the table is sqlx's.
const VERSIONS: &str = "SELECT version FROM _sqlx_migrations WHERE success";
const SQLITE_HAS_VERSIONS: &str =
    "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
const POSTGRES_HAS_VERSIONS: &str =
    "SELECT COUNT(*) FROM (SELECT to_regclass('_sqlx_migrations') AS found) AS one
        WHERE found IS NOT NULL";

/// How long a connection waits for SQLite's write lock. Only another process can hold it that
/// long, such as a backup.
const SQLITE_BUSY: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;
/// How long anybody waits for a connection, and so for their turn to write.
const ACQUIRE: Duration = Duration::from_secs(30);

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached or read.
    #[error("the database cannot be opened")]
    Connect(#[source] sqlx::Error),
    /// Its tables could not be brought to the form that this version needs, or come from a newer
    /// version.
    #[error("the tables of the database cannot be brought up to date")]
    Migrate(#[source] MigrateError),
    /// Its tables are those of an older version, and were not to be changed.
    #[error(
        "the database has the tables of an older version of customhouse and was left as it is; stop the servers that use it and run `customhouse migrate`, or use the version that they run"
    )]
    Older,
    /// Its tables are those of a newer version.
    #[error(
        "the database has the tables of a newer version of customhouse and was left as it is; use the version that its servers run"
    )]
    Newer,
    /// It would not keep what it confirms, or not check what it must.
    #[error("the database runs with {setting} = {found}; {wanted} is needed")]
    Setting {
        /// The name of the setting.
        setting: &'static str,
        /// The value that it needs.
        wanted: &'static str,
        /// The value that it has.
        found: String,
    },
    /// What is searched by beside the audit entries of a former version cannot be written.
    #[error("the audit entries of a former version cannot be made searchable")]
    Audit(#[source] StoreError),
    /// Its row of numbers cannot be read.
    #[error("the ledger's head cannot be read")]
    Head(#[source] StoreError),
}

/// What is done about tables that are not those of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tables {
    /// They are made, or brought up to date.
    Migrated,
    /// The database is refused: a server of another version may be using it.
    AsTheyAre,
}

/// One connection that writes and some that read.
pub(crate) async fn sqlite(
    path: &Path,
    tables: Tables,
) -> Result<(SqlitePool, SqlitePool), OpenError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(tables == Tables::Migrated)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL may lose the last commits when the power fails; a lost intent means a second copy.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.clone())
        .await
        .map_err(OpenError::Connect)?;
    check_sqlite(&writer).await?;
    match tables {
        Tables::Migrated => MIGRATIONS.run(&writer).await.map_err(OpenError::Migrate)?,
        Tables::AsTheyAre => {
            let found = sqlx::query_scalar(SQLITE_HAS_VERSIONS).fetch_one(&writer);
            let found: i64 = found.await.map_err(OpenError::Connect)?;
            let versions = match found {
                0 => Ok(Vec::new()),
                _ => sqlx::query_scalar(VERSIONS).fetch_all(&writer).await,
            };
            judge(&versions.map_err(OpenError::Connect)?)?;
        }
    }
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(OpenError::Connect)?;
    Ok((writer, readers))
}

/// A file system or a build of SQLite may decline a setting without an error.
async fn check_sqlite(writer: &SqlitePool) -> Result<(), OpenError> {
    let text = |sql: &'static str| sqlx::query_scalar::<_, String>(sql).fetch_one(writer);
    let number = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(writer);
    let found = [
        (
            "journal_mode",
            "wal",
            text("PRAGMA journal_mode")
                .await
                .map_err(OpenError::Connect)?,
        ),
        (
            "synchronous",
            "2",
            number("PRAGMA synchronous")
                .await
                .map_err(OpenError::Connect)?
                .to_string(),
        ),
        (
            "foreign_keys",
            "1",
            number("PRAGMA foreign_keys")
                .await
                .map_err(OpenError::Connect)?
                .to_string(),
        ),
    ];
    for (setting, wanted, found) in found {
        if found != wanted {
            return Err(OpenError::Setting {
                setting,
                wanted,
                found,
            });
        }
    }
    Ok(())
}

/// A pool of connections to PostgreSQL.
pub(crate) async fn postgres(
    options: PgConnectOptions,
    tables: Tables,
) -> Result<PgPool, OpenError> {
    let options = options.application_name("customhouse").options([
        // The server may be set up to confirm a commit before it is on disk.
        ("synchronous_commit", "on"),
        // A replica that froze inside a transaction must not stop the others for ever.
        ("lock_timeout", "20s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .connect_with(options)
        .await
        .map_err(OpenError::Connect)?;
    check_postgres(&pool).await?;
    match tables {
        Tables::Migrated => MIGRATIONS.run(&pool).await.map_err(OpenError::Migrate)?,
        Tables::AsTheyAre => {
            let found = sqlx::query_scalar(POSTGRES_HAS_VERSIONS).fetch_one(&pool);
            let found: i64 = found.await.map_err(OpenError::Connect)?;
            let versions = match found {
                0 => Ok(Vec::new()),
                _ => sqlx::query_scalar(VERSIONS).fetch_all(&pool).await,
            };
            judge(&versions.map_err(OpenError::Connect)?)?;
        }
    }
    Ok(pool)
}

/// Whether the migrations that a database has had are exactly ours.
fn judge(had: &[i64]) -> Result<(), OpenError> {
    if had.iter().any(|one| !MIGRATIONS.version_exists(*one)) {
        Err(OpenError::Newer)
    } else if MIGRATIONS.iter().any(|one| !had.contains(&one.version)) {
        Err(OpenError::Older)
    } else {
        Ok(())
    }
}

/// Texts come from AWS and from people, in any script; `synchronous_commit` may be fixed for a
/// role or by a proxy that drops what a connection asks for.
async fn check_postgres(pool: &PgPool) -> Result<(), OpenError> {
    for (setting, wanted, sql) in [
        ("server_encoding", "UTF8", "SHOW server_encoding"),
        ("synchronous_commit", "on", "SHOW synchronous_commit"),
    ] {
        let found: String = sqlx::query_scalar(sql)
            .fetch_one(pool)
            .await
            .map_err(OpenError::Connect)?;
        if found != wanted {
            return Err(OpenError::Setting {
                setting,
                wanted,
                found,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_may_forget_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("test.sqlite"))
            .create_if_missing(true);
        let good = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let cases = [
            (good.clone(), None),
            (
                good.clone().synchronous(SqliteSynchronous::Normal),
                Some("synchronous"),
            ),
            (good.clone().foreign_keys(false), Some("foreign_keys")),
            (
                good.journal_mode(SqliteJournalMode::Delete),
                Some("journal_mode"),
            ),
        ];
        for (options, expected) in cases {
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .connect_with(options)
                .await
                .unwrap();
            let found = match check_sqlite(&pool).await {
                Ok(()) => None,
                Err(OpenError::Setting { setting, .. }) => Some(setting),
                Err(error) => panic!("{error:?}"),
            };
            assert_eq!(found, expected);
            pool.close().await;
        }
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, readers) = sqlite(&folder.path().join("test.sqlite"), Tables::Migrated)
            .await
            .unwrap();
        let sql = "UPDATE ledger_head SET epoch = 2";
        assert!(sqlx::query(sql).execute(&readers).await.is_err());
        assert!(sqlx::query(sql).execute(&writer).await.is_ok());
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent").join("test.sqlite");
        let refused = sqlite(&path, Tables::Migrated).await;
        assert!(matches!(refused, Err(OpenError::Connect(_))));
    }
}
