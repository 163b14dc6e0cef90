//! Waking processes that share one PostgreSQL database.
//!
//! A notification only wakes; what is true is read ([`Store::refresh_head`]), and polling about
//! once a second finds what no notification told. `NOTIFY` inside a transaction holds a lock over
//! the whole server until that has committed, so one relay for each process sends it afterwards, in
//! a transaction of its own, at most every few milliseconds and for the newest number only.

use crate::dialect::{NOTIFY, NOTIFY_CHANNEL};
use crate::store::Store;
use sqlx::PgPool;
use sqlx::postgres::{PgListener, PgPoolOptions};
use std::future::Future;
use std::time::Duration;

/// Between two notifications; commits in between share the next one.
const SPACING: Duration = Duration::from_millis(20);
/// Before a lost connection is made anew.
const AGAIN: Duration = Duration::from_secs(1);

impl Store {
    /// Tells other processes of commits through this store, and moves the head's watch when they
    /// tell of theirs, until `stop` ends. With SQLite there is nobody to tell.
    ///
    /// Nothing depends on it but the time that passes until somebody notices.
    pub async fn follow(&self, stop: impl Future<Output = ()>) {
        let Some(pool) = self.postgres() else {
            return stop.await;
        };
        tokio::select! {
            () = stop => {}
            () = self.relay(pool) => {}
            () = self.listen(pool) => {}
        }
    }

    async fn relay(&self, pool: &PgPool) {
        let mut committed = self.committed();
        while committed.changed().await.is_ok() {
            let head = committed.borrow_and_update().to_string();
            let told = sqlx::query(NOTIFY)
                .bind(NOTIFY_CHANNEL)
                .bind(head)
                .execute(pool)
                .await;
            if let Err(error) = told {
                tracing::debug!(%error, "other processes were not told of a commit");
            }
            tokio::time::sleep(SPACING).await;
        }
    }

    async fn listen(&self, pool: &PgPool) {
        loop {
            if let Err(error) = self.listen_once(pool).await {
                tracing::warn!(%error, "commits of other processes are noticed by polling only");
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Listens on a connection of its own, so that no transaction waits for one.
    async fn listen_once(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let options = pool.connect_options();
        let single = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_with(options.as_ref().clone())
            .await?;
        let mut listener = PgListener::connect_with(&single).await?;
        listener.listen(NOTIFY_CHANNEL).await?;
        loop {
            // None says that the connection was lost and made anew: something may have been missed.
            listener.try_recv().await?;
            if let Err(error) = self.refresh_head().await {
                tracing::debug!(%error, "the head was not read after a notification");
            }
        }
    }
}
