//! One control: a patch that takes a guard out, and what must then be found.
//!
//! A control is a file `crates/crash/controls/<name>.patch`. Before the patch it has a paragraph
//! that says what is taken away, and after an empty line what is expected:
//!
//! ```text
//! Must find: the judge's words for it (crates/crash/src/finding.rs)
//! Round: a round of the matrix in which it shows; there may be several such lines
//! Database: sqlite, or postgres
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::{process, workspace};

const FOLDER: &str = "crates/crash/controls";
const ENDING: &str = "patch";

/// A guard that is taken away.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Control {
    /// The file's name without its ending.
    pub(super) name: String,
    /// What is taken away, in prose.
    pub(super) prose: String,
    /// The judge's words for what must be found.
    pub(super) finds: String,
    /// The rounds in which it shows.
    pub(super) rounds: Vec<String>,
    /// The database that these need.
    pub(super) database: String,
    /// The files that the patch changes, from the root.
    files: Vec<PathBuf>,
}

impl Control {
    /// Every control, by name.
    pub(super) fn all() -> Result<Vec<Self>> {
        let folder = workspace::path(FOLDER);
        let entries = fs::read_dir(&folder).context("the controls cannot be listed")?;
        let paths = entries.map(|entry| Ok(entry?.path()));
        let mut paths = paths.collect::<Result<Vec<PathBuf>>>()?;
        paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
        paths.sort();
        ensure!(!paths.is_empty(), "{} is empty", folder.display());
        let controls = paths.iter().map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(path).context("it cannot be read")?;
            Self::read(&name, &text).with_context(|| format!("in {}", path.display()))
        });
        controls.collect()
    }

    fn read(name: &str, text: &str) -> Result<Self> {
        let start = text
            .find("diff --git ")
            .context("there is no patch in it")?;
        let (head, patch) = text.split_at(start);
        let (prose, facts) = head
            .split_once("\n\n")
            .context("prose and facts are not apart")?;
        let all = |key: &str| -> Vec<String> {
            let lines = facts.lines();
            lines
                .filter_map(|line| line.strip_prefix(key))
                .map(|fact| fact.trim().to_owned())
                .collect()
        };
        let one = |key| match all(key).as_slice() {
            [fact] => Ok(fact.clone()),
            facts => bail!(
                "there are {} lines {key:?} and there should be one",
                facts.len()
            ),
        };
        let control = Self {
            name: name.to_owned(),
            prose: prose.trim().replace('\n', " "),
            finds: one("Must find: ")?,
            rounds: all("Round: "),
            database: one("Database: ")?,
            files: patch
                .lines()
                .filter_map(|line| line.strip_prefix("+++ b/"))
                .map(PathBuf::from)
                .collect(),
        };
        ensure!(
            !control.prose.is_empty(),
            "it does not say what it takes away"
        );
        ensure!(!control.rounds.is_empty(), "it names no round");
        ensure!(!control.files.is_empty(), "its patch changes no file");
        Ok(control)
    }

    fn file(&self) -> PathBuf {
        workspace::path(FOLDER).join(format!("{}.{ENDING}", self.name))
    }

    /// Applies the patch to the files below `folder`. An error names the place at which they are
    /// not as the patch expects.
    pub(super) fn apply(&self, folder: &Path) -> Result<()> {
        let before = self.contents(folder)?;
        let mut git = process::command("git");
        let applied = git
            .arg("apply")
            .arg(self.file())
            .current_dir(folder)
            // The folder lies in our own working tree, where git would look for the files from
            // that one's root, find none of them here and pass over all.
            .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder))
            // A hook of git's names that root.
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .output()
            .context("cannot start git")?;
        if !applied.status.success() {
            bail!(
                "the code has moved on, and {} does not apply to it any more:\n{}",
                self.file().display(),
                String::from_utf8_lossy(&applied.stderr).trim_end()
            );
        }
        for (before, after) in before.iter().zip(self.contents(folder)?) {
            ensure!(*before != after, "git left a file of the patch as it was");
        }
        Ok(())
    }

    fn contents(&self, folder: &Path) -> Result<Vec<String>> {
        let read = |file| {
            let path = folder.join(file);
            fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
        };
        self.files.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a control in a folder of our own working tree, as in a run.
    fn copied(control: &Control) -> tempfile::TempDir {
        let target = workspace::path("target");
        fs::create_dir_all(&target).unwrap();
        let folder = tempfile::tempdir_in(target).unwrap();
        for file in &control.files {
            let to = folder.path().join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(workspace::path("").join(file), to).unwrap();
        }
        folder
    }

    #[test]
    fn every_control_fits_the_code() {
        for control in Control::all().unwrap() {
            control.apply(copied(&control).path()).unwrap();
        }
    }

    #[test]
    fn every_control_expects_what_the_judge_can_find() {
        let words = fs::read_to_string(workspace::path("crates/crash/src/finding.rs")).unwrap();
        for control in Control::all().unwrap() {
            let quoted = format!("=> {:?}", control.finds);
            assert!(words.contains(&quoted), "{}", control.name);
            let database = control.database.as_str();
            assert!(
                ["sqlite", "postgres"].contains(&database),
                "{}",
                control.name
            );
        }
    }

    #[test]
    fn a_control_that_the_code_has_left_behind_names_the_place() {
        let control = Control::all().unwrap().remove(0);
        let folder = copied(&control);
        let file = &control.files[0];
        fs::write(folder.path().join(file), "// Something else.\n").unwrap();
        let error = control.apply(folder.path()).unwrap_err().to_string();
        assert!(error.contains(&control.name), "{error}");
        let place = format!("patch failed: {}:", file.display());
        assert!(error.contains(&place), "{error}");
    }

    #[test]
    fn a_control_without_its_facts_is_refused() {
        let whole = "Takes\nit away.\n\nMust find: x\nRound: a\nRound: b\nDatabase: sqlite\n\n\
            diff --git a/f b/f\n--- a/f\n+++ b/f\n";
        let control = Control::read("n", whole).unwrap();
        assert_eq!(control.prose, "Takes it away.");
        assert_eq!(control.rounds, ["a", "b"]);
        for missing in [
            "Takes\nit away.",
            "Must find: x\n",
            "Round: a\nRound: b\n",
            "Database: sqlite\n",
            "+++ b/f\n",
            "diff --git a/f b/f\n",
        ] {
            let text = whole.replace(missing, "");
            assert!(Control::read("n", &text).is_err(), "without {missing:?}");
        }
    }
}
