//! The world that the emulator plays: accounts, roles, projects, quotas and assumptions.
//!
//! A world is read from TOML ([`World::parse`]) and may be changed while it runs by a fragment in
//! JSON of the same shape ([`Book::merged`]). [`crate::state`] holds what happens in it.

pub(crate) mod assumptions;
pub(crate) mod book;
mod check;
mod choice;
mod error;
pub(crate) mod file;
mod merge;
mod named;
mod number;
mod place;
mod print;
mod read;
mod region;
mod split;
pub(crate) mod text;

pub use assumptions::Assumption;
pub use choice::Takes;
pub use error::WorldError;

use assumptions::Assumptions;
use book::Book;
use file::{AccountFile, Quotas};

/// A world as written, checked.
pub struct World {
    pub(crate) book: Book,
    pub(crate) accounts: Vec<AccountFile>,
}

impl World {
    /// Reads a world file.
    ///
    /// # Errors
    ///
    /// Names the line and the key of the first thing that is unknown, out of shape, doubled, set
    /// although it is not implemented, or that names what the world does not have.
    pub fn parse(text: &str) -> Result<Self, WorldError> {
        let (book, accounts) = Book::parse(text)?;
        Ok(Self { book, accounts })
    }

    /// How many accounts it has. A world without any is a world.
    pub fn account_count(&self) -> usize {
        self.accounts.len()
    }
}

impl Book {
    /// The numbers and choices that rule every call.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            delete_ms: self.file.delete_seconds.milliseconds(),
            copy_ms: self.file.copy_seconds.milliseconds(),
            quota_tps: self.file.quota_tps,
            quotas: self.file.quotas,
            assumptions: self.file.assumptions.clone(),
        }
    }
}

/// The numbers and choices that rule every call.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// How long a copy takes, in milliseconds.
    pub(crate) copy_ms: i64,
    /// How long a deletion takes, in milliseconds.
    pub(crate) delete_ms: i64,
    /// Rekognition calls per second; 0 is no limit.
    pub(crate) quota_tps: u32,
    pub(crate) quotas: Quotas,
    pub(crate) assumptions: Assumptions,
}
