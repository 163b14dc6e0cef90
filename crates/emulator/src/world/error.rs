//! What is wrong with a world.

use std::fmt;

/// A world that cannot be played: where, and what belongs there.
///
/// Its text is `world.toml:17: account[111111111111].role[reader].path: …`; without
/// [`WorldError::in_file`] it begins with `line 17: `, and a fragment has no line. Entries of lists
/// stand under their names, and under their place from 0 where they have none.
#[derive(Debug, thiserror::Error)]
pub struct WorldError {
    file: Option<String>,
    line: Option<usize>,
    /// Empty when the text is no document at all.
    key: String,
    problem: String,
}

impl WorldError {
    pub(super) fn new(line: Option<usize>, key: String, problem: impl Into<String>) -> Self {
        Self {
            file: None,
            line,
            key,
            problem: problem.into(),
        }
    }

    /// The same with the name of the file that the world was read from.
    #[must_use]
    pub fn in_file(self, name: &str) -> Self {
        Self {
            file: Some(name.to_owned()),
            ..self
        }
    }
}

impl fmt::Display for WorldError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(formatter, "{file}:{line}: ")?,
            (Some(file), None) => write!(formatter, "{file}: ")?,
            (None, Some(line)) => write!(formatter, "line {line}: ")?,
            (None, None) => {}
        }
        if !self.key.is_empty() {
            write!(formatter, "{}: ", self.key)?;
        }
        formatter.write_str(&self.problem)
    }
}
