//! Skipping work whose inputs have not changed, by the hash of their contents.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use crate::workspace;

/// The hash of everything that a piece of work reads.
#[derive(Default)]
pub(crate) struct Digest(Sha256);

impl Digest {
    /// Adds a file's name and bytes, or every file below a folder. Paths count from the root of
    /// the working tree, so that two clones agree.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        self.add(path)?;
        Ok(self)
    }

    pub(crate) fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        for file in files_below(path)? {
            let name = file.strip_prefix(workspace::root()).unwrap_or(&file);
            self.part(name.as_os_str().as_encoded_bytes());
            self.part(&fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
        }
        Ok(())
    }

    /// Each part is preceded by its length: no two lists of parts give the same bytes.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
    }
}

/// The path itself if it is a file, else all files below it, in the order of their names.
pub(crate) fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    paths
        .iter()
        .map(|path| files_below(path))
        .collect::<Result<Vec<_>>>()
        .map(|lists| lists.concat())
}

/// A file beside a result that holds the digest of the inputs it was made from.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    pub(crate) fn new(file: PathBuf, digest: Digest) -> Self {
        Self {
            file,
            digest: digest.finish(),
        }
    }

    /// Does the work unless it was done before with the same inputs. A work that fails leaves
    /// no stamp.
    pub(crate) fn unless_fresh(&self, work: impl FnOnce() -> Result<()>) -> Result<()> {
        if fs::read_to_string(&self.file).is_ok_and(|digest| digest == self.digest) {
            return Ok(());
        }
        if self.file.exists() {
            fs::remove_file(&self.file)?;
        }
        work()?;
        fs::write(&self.file, &self.digest)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_runs_again_only_after_a_change_or_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("input");
        let mut runs = 0;
        let mut run = |content: &str, outcome: Result<()>| {
            fs::write(&input, content).unwrap();
            let digest = Digest::default().path(&input).unwrap();
            let stamp = Stamp::new(folder.path().join("stamp"), digest);
            let result = stamp.unless_fresh(|| {
                runs += 1;
                outcome
            });
            (runs, result.is_ok())
        };
        assert_eq!(run("a", Ok(())), (1, true));
        assert_eq!(run("a", Ok(())), (1, true));
        assert_eq!(run("b", Err(anyhow::anyhow!("no"))), (2, false));
        assert_eq!(run("b", Ok(())), (3, true));
        assert_eq!(run("a", Ok(())), (4, true));
    }

    #[test]
    fn the_digest_sees_names_contents_and_where_one_part_ends() {
        let folder = tempfile::tempdir().unwrap();
        let of = |files: &[(&str, &str)]| {
            let root = tempfile::tempdir_in(folder.path()).unwrap();
            let root = root.path();
            for (name, content) in files {
                fs::write(root.join(name), content).unwrap();
            }
            let mut digest = Digest::default();
            for file in files_below(root).unwrap() {
                digest.part(file.file_name().unwrap().as_encoded_bytes());
                digest.part(&fs::read(file).unwrap());
            }
            digest.finish()
        };
        assert_eq!(of(&[("a", "1"), ("b", "2")]), of(&[("b", "2"), ("a", "1")]));
        assert_ne!(of(&[("a", "1")]), of(&[("b", "1")]));
        assert_ne!(of(&[("a", "1")]), of(&[("a", "2")]));
        assert_ne!(of(&[("a", "1"), ("b", "")]), of(&[("a", "1b")]));
    }
}
