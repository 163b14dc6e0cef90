//! Browser sessions for `tower-sessions`.
//!
//! A session's id is as good as its cookie, so only its SHA-256 is stored, and the record that
//! holds the id is never serialised. Sessions are no part of the history: writing them takes no
//! number and adds no event.

use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::store::Store;
use async_trait::async_trait;
use domain::{Clock, Millis};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use time::OffsetDateTime;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};
use tower_sessions_core::session_store::{Error, Result};

statements! {
    CREATE = "INSERT INTO sessions (id_hash, data, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (id_hash) DO NOTHING";
    SAVE = "UPDATE sessions SET data = $2, expires_at = $3 WHERE id_hash = $1";
    LOAD = "SELECT data, expires_at FROM sessions WHERE id_hash = $1 AND expires_at > $2";
    DELETE = "DELETE FROM sessions WHERE id_hash = $1";
    DELETE_EXPIRED = "DELETE FROM sessions WHERE expires_at <= $1";
}

/// How often a new id is drawn when the one drawn is taken, which says that ids are not random.
const DRAWS: usize = 3;

/// The sessions in the database.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    /// The sessions in `store`; `clock` says when they expire.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Deletes sessions that have expired and gives their number. They cannot be loaded before
    /// that either; this only makes room.
    pub async fn delete_expired(&self) -> std::result::Result<u64, StoreError> {
        let mut writer = self.store.begin_aside().await?;
        let deleted = execute!(writer, DELETE_EXPIRED, self.clock.now().get())?;
        writer.commit().await?;
        Ok(deleted)
    }

    async fn insert(
        &self,
        hash: &str,
        data: &str,
        expires_at: i64,
    ) -> std::result::Result<bool, StoreError> {
        let mut writer = self.store.begin_aside().await?;
        let inserted = execute!(writer, CREATE, hash, data, expires_at)?;
        writer.commit().await?;
        Ok(inserted == 1)
    }

    async fn update(
        &self,
        hash: &str,
        data: &str,
        expires_at: i64,
    ) -> std::result::Result<bool, StoreError> {
        let mut writer = self.store.begin_aside().await?;
        let updated = execute!(writer, SAVE, hash, data, expires_at)?;
        writer.commit().await?;
        Ok(updated == 1)
    }

    async fn find(
        &self,
        hash: &str,
        now: Millis,
    ) -> std::result::Result<Option<(String, i64)>, StoreError> {
        let mut reader = self.store.read().await?;
        Ok(fetch_optional!(
            reader,
            (String, i64),
            LOAD,
            hash,
            now.get()
        )?)
    }

    async fn remove(&self, hash: &str) -> std::result::Result<(), StoreError> {
        let mut writer = self.store.begin_aside().await?;
        execute!(writer, DELETE, hash)?;
        writer.commit().await?;
        Ok(())
    }
}

#[async_trait]
impl SessionStore for Sessions {
    /// Never overwrites: an id that is taken is drawn anew.
    async fn create(&self, record: &mut Record) -> Result<()> {
        let data = encode(record)?;
        let expires_at = milliseconds(record.expiry_date);
        for _ in 0..DRAWS {
            if self
                .insert(&hash(record.id), &data, expires_at)
                .await
                .map_err(|error| backend(&error))?
            {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("no free session id was drawn".to_owned()))
    }

    /// Only updates: a session that was deleted meanwhile stays deleted.
    async fn save(&self, record: &Record) -> Result<()> {
        let data = encode(record)?;
        let expires_at = milliseconds(record.expiry_date);
        let found = self
            .update(&hash(record.id), &data, expires_at)
            .await
            .map_err(|error| backend(&error))?;
        if !found {
            tracing::debug!("a session was deleted before it could be saved");
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = self
            .find(&hash(*id), self.clock.now())
            .await
            .map_err(|error| backend(&error))?;
        let Some((data, expires_at)) = row else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data)
            .map_err(|_| Error::Decode("a stored session cannot be read".to_owned()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires_at) * 1_000_000)
                .map_err(|_| Error::Decode("a stored session's end is no date".to_owned()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.remove(&hash(*id))
            .await
            .map_err(|error| backend(&error))
    }
}

fn hash(id: Id) -> String {
    hex::encode(Sha256::digest(id.0.to_be_bytes()))
}

fn encode(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data)
        .map_err(|_| Error::Encode("a session cannot be written as JSON".to_owned()))
}

fn milliseconds(moment: OffsetDateTime) -> i64 {
    let milliseconds = moment.unix_timestamp_nanos() / 1_000_000;
    i64::try_from(milliseconds).unwrap_or(i64::MAX)
}

/// What `tower-sessions` may log: the failed operation, and the cause beneath it.
fn backend(error: &StoreError) -> Error {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "sessions are out of reach"
    );
    Error::Backend(error.to_string())
}

impl fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sessions")
    }
}
