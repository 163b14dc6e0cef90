//! A copy of the working tree, to change and to build apart from it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{process, workspace};

/// What is made by tools and is no part of the code.
const MADE: [&str; 4] = [".git", ".venv", "node_modules", "target"];

/// Makes `folder` hold exactly the working tree's files, with what is not committed yet. Files that
/// are as they should be are not touched, so that cargo builds only what has changed.
pub(super) fn copy_to(folder: &Path) -> Result<()> {
    let files = if workspace::path(".git").exists() {
        tracked()?
    } else {
        below(workspace::root())?
    };
    if folder.exists() {
        for stale in below(folder)?.difference(&files) {
            fs::remove_file(folder.join(stale))?;
        }
    }
    for file in &files {
        let to = folder.join(file);
        let content = fs::read(workspace::path("").join(file))
            .with_context(|| format!("{} cannot be read", file.display()))?;
        if fs::read(&to).is_ok_and(|there| there == content) {
            continue;
        }
        let parent = to.parent().context("a file lies in a folder")?;
        fs::create_dir_all(parent)?;
        fs::write(&to, content).with_context(|| format!("{} cannot be written", to.display()))?;
    }
    Ok(())
}

/// The files that git knows, or would add, and that are there.
fn tracked() -> Result<BTreeSet<PathBuf>> {
    let listed = process::capture(process::command("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let files = listed.split('\0').filter(|file| !file.is_empty());
    Ok(files
        .map(PathBuf::from)
        .filter(|file| workspace::path("").join(file).is_file())
        .collect())
}

/// The files below a folder, but for what tools make.
fn below(root: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if MADE.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.insert(entry.path().strip_prefix(root)?.to_owned());
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_made_the_same_again_and_keeps_what_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        copy_to(folder.path()).unwrap();
        let (kept, changed) = ("Cargo.lock", "Cargo.toml");
        let age = |file| {
            fs::metadata(folder.path().join(file))
                .unwrap()
                .modified()
                .unwrap()
        };
        let before = age(kept);
        fs::write(folder.path().join(changed), "changed").unwrap();
        fs::write(folder.path().join("stale"), "").unwrap();
        copy_to(folder.path()).unwrap();
        assert_eq!(age(kept), before);
        assert!(!folder.path().join("stale").exists());
        let read = |root: &Path| fs::read(root.join(changed)).unwrap();
        assert_eq!(read(folder.path()), read(workspace::root()));
    }

    #[test]
    fn without_git_the_same_files_are_found_but_for_what_is_ignored() {
        let walked = below(workspace::root()).unwrap();
        for file in ["Cargo.toml", "xtask/src/main.rs", ".cargo/config.toml"] {
            assert!(walked.contains(Path::new(file)), "{file}");
        }
        assert!(!walked.iter().any(|file| file.starts_with("target")));
    }
}
