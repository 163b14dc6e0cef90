//! The key that signs checkpoints: a file that only its owner may read, made at the first start.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::Random;
use store::checkpoint::signed::SigningKey;

/// Longest file that is read for a key, in bytes.
const LONGEST: u64 = 1024;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("cannot use {} as the key that signs checkpoints", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It holds something else.
    #[error(
        "{} holds no key that signs checkpoints, which is 64 hexadecimal digits; name another file or remove this one, and a new key is made",
        .file.display()
    )]
    NoKey {
        /// The file.
        file: PathBuf,
    },
}

/// The key in `file`, if there is one.
pub(crate) fn read(file: &Path) -> Result<Option<SigningKey>, KeyError> {
    let failed = |source| KeyError::File {
        file: file.to_owned(),
        source,
    };
    let facts = match std::fs::metadata(file) {
        Ok(facts) => facts,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if facts.len() > LONGEST {
        return Err(failed(io::Error::other("it is longer than 1 KiB")));
    }
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let key = SigningKey::from_text(text.trim()).map_err(|_| KeyError::NoKey {
        file: file.to_owned(),
    })?;
    Ok(Some(key))
}

/// The key in `file`; a new one, readable to its owner alone, if the file is not there. Of two
/// processes that make it at once, one does and both use it.
pub(crate) fn obtain(file: &Path, random: &dyn Random) -> Result<SigningKey, KeyError> {
    if let Some(key) = read(file)? {
        return Ok(key);
    }
    let failed = |source| KeyError::File {
        file: file.to_owned(),
        source,
    };
    match make(file, &SigningKey::generate(random)) {
        Ok(()) => tracing::info!(file = %file.display(), "made the key that signs checkpoints"),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error)),
    }
    read(file)?.ok_or_else(|| failed(io::ErrorKind::NotFound.into()))
}

/// Written beside its place and linked there whole: nobody reads half a key, and none is replaced.
fn make(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let beside = tempfile::tempdir_in(folder)?;
    let draft = beside.path().join("key");
    let mut options = OpenOptions::new();
    let mut written = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(written, "{text}")?;
    written.sync_all()?;
    std::fs::hard_link(&draft, file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::MachineRandom;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        assert!(read(&file).unwrap().is_none());
        let first = obtain(&file, &MachineRandom).unwrap().public_key();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = obtain(&file, &MachineRandom).unwrap().public_key();
        assert_eq!(again, first);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let taken = make(&file, "00").unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn a_file_that_holds_something_else_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, "mine").unwrap();
        let refused = obtain(&file, &MachineRandom).unwrap_err();
        assert!(matches!(refused, KeyError::NoKey { .. }), "{refused:?}");
        assert_eq!(std::fs::read(&file).unwrap(), b"mine");
        let absent = folder.path().join("absent/key");
        let refused = obtain(&absent, &MachineRandom).unwrap_err();
        assert!(matches!(refused, KeyError::File { .. }), "{refused:?}");
    }
}
