//! Notes outside of the database how far it is, and finds out when it went back.
//!
//! A restored database does not know what its jobs did in AWS since it was copied, nor does one
//! whose place a replica took that had not received every commit. So a database that is behind the
//! last checkpoint begins a new epoch and is paused until a person has looked; see
//! [`operations::installation::declare_restored`]. The last checkpoint is kept in memory, and in a
//! file for the next start. Now and then one is given away, so that somebody who can write to the
//! database, and to that file, cannot change the audit unseen. All of them are signed if there is a
//! key.

pub(crate) mod key;
mod publish;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::Millis;
use operations::OpContext;
use operations::installation::declare_if_older;
use store::StoreError;
use store::checkpoint::signed::{Noted, SigningKey};
use store::checkpoint::{Checkpoint, Lineage, checkpoint, lineage};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use key::KeyError;
use publish::Publisher;

/// Between two notes.
const SPACING: Duration = Duration::from_secs(1);
/// How long at most after that: audit entries can come without an event that wakes, and a database
/// that went back wakes nobody.
const LONGEST: Duration = Duration::from_secs(1);

/// Why the last checkpoint is not known, or no answer to it was stored.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file cannot be read, or holds something else.
    #[error(
        "cannot read the checkpoint in {}; if the database was not restored, remove that file",
        .file.display()
    )]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system or the parser said.
        source: io::Error,
    },
    /// The key that signs.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database cannot be read.
    #[error("cannot compare the database with its last checkpoint")]
    Database(#[from] StoreError),
    /// The database went back and could not be paused.
    #[error("cannot pause a database that is older than it was")]
    Pause(#[from] operations::OpError),
}

/// Keeps the last checkpoint. Without a file, what happens while no server runs is not found out.
pub(crate) struct Checkpoints {
    file: Option<PathBuf>,
    last: Option<Checkpoint>,
    /// Whether the file holds the last one.
    written: bool,
    key: Option<SigningKey>,
    publisher: Publisher,
}

impl Checkpoints {
    /// Reads the last checkpoint and compares the database with it. A key is made if there is none.
    pub(crate) async fn open(config: &Config, cx: &OpContext) -> Result<Self, CheckpointError> {
        let file = config.database.checkpoint();
        let last = match &file {
            Some(file) => read(file)?,
            None => None,
        };
        let key = match config.audit_key() {
            Some(file) => Some(key::obtain(&file, cx.random.as_ref())?),
            None => None,
        };
        if let (Some(last), Some(key)) = (&last, &key)
            && last.seal.is_some()
            && let Err(fault) = last.check(&key.public_key())
        {
            tracing::warn!("the last checkpoint is not to be relied on: {fault}");
        }
        let mut checkpoints = Self {
            file,
            written: last.is_some(),
            last: last.map(|noted| noted.checkpoint),
            key,
            publisher: Publisher::new(&config.audit),
        };
        checkpoints.note(cx).await?;
        Ok(checkpoints)
    }

    /// Notes how far the database is, now and then until `stop`, and once more then.
    pub(crate) async fn run(mut self, cx: OpContext, stop: CancellationToken) {
        let mut head = cx.store.watch_head();
        self.publish(&cx);
        loop {
            tokio::select! {
                () = stop.cancelled() => {}
                Ok(()) = head.changed() => {}
                () = tokio::time::sleep(LONGEST) => {}
            }
            if let Err(error) = self.note(&cx).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "no checkpoint was noted");
            }
            self.publish(&cx);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(SPACING) => {}
            }
        }
    }

    async fn note(&mut self, cx: &OpContext) -> Result<(), CheckpointError> {
        let mut reader = cx.store.read().await?;
        if let Some(last) = &self.last {
            match lineage(&mut reader, last).await? {
                Lineage::Continues => {}
                Lineage::OtherInstallation => tracing::warn!(
                    "the last checkpoint belongs to another installation and is replaced"
                ),
                Lineage::Behind | Lineage::Differs => {
                    drop(reader);
                    tracing::error!(
                        "the database is older than it was, so it is paused: look at its jobs, \
                         then run `customhouse resume`"
                    );
                    declare_if_older(cx, last).await?;
                    reader = cx.store.read().await?;
                }
            }
        }
        let now = checkpoint(&mut reader).await?;
        drop(reader);
        self.written &= self.last.as_ref() == Some(&now);
        self.last = Some(now.clone());
        if let Some(file) = self.file.as_ref().filter(|_| !self.written) {
            let noted = sealed(now, cx.now(), self.key.as_ref())?;
            match write(file, &noted) {
                Ok(()) => self.written = true,
                Err(error) => {
                    tracing::warn!(%error, file = %file.display(), "the checkpoint was not written");
                }
            }
        }
        Ok(())
    }

    /// Gives the last checkpoint away if it is time.
    fn publish(&mut self, cx: &OpContext) {
        let now = cx.now();
        let Some(last) = &self.last else { return };
        if !self.publisher.is_due(last.audit_seq, now) {
            return;
        }
        match sealed(last.clone(), now, self.key.as_ref()) {
            Ok(noted) => self.publisher.publish(&noted, now),
            Err(error) => tracing::warn!(%error, "the checkpoint cannot be signed"),
        }
    }
}

