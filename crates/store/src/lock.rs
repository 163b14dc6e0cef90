//! One server for one SQLite file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Held by the process that serves a SQLite file, or replaces it. The operating system lets go of
/// it when the process ends, however it ends; no time plays a part.
///
/// It is a lock on the file `<database>.lock` beside the database, which stays there.
#[derive(Debug)]
pub struct DatabaseLock {
    /// Keeps the lock by being open.
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error(
        "{} is in use by another customhouse{}; only one may serve an SQLite file: stop that one first, or use PostgreSQL for several",
        .database.display(), process(*.pid)
    )]
    Held {
        /// The database.
        database: PathBuf,
        /// The process that has it, if it said so.
        pid: Option<u32>,
    },
    /// The lock file cannot be made, read or locked.
    #[error("cannot lock {}", .file.display())]
    Io {
        /// The lock file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

impl DatabaseLock {
    /// Takes the lock on the SQLite file `database`, which need not exist yet. Links are followed
    /// first, so that two names of one file have one lock.
    pub fn take(database: &Path) -> Result<Self, LockError> {
        let real = real_path(database);
        let path = beside(&real, "lock");
        let io = |source| LockError::Io {
            file: path.clone(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held {
                    database: database.to_owned(),
                    pid: read_pid(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(io)?;
        Ok(Self { _file: file })
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// The file `<database>.<suffix>`.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn real_path(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time_by_whichever_name() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("a.sqlite");
        let held = DatabaseLock::take(&database).unwrap();
        let refused = DatabaseLock::take(&database).unwrap_err();
        let pid = std::process::id();
        assert!(matches!(&refused, LockError::Held { pid: Some(holder), .. } if *holder == pid));
        let said = refused.to_string();
        assert!(
            said.contains("a.sqlite") && said.contains(&pid.to_string()),
            "{said}"
        );
        drop(held);

        std::fs::write(&database, "").unwrap();
        let link = folder.path().join("b.sqlite");
        std::os::unix::fs::symlink(&database, &link).unwrap();
        let held = DatabaseLock::take(&link).unwrap();
        assert!(matches!(
            DatabaseLock::take(&database),
            Err(LockError::Held { .. })
        ));
        drop(held);
        DatabaseLock::take(&database).unwrap();
    }
}
