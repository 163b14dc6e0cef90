//! Notes outside of the database how far it is, and finds out when it went back.
//!
//! A restored database does not know what its jobs did in AWS since it was copied. So a database
//! that is behind the last checkpoint begins a new epoch and is paused until a person has looked;
//! see [`operations::installation::declare_restored`].

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use operations::OpContext;
use operations::installation::declare_restored;
use store::StoreError;
use store::checkpoint::{Checkpoint, Lineage, checkpoint, lineage};
use tokio_util::sync::CancellationToken;

/// Between two notes.
const SPACING: Duration = Duration::from_secs(1);
/// Audit entries can come without an event that wakes.
const LONGEST: Duration = Duration::from_secs(5);

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

/// Keeps the file. Without one, nothing is noted and nothing is found out.
pub(crate) struct Checkpoints {
    file: Option<PathBuf>,
    last: Option<Checkpoint>,
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
        let mut checkpoints = Self { file, last };
        checkpoints.note(cx).await?;
        Ok(checkpoints)
    }

    /// Notes how far the database is, now and then until `stop`, and once more then.
    pub(crate) async fn run(mut self, cx: OpContext, stop: CancellationToken) {
        if self.file.is_none() {
            return;
        }
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
        let Some(file) = &self.file else {
            return Ok(());
        };
        let mut reader = cx.store.read().await?;
        if let Some(last) = &self.last {
            match lineage(&mut reader, last).await? {
                Lineage::Continues => {}
                Lineage::OtherInstallation => tracing::warn!(
                    file = %file.display(),
                    "the checkpoint belongs to another installation and is replaced"
                ),
                went_back @ (Lineage::Behind | Lineage::Differs) => {
                    drop(reader);
                    tracing::error!(
                        "the database is older than it was, so it is paused: look at its jobs, \
                         then run `customhouse resume`"
                    );
                    declare_restored(cx, last.epoch, because(went_back)).await?;
                    reader = cx.store.read().await?;
                }
            }
        }
        let now = checkpoint(&mut reader).await?;
        drop(reader);
        if self.last.as_ref() == Some(&now) {
            return Ok(());
        }
        if let Err(error) = write(file, &now) {
            tracing::warn!(%error, file = %file.display(), "the checkpoint was not written");
            return Ok(());
        }
        self.last = Some(now);
        Ok(())
    }
}

fn because(lineage: Lineage) -> &'static str {
    match lineage {
        Lineage::Differs => "its audit entries are others than at the last checkpoint",
        _ => "it is behind the last checkpoint",
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
