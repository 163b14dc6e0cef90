//! The two databases and all that differs between them in running a statement.
//!
//! Every query is one SQL text that both understand. `on!` runs the same code on whichever
//! connection is there; the four macros after it are the only ways in which this crate asks.

use sqlx::{Postgres, Sqlite, Transaction};

/// One open transaction on one of the two databases.
pub(crate) enum Connection {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Begins the writing transaction on SQLite. The write lock is taken at once: a transaction that
/// reads first and writes later could find, too late, that another has written in between.
pub(crate) const SQLITE_WRITE: &str = "BEGIN IMMEDIATE";
/// Begins a transaction on PostgreSQL that sees one state of the database and cannot change it.
pub(crate) const POSTGRES_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Begins a writing transaction on PostgreSQL. Each statement sees what was committed before it.
pub(crate) const POSTGRES_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// Wakes other processes; PostgreSQL only.
pub(crate) const NOTIFY: &str = "SELECT pg_notify($1, $2)";
/// What they listen to.
pub(crate) const NOTIFY_CHANNEL: &str = "customhouse_head";
/// The server's time in milliseconds; PostgreSQL only.
pub(crate) const POSTGRES_NOW: &str =
    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

impl Connection {
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }
}

/// Evaluates `$body` with `$c` bound to the connection of either database.
macro_rules! on {
    ($connection:expr, |$c:ident| $body:expr) => {
        match $connection {
            $crate::dialect::Connection::Sqlite(transaction) => {
                let $c = &mut **transaction;
                $body
            }
            $crate::dialect::Connection::Postgres(transaction) => {
                let $c = &mut **transaction;
                $body
            }
        }
    };
}

/// Passes a result on, after telling the reader's fuse of a failure.
macro_rules! judged {
    ($reader:expr, $result:expr) => {{
        let result = $result;
        if let Err(error) = &result {
            $reader.fuse.judge(error);
        }
        result
    }};
}

/// All rows of a query, each as `$row`.
macro_rules! fetch_all {
    ($reader:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::dialect::judged!($reader, $crate::dialect::on!(&mut $reader.connection, |c| {
            sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(c).await
        }))
    };
}

/// The first row of a query as `$row`, or none.
macro_rules! fetch_optional {
    ($reader:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::dialect::judged!($reader, $crate::dialect::on!(&mut $reader.connection, |c| {
            sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(c).await
        }))
    };
}

/// The only row of a query that always has one.
macro_rules! fetch_one {
    ($reader:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::dialect::judged!($reader, $crate::dialect::on!(&mut $reader.connection, |c| {
            sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_one(c).await
        }))
    };
}

/// Runs a statement and gives the number of rows that it changed.
macro_rules! execute {
    ($reader:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::dialect::judged!($reader, $crate::dialect::on!(&mut $reader.connection, |c| {
            sqlx::query($sql)$(.bind($bind))*.execute(c).await.map(|done| done.rows_affected())
        }))
    };
}

/// Declares the statements of one module and lists them, so that a test can prepare them all.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* const $name: &str = $sql;)*

        /// Every statement of this module.
        pub(crate) const STATEMENTS: &[$crate::statements::Statement] = &[$(
            $crate::statements::Statement {
                module: module_path!(),
                name: stringify!($name),
                sql: $name,
            }
        ),*];
    };
}

pub(crate) use {execute, fetch_all, fetch_one, fetch_optional, judged, on, statements};