/// The checkpoint, signed if there is a key.
pub(crate) fn sealed(
    checkpoint: Checkpoint,
    at: Millis,
    key: Option<&SigningKey>,
) -> Result<Noted, StoreError> {
    match key {
        Some(key) => Noted::signed(checkpoint, at, key),
        None => Ok(Noted::unsigned(checkpoint)),
    }
}

/// The last checkpoint, if there is one.
pub(crate) fn read(file: &Path) -> Result<Option<Noted>, CheckpointError> {
    let unreadable = |source| CheckpointError::Unreadable {
        file: file.to_owned(),
        source,
    };
    match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| unreadable(error.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(error)),
    }
}

/// Replaces the file as a whole: after a crash it holds this checkpoint or the one before.
fn write(file: &Path, noted: &Noted) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let mut fresh = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    serde_json::to_writer(&mut fresh, noted)?;
    fresh.write_all(b"\n")?;
    fresh.as_file().sync_data()?;
    fresh.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::startup::Machine;
    use domain::Actor;
    use operations::installation::{self, PauseReason, Resumption};
    use sqlx::Connection as _;
    use store::{DatabaseUrl, Store, ledger};

    struct Place {
        folder: tempfile::TempDir,
        cx: OpContext,
    }

    impl Place {
        /// With some history.
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("test.sqlite");
            let store = Store::open(&DatabaseUrl::sqlite(file)).await.unwrap();
            let config = Config::from_toml("").unwrap();
            let machine = Machine::real(&config).await;
            let cx = machine.context(&config, &store, Actor::LocalOperator);
            let place = Self { folder, cx };
            place.write().await;
            place
        }

        /// Reads and compares as a start does that keeps its checkpoint in this file.
        async fn open(&self, file: Option<&Path>) -> Checkpoints {
            let named = match file {
                Some(file) => format!("[database]\ncheckpoint = \"{}\"\n", file.display()),
                None => "[database]\nurl = \"postgres://nobody@127.0.0.1:1/none\"\n".to_owned(),
            };
            let key = self.folder.path().join("key");
            let text = format!("{named}[audit]\nkey_file = \"{}\"\n", key.display());
            let config = Config::from_toml(&text).unwrap();
            Checkpoints::open(&config, &self.cx).await.unwrap()
        }

        async fn write(&self) {
            installation::pause(&self.cx).await.unwrap();
            let resumed = installation::resume(&self.cx, true).await.unwrap();
            assert!(matches!(resumed, Resumption::Lifted(_)), "{resumed:?}");
        }

        /// Forgets the newest audit entry and the newest event under whoever uses the database.
        async fn go_back(&self) {
            let file = self.folder.path().join("test.sqlite");
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
            let connected = sqlx::SqliteConnection::connect_with(&options).await;
            let mut connection = connected.unwrap();
            for sql in [
                "DELETE FROM audit WHERE n = (SELECT audit_seq FROM ledger_head)",
                "DELETE FROM events WHERE seq = (SELECT event_seq FROM ledger_head)",
                "UPDATE ledger_head SET event_seq = event_seq - 1, audit_seq = audit_seq - 1,
                    audit_hash = (SELECT hash FROM audit ORDER BY n DESC LIMIT 1)",
            ] {
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
            connection.close().await.unwrap();
        }

        async fn epoch(&self) -> i64 {
            let mut reader = self.cx.store.read().await.unwrap();
            ledger::head(&mut reader).await.unwrap().epoch
        }

        async fn is_declared(&self) -> bool {
            let mut reader = self.cx.store.read().await.unwrap();
            let pause = store::installation::pause(&mut reader).await.unwrap();
            pause.is_some_and(|pause| pause.reason == PauseReason::Restored)
        }
    }

    #[tokio::test]
    async fn a_database_that_goes_back_meanwhile_is_paused_with_and_without_a_file() {
        for file in [None, Some("noted")] {
            let place = Place::new().await;
            let file = file.map(|name| place.folder.path().join(name));
            let mut checkpoints = place.open(file.as_deref()).await;
            place.write().await;
            checkpoints.note(&place.cx).await.unwrap();
            assert!(!place.is_declared().await);
            place.go_back().await;
            checkpoints.note(&place.cx).await.unwrap();
            assert!(place.is_declared().await);
            checkpoints.note(&place.cx).await.unwrap();
            assert_eq!(place.epoch().await, 2, "it is declared once");
        }
    }

    /// The lost entries have successors: only the hash tells.
    #[tokio::test]
    async fn a_database_that_has_gone_on_from_before_is_paused_too() {
        let place = Place::new().await;
        let mut checkpoints = place.open(None).await;
        place.go_back().await;
        place.write().await;
        checkpoints.note(&place.cx).await.unwrap();
        assert!(place.is_declared().await);
    }

    #[tokio::test]
    async fn a_checkpoint_that_was_not_written_is_written_later() {
        let place = Place::new().await;
        let folder = place.folder.path().join("later");
        let file = folder.join("noted");
        let mut checkpoints = place.open(Some(&file)).await;
        assert!(!file.exists());
        std::fs::create_dir(&folder).unwrap();
        checkpoints.note(&place.cx).await.unwrap();
        let noted = read(&file).unwrap().unwrap();
        assert_eq!(Some(&noted.checkpoint), checkpoints.last.as_ref());
        let key = checkpoints.key.as_ref().unwrap().public_key();
        assert_eq!(noted.check(&key), Ok(()), "it is signed");
        place.go_back().await;
        place.open(Some(&file)).await;
        assert!(place.is_declared().await, "across a restart");
    }
}
