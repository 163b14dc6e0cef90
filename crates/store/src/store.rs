//! The handle on the database.

use crate::audit;
use crate::connect::{self, OpenError, Tables};
use crate::dialect::{
    Connection, POSTGRES_NOW, POSTGRES_READ, POSTGRES_WRITE, SQLITE_WRITE, judged, on,
};
use crate::duties::{self, DutyClaim};
use crate::error::StoreError;
use crate::fuse::Fuse;
use crate::ledger::{self, EventCursor};
use crate::statements::{self, Statement};
use crate::tx::{Reader, Tx, Watches};
use crate::url::{DatabaseUrl, Place};
use domain::Millis;
use sqlx::{Executor, PgPool, SqlSafeStr, SqlitePool};
use std::fmt;
use tokio::sync::watch;

/// The database. Clones share their connections.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    fuse: Fuse,
    watches: Watches,
    fence: Option<DutyClaim>,
}

#[derive(Clone)]
enum Pools {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database at `url`, makes it if it is an absent SQLite file, and brings its tables
    /// up to date.
    ///
    /// SQLite is refused unless it runs with a write-ahead log, `synchronous = FULL` and foreign
    /// keys: without them a committed intent could be forgotten.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        Self::open_with(url, Tables::Migrated).await
    }

    /// Opens the database at `url` beside a server that may be using it: it has to be there, with
    /// the tables of this version. Others are refused ([`OpenError::Older`], [`OpenError::Newer`])
    /// and left as they are, for a server of their version goes on with them.
    pub async fn open_as_it_is(url: &DatabaseUrl) -> Result<Self, OpenError> {
        Self::open_with(url, Tables::AsTheyAre).await
    }

    async fn open_with(url: &DatabaseUrl, tables: Tables) -> Result<Self, OpenError> {
        let pools = match &url.0 {
            Place::Sqlite(path) => {
                let (writer, readers) = connect::sqlite(path, tables).await?;
                Pools::Sqlite { writer, readers }
            }
            Place::Postgres(options) => {
                Pools::Postgres(connect::postgres(options.as_ref().clone(), tables).await?)
            }
        };
        let store = Self {
            pools,
            fuse: Fuse::new(),
            watches: Watches {
                head: watch::Sender::new(EventCursor::default()),
                committed: watch::Sender::new(EventCursor::default()),
            },
            fence: None,
        };
        if tables == Tables::Migrated {
            audit::fill(&store).await.map_err(OpenError::Audit)?;
        }
        store.refresh_head().await.map_err(OpenError::Head)?;
        Ok(store)
    }

    /// Begins the transaction that writes, once every other one has ended.
    ///
    /// There is one writer at a time, on PostgreSQL too and over all replicas: what a transaction
    /// has read stays true until it commits. So keep it short, never wait for AWS inside, and
    /// never begin another one while holding it: that one would wait for its own caller, and fail
    /// after 20 s (PostgreSQL) or 30 s (SQLite).
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let mut reader = self.begin_aside().await?;
        let head = ledger::lock(&mut reader).await?;
        if let Some(claim) = &self.fence {
            duties::assert_held(&mut reader, claim).await?;
        }
        Ok(Tx::new(reader, head, self.watches.clone()))
    }

    /// The same database for whoever does a duty: [`Store::begin`] fails with
    /// [`StoreError::LostDuty`] once somebody else has taken it over. Reading goes on.
    #[must_use]
    pub fn fenced(&self, claim: DutyClaim) -> Self {
        Self {
            fence: Some(claim),
            ..self.clone()
        }
    }

    /// Begins a transaction that sees the database as it is now, whatever is committed meanwhile,
    /// and cannot change it. Keep it short: SQLite's log grows while it is open.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        let connection = match &self.pools {
            Pools::Sqlite { readers, .. } => readers.begin().await.map(Connection::Sqlite),
            Pools::Postgres(pool) => pool
                .begin_with(POSTGRES_READ)
                .await
                .map(Connection::Postgres),
        };
        self.begun(connection)
    }

    /// Begins a transaction for rows that are no part of the history, such as sessions. It takes
    /// no number and, on PostgreSQL, does not wait for the writer.
    pub(crate) async fn begin_aside(&self) -> Result<Reader, StoreError> {
        let connection = match &self.pools {
            Pools::Sqlite { writer, .. } => writer
                .begin_with(SQLITE_WRITE)
                .await
                .map(Connection::Sqlite),
            Pools::Postgres(pool) => pool
                .begin_with(POSTGRES_WRITE)
                .await
                .map(Connection::Postgres),
        };
        self.begun(connection)
    }

    fn begun(&self, connection: Result<Connection, sqlx::Error>) -> Result<Reader, StoreError> {
        let connection = judged!(self, connection)?;
        if self.fuse.is_blown() {
            return Err(StoreError::Broken);
        }
        Ok(Reader {
            connection,
            fuse: self.fuse.clone(),
        })
    }

    /// Whether the storage has failed (a full disk, a failed write or `fsync`, a damaged file).
    /// Nothing is begun any more then: the process has to end and to start again from what is on
    /// disk, and must not act in AWS meanwhile.
    pub fn is_broken(&self) -> bool {
        self.fuse.is_blown()
    }

    /// Ends when [`Store::is_broken`] becomes true.
    pub async fn broken(&self) {
        self.fuse.blown().await;
    }

    /// The database server's time; none with SQLite, which has no clock of its own.
    pub async fn server_time(&self) -> Result<Option<Millis>, StoreError> {
        let Some(pool) = self.postgres() else {
            return Ok(None);
        };
        let now: i64 = sqlx::query_scalar(POSTGRES_NOW).fetch_one(pool).await?;
        Ok(Some(Millis::new(now)))
    }

    /// Whether other processes may use the same database: with SQLite there is one server, which
    /// holds the [`crate::DatabaseLock`].
    pub fn is_shared(&self) -> bool {
        self.postgres().is_some()
    }

    pub(crate) fn postgres(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }

    /// Follows the newest event that was committed through this store.
    pub(crate) fn committed(&self) -> watch::Receiver<EventCursor> {
        self.watches.committed.subscribe()
    }

    /// Follows the number of the newest event. It moves after a commit through this store, and
    /// when [`Store::refresh_head`] sees a newer one. It never goes back.
    pub fn watch_head(&self) -> watch::Receiver<EventCursor> {
        self.watches.head.subscribe()
    }

    /// Reads the number of the newest event from the database and wakes those who watch it.
    ///
    /// To be called about once a second: other replicas commit events too, and a commit whose
    /// caller went away may have succeeded without moving the watch.
    pub async fn refresh_head(&self) -> Result<EventCursor, StoreError> {
        let mut reader = self.read().await?;
        let head = ledger::head(&mut reader).await?;
        ledger::advance(&self.watches.head, head);
        Ok(head)
    }

    /// Asks the database to prepare every statement that this crate can run, and gives the first
    /// refusal. It finds tables that were changed behind the program's back.
    pub async fn check_statements(&self) -> Result<(), StoreError> {
        let mut reader = self.begin_aside().await?;
        // SQLite prepares against the tables as it remembers them, and only running a statement
        // makes it notice that they have changed.
        ledger::head(&mut reader).await?;
        for Statement { module, name, sql } in statements::all() {
            on!(&mut reader.connection, |c| {
                c.prepare(sql.into_sql_str()).await.map(drop)
            })
            .inspect_err(|error| tracing::error!(module, name, %error, "statement refused"))?;
        }
        Ok(())
    }

    /// Closes all connections once what uses them is done. Whatever is asked afterwards fails.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = match &self.pools {
            Pools::Sqlite { .. } => "SQLite",
            Pools::Postgres(_) => "PostgreSQL",
        };
        write!(formatter, "Store({database})")
    }
}
