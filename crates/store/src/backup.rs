//! Copying a SQLite database while it is in use, and putting a copy in its place.
//!
//! PostgreSQL has its own tools for both (`pg_dump`, `pg_restore`).

use crate::lock::beside;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `VACUUM INTO` takes an expression; the file is bound.
const COPY: &str = "VACUUM INTO $1";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
/// The tables that every version has had.
const OURS: &str = "SELECT COUNT(*) FROM sqlite_schema
    WHERE type = 'table' AND name IN ('ledger_head', 'audit', '_sqlx_migrations')";
const EPOCH: &str = "SELECT epoch FROM ledger_head";
/// What SQLite puts behind a database's name for its log, and for the log's index.
const WAL: &str = "-wal";
const SHM: &str = "-shm";
const BUSY: Duration = Duration::from_secs(10);
/// Only the owner may read a copy: it holds the id that opens every role.
const MODE: u32 = 0o600;

/// Why there is no copy, or none was put in place.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file to write is there already.
    #[error("{} exists; a backup never overwrites", .0.display())]
    Exists(PathBuf),
    /// The file is no SQLite database, or a damaged one.
    #[error("{} is not a whole SQLite database", .0.display())]
    Damaged(PathBuf),
    /// The file is a database of some other program.
    #[error("{} is not a database of Customhouse", .0.display())]
    Foreign(PathBuf),
    /// SQLite did not do it.
    #[error("SQLite did not copy {}", .from.display())]
    Copy {
        /// What was to be copied.
        from: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The system did not do it.
    #[error("cannot {action} {}", .file.display())]
    Io {
        /// What was to be done.
        action: &'static str,
        /// With which file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn io(action: &'static str, file: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let file = file.to_owned();
    move |source| BackupError::Io {
        action,
        file,
        source,
    }
}

/// Writes the database as it is at one moment into the new file `to`, readable by its owner only,
/// and returns once it is on disk. Others go on reading and writing meanwhile.
///
/// Until it is whole the copy is called `<to>.partial`; an interrupted backup leaves that and an
/// empty `to`.
pub async fn backup(database: &Path, to: &Path) -> Result<(), BackupError> {
    match create_new(to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(BackupError::Exists(to.to_owned()));
        }
        reserved => drop(reserved.map_err(io("make", to))?),
    }
    let partial = beside(to, "partial");
    let copied = copy_into(database, &partial).await;
    let placed = copied.and_then(|()| {
        std::fs::rename(&partial, to).map_err(io("rename", &partial))?;
        sync_folder(to)
    });
    if placed.is_err() {
        // The error that is reported is the first one; what cannot be removed is named by it.
        let _ = std::fs::remove_file(&partial);
        let _ = std::fs::remove_file(to);
    }
    placed
}

async fn copy_into(database: &Path, partial: &Path) -> Result<(), BackupError> {
    // Left over by a backup that was interrupted.
    remove_if_there(partial)?;
    create_new(partial).map_err(io("make", partial))?;
    let copy = |source| BackupError::Copy {
        from: database.to_owned(),
        source,
    };
    let mut connection = connect(database).await.map_err(copy)?;
    let text = partial.to_string_lossy().into_owned();
    let copied = sqlx::query(COPY).bind(text).execute(&mut connection).await;
    copied.map_err(copy)?;
    connection.close().await.map_err(copy)?;
    let file = File::open(partial).map_err(io("open", partial))?;
    file.sync_all().map_err(io("write", partial))
}

/// A backup that is about to take a database's place. Dropping it leaves `<database>.restoring`
/// behind, which the next attempt overwrites.
#[derive(Debug)]
pub struct Replacement {
    database: PathBuf,
    staged: PathBuf,
}

impl Replacement {
    /// Copies `backup` beside `database` and checks that it is a whole database of ours. The caller
    /// holds the [`crate::DatabaseLock`] of `database`.
    pub async fn stage(backup: &Path, database: &Path) -> Result<Self, BackupError> {
        check(backup).await?;
        let staged = beside(database, "restoring");
        for suffix in ["", WAL, SHM] {
            remove_if_there(&with_suffix(&staged, suffix))?;
        }
        copy_into(backup, &staged).await?;
        Ok(Self {
            database: database.to_owned(),
            staged,
        })
    }

    /// The copy, to be opened and prepared before it takes its place.
    pub fn path(&self) -> &Path {
        &self.staged
    }

