//! The world that the emulator plays: accounts, roles, projects, quotas and assumptions.
//!
//! A world is read from TOML ([`World::parse`]) and may be changed while it runs by a fragment in
//! JSON of the same shape ([`World::merged`]). [`crate::state`] holds what happens in it.

pub(crate) mod assumptions;
mod check;
mod choice;
mod error;
pub(crate) mod file;
mod merge;
mod place;
mod print;
pub(crate) mod text;

pub use assumptions::Assumption;
pub use choice::Takes;
pub use error::WorldError;

use assumptions::Assumptions;
use file::{Quotas, WorldFile};
use serde_json::Value;

/// A world as written, checked.
#[derive(Clone)]
pub struct World {
    /// The document with defaults left out, for merging.
    document: Value,
    pub(crate) file: WorldFile,
}

impl World {
    /// Reads a world file.
    ///
    /// # Errors
    ///
    /// Names the line and the key of the first thing that is unknown, out of shape, doubled, or
    /// set although it is not implemented.
    pub fn parse(text: &str) -> Result<Self, WorldError> {
        let file: WorldFile = toml::from_str(text)?;
        check::check(&file, Some(text))?;
        let document = toml::from_str(text)?;
        Ok(Self { document, file })
    }

    /// This world with `fragment` laid over it. Entries of lists are matched by their identity:
    /// accounts by id, users, roles, buckets and versions by name, keys by Region and id,
    /// projects by Region and name. A key that the fragment leaves out keeps its value.
    pub(crate) fn merged(&self, fragment: &Value) -> Result<Self, WorldError> {
        let mut document = self.document.clone();
        merge::merge(&mut document, fragment)?;
        let file: WorldFile = serde_json::from_value(document.clone())?;
        check::check(&file, None)?;
        Ok(Self { document, file })
    }

    /// The fixed part of the settings.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
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
    /// Rekognition calls per second; 0 is no limit.
    pub(crate) quota_tps: u32,
    pub(crate) quotas: Quotas,
    pub(crate) assumptions: Assumptions,
}
