//! Putting one statement into a document and taking it out again.
//!
//! Used for the project policy `customhouse-<installation>`: every other statement keeps its place
//! and its values, whoever wrote it.

use super::{PolicyDocument, PolicyVersion, Statement};

impl PolicyDocument {
    /// A document of version `2012-10-17` with these statements.
    pub fn of(statements: Vec<Statement>) -> Self {
        Self {
            version: Some(PolicyVersion::V2012),
            id: None,
            statements,
        }
    }

    /// The statement named `sid`, or the first of them.
    pub fn statement(&self, sid: &str) -> Option<&Statement> {
        self.statements
            .iter()
            .find(|statement| statement.is_named(sid))
    }

    /// The same document with `statement` in it.
    ///
    /// A statement of the same Sid is replaced where it stands (further ones of that Sid go);
    /// otherwise `statement` is appended. Without a Sid it is always appended.
    #[must_use]
    pub fn with_statement(&self, statement: Statement) -> Self {
        let mut changed = self.clone();
        let place = match statement.sid.as_deref() {
            Some(sid) => {
                let place = changed.statements.iter().position(|old| old.is_named(sid));
                changed.statements.retain(|old| !old.is_named(sid));
                place
            }
            None => None,
        };
        changed
            .statements
            .insert(place.unwrap_or(changed.statements.len()), statement);
        changed
    }

    /// The same document without the statements named `sid`; unchanged if there is none. The
    /// result may be empty: AWS takes no policy without statements, delete it instead.
    #[must_use]
    pub fn without_statement(&self, sid: &str) -> Self {
        let mut changed = self.clone();
        changed
            .statements
            .retain(|statement| !statement.is_named(sid));
        changed
    }
}

impl Statement {
    /// Whether the statement's Sid is `sid`.
    pub fn is_named(&self, sid: &str) -> bool {
        self.sid.as_deref() == Some(sid)
    }
}
