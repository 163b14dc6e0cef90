//! Noticing that the database does not keep what it is given.
//!
//! After a failed write or `fsync` nobody can tell what is on disk; trying again may seem to
//! succeed and lose data ("PostgreSQL's `fsync()` surprise", LWN). So the first such failure
//! blows the fuse for good: nothing is begun any more, and whoever runs the process ends it. The next
//! start recovers from what is on disk.

use sqlx::error::DatabaseError;
use tokio::sync::watch;

/// Shared by a store and all its transactions.
#[derive(Clone)]
pub(crate) struct Fuse(watch::Sender<bool>);

impl Fuse {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(crate) fn is_blown(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when the fuse has blown.
    pub(crate) async fn blown(&self) {
        // The sender lives as long as this borrow, so waiting ends with a blown fuse only.
        let _ = self.0.subscribe().wait_for(|blown| *blown).await;
    }

    /// Blows if `error` says that the storage failed.
    pub(crate) fn judge(&self, error: &sqlx::Error) {
        let failed = error.as_database_error().is_some_and(is_storage_failure);
        if failed && !self.0.send_replace(true) {
            tracing::error!(
                %error,
                "the database could not keep what it was given; this process stops using it"
            );
        }
    }
}

/// SQLite: the primary code is the low byte ("Result and Error Codes", SQLite). PostgreSQL:
/// "PostgreSQL Error Codes".
fn is_storage_failure(error: &dyn DatabaseError) -> bool {
    /// `SQLITE_READONLY`, which a file system gives that was remounted after an error, and a file
    /// that was replaced under us; `SQLITE_IOERR`, `SQLITE_CORRUPT`, `SQLITE_FULL`,
    /// `SQLITE_NOTADB`.
    const SQLITE: [u32; 5] = [8, 10, 11, 13, 26];
    /// `disk_full`, `io_error`, `data_corrupted`, `index_corrupted`.
    const POSTGRES: [&str; 4] = ["53100", "58030", "XX001", "XX002"];
    let Some(code) = error.code() else {
        return false;
    };
    match error.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
        Some(_) => code
            .parse::<u32>()
            .is_ok_and(|code| SQLITE.contains(&(code & 0xff))),
        None => POSTGRES.contains(&code.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, Executor};

    #[tokio::test]
    async fn a_full_disk_blows_it_and_a_broken_rule_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.path().join("test.sqlite"))
            .create_if_missing(true)
            .connect()
            .await
            .unwrap();
        let fuse = Fuse::new();
        connection
            .execute("CREATE TABLE t (n BIGINT PRIMARY KEY, text TEXT)")
            .await
            .unwrap();
        for _ in 0..2 {
            let insert = connection.execute("INSERT INTO t VALUES (1, '')").await;
            insert.as_ref().err().inspect(|error| fuse.judge(error));
        }
        assert!(!fuse.is_blown(), "a key that is taken is no failure");
        connection
            .execute("PRAGMA max_page_count = 4")
            .await
            .unwrap();
        let full = connection
            .execute("INSERT INTO t VALUES (2, zeroblob(100000))")
            .await
            .unwrap_err();
        fuse.judge(&full);
        assert!(fuse.is_blown(), "{full}");
        fuse.blown().await;
    }
}
