//! Notes outside of the database how far it is, and finds out when it went back.
//!
//! A restored database does not know what its jobs did in AWS since it was copied, nor does one
//! whose place a replica took that had not received every commit. So a database that is behind the
//! last checkpoint begins a new epoch and is paused until a person has looked; see
//! [`operations::installation::declare_restored`]. The last checkpoint is kept in memory, and in a
//! file for the next start.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use operations::OpContext;
use operations::installation::declare_if_older;
use store::StoreError;
use store::checkpoint::{Checkpoint, Lineage, checkpoint, lineage};
use tokio_util::sync::CancellationToken;

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
}

impl Checkpoints {
    /// Reads the last checkpoint and compares the database with it.
    pub(crate) async fn open(
        file: Option<PathBuf>,
        cx: &OpContext,
    ) -> Result<Self, CheckpointError> {
        let last = match &file {
            Some(file) => read(file)?,
            None => None,
        };
        let mut checkpoints = Self {
            file,
            written: last.is_some(),
            last,
        };
        checkpoints.note(cx).await?;
        Ok(checkpoints)
    }

    /// Notes how far the database is, now and then until `stop`, and once more then.
    pub(crate) async fn run(mut self, cx: OpContext, stop: CancellationToken) {
        let mut head = cx.store.watch_head();
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
        let now = self.last.insert(now);
        if let Some(file) = self.file.as_ref().filter(|_| !self.written) {
            match write(file, now) {
                Ok(()) => self.written = true,
                Err(error) => {
                    tracing::warn!(%error, file = %file.display(), "the checkpoint was not written");
                }
            }
        }
        Ok(())
    }
}

/// The last checkpoint, if there is one.
pub(crate) fn read(file: &Path) -> Result<Option<Checkpoint>, CheckpointError> {
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
fn write(file: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let mut fresh = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    serde_json::to_writer(&mut fresh, checkpoint)?;
    fresh.write_all(b"\n")?;
    fresh.as_file().sync_data()?;
    fresh.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
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
            let pause = installation::paused(&self.cx).await.unwrap();
            pause.is_some_and(|pause| pause.reason == PauseReason::Restored)
        }
    }

    #[tokio::test]
    async fn a_database_that_goes_back_meanwhile_is_paused_with_and_without_a_file() {
        for file in [None, Some("noted")] {
            let place = Place::new().await;
            let file = file.map(|name| place.folder.path().join(name));
            let mut checkpoints = Checkpoints::open(file, &place.cx).await.unwrap();
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
        let mut checkpoints = Checkpoints::open(None, &place.cx).await.unwrap();
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
        let mut checkpoints = Checkpoints::open(Some(file.clone()), &place.cx)
            .await
            .unwrap();
        assert!(!file.exists());
        std::fs::create_dir(&folder).unwrap();
        checkpoints.note(&place.cx).await.unwrap();
        assert_eq!(read(&file).unwrap(), checkpoints.last);
        place.go_back().await;
        Checkpoints::open(Some(file), &place.cx).await.unwrap();
        assert!(place.is_declared().await, "across a restart");
    }
}
