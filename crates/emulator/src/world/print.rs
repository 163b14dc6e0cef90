//! The assumptions as text for people.

use super::assumptions::Assumption;
use super::choice::Takes;
use std::fmt;

impl Assumption {
    /// Every assumption at its default, as the part of a world file that it is, with the question,
    /// what it decides and all values in comments.
    pub fn table() -> String {
        let mut table = "[assumptions]\n".to_owned();
        for assumption in Self::all() {
            table.push('\n');
            table.push_str(&assumption.to_string());
        }
        table
    }

    /// Each value that it takes, as a world file writes it; for a number, the default alone.
    pub fn values(&self) -> Vec<String> {
        match self.takes {
            Takes::Words(words) => words.iter().map(|word| format!("\"{word}\"")).collect(),
            Takes::Flag => vec!["true".to_owned(), "false".to_owned()],
            Takes::Number => vec![self.default.clone()],
        }
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            default,
            takes,
            decides,
            question,
        } = self;
        let values = match takes {
            Takes::Words(_) | Takes::Flag => self.values().join(", "),
            Takes::Number => "a whole number from 0".to_owned(),
        };
        writeln!(formatter, "# {question}")?;
        writeln!(formatter, "# Decides: {decides}.")?;
        writeln!(formatter, "# Values: {values}.")?;
        match takes {
            Takes::Words(_) => writeln!(formatter, "{key} = \"{default}\""),
            Takes::Flag | Takes::Number => writeln!(formatter, "{key} = {default}"),
        }
    }
}
