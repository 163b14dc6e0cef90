//! A database that goes away with the test.

use anyhow::Context as _;
use std::path::PathBuf;
use store::{DatabaseUrl, Store};
use tempfile::TempDir;

/// A store on SQLite in a folder that is removed when this is dropped.
pub struct TemporaryStore {
    /// The store, migrated and empty.
    pub store: Store,
    folder: TempDir,
}

impl TemporaryStore {
    /// Opens a new, empty store.
    pub async fn open() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let url = DatabaseUrl::sqlite(folder.path().join("customhouse.sqlite"));
        let store = Store::open(&url).await.context("the store did not open")?;
        Ok(Self { store, folder })
    }

    /// The database file, for a second process.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("customhouse.sqlite")
    }
}