    /// Puts the copy in the database's place. The former database stays as
    /// `<database>.before-<label>`, whose path is given; none if there was none. All connections
    /// to the copy must be closed.
    ///
    /// Nothing that is there is overwritten: a name that something else has gets `-2`, `-3`, … behind
    /// it. An attempt that was interrupted can be made again from the start.
    pub fn put_in_place(self, label: &str) -> Result<Option<PathBuf>, BackupError> {
        let aside = if self.database.exists() {
            Some(keep(&self.database, label)?)
        } else {
            None
        };
        std::fs::rename(&self.staged, &self.database).map_err(io("rename", &self.staged))?;
        sync_folder(&self.database)?;
        Ok(aside)
    }
}

/// Gives the database a second name, and its log that name only: a log that belongs to the former
/// database must not be taken for the copy's. The database keeps its first name until the copy takes
/// that, so that there is one under it at every moment: a server would make a new, empty one.
fn keep(database: &Path, label: &str) -> Result<PathBuf, BackupError> {
    let mut aside = beside(database, &format!("before-{label}"));
    let mut attempt = 1;
    while !named(database, &aside)? {
        attempt += 1;
        aside = beside(database, &format!("before-{label}-{attempt}"));
    }
    let log = with_suffix(database, WAL);
    if holds_something(&log) {
        std::fs::rename(&log, with_suffix(&aside, WAL)).map_err(io("keep", &log))?;
    }
    // The index of the log is made anew by whoever opens it.
    for suffix in [WAL, SHM] {
        remove_if_there(&with_suffix(database, suffix))?;
    }
    sync_folder(database)?;
    Ok(aside)
}

/// Names the database `aside` too and says whether that name is its own now: not when something else
/// has it, or when the log of an earlier attempt is there and would have to give way to a newer one.
fn named(database: &Path, aside: &Path) -> Result<bool, BackupError> {
    let kept = with_suffix(aside, WAL);
    if kept.exists() && (holds_something(&with_suffix(database, WAL)) || !aside.exists()) {
        return Ok(false);
    }
    let keep = |error| io("keep", database)(error);
    match std::fs::hard_link(database, aside) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            is_same(database, aside).map_err(keep)
        }
        // Not every file system has second names.
        Err(_) => match copy_new(database, aside) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(keep(error)),
        },
    }
}

fn holds_something(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|file| file.len() > 0)
}

fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (std::fs::metadata(one)?, std::fs::metadata(other)?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

/// Copies into a file that is not there yet.
fn copy_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut copy = create_new(to)?;
    io::copy(&mut source, &mut copy)?;
    copy.sync_all()
}

/// The epoch of a database in any version's form; what is in its log counts and nothing is changed.
pub async fn epoch(database: &Path) -> Result<i64, BackupError> {
    let damaged = |_| BackupError::Damaged(database.to_owned());
    let mut connection = connect(database).await.map_err(damaged)?;
    let epoch = sqlx::query_scalar(EPOCH).fetch_one(&mut connection).await;
    connection.close().await.map_err(damaged)?;
    epoch.map_err(damaged)
}

async fn check(file: &Path) -> Result<(), BackupError> {
    if !file.is_file() {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        return Err(io("open", file)(missing));
    }
    let damaged = |_| BackupError::Damaged(file.to_owned());
    let mut connection = connect(file).await.map_err(damaged)?;
    let said: String = sqlx::query_scalar(QUICK_CHECK)
        .fetch_one(&mut connection)
        .await
        .map_err(damaged)?;
    if said != "ok" {
        return Err(BackupError::Damaged(file.to_owned()));
    }
    let tables: i64 = sqlx::query_scalar(OURS)
        .fetch_one(&mut connection)
        .await
        .map_err(damaged)?;
    connection.close().await.map_err(damaged)?;
    if tables == 3 {
        Ok(())
    } else {
        Err(BackupError::Foreign(file.to_owned()))
    }
}

async fn connect(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .connect()
        .await
}

fn create_new(file: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(MODE)
        .open(file)
}

fn remove_if_there(file: &Path) -> Result<(), BackupError> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io("remove", file)(error)),
        _ => Ok(()),
    }
}

/// A new name is on disk once its folder is.
fn sync_folder(file: &Path) -> Result<(), BackupError> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(io("write", folder))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
