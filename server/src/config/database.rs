//! `[database]`: where the rows are.

use std::fmt;
use std::path::PathBuf;

use store::DatabaseUrl;

use serde::{Deserialize, Serialize};

use super::error::Findings;
use super::secret;

const DEFAULT_URL: &str = "customhouse.sqlite";

/// Where the rows are. Prints without the address, which may hold a password.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSection {
    url: Option<String>,
    url_file: Option<PathBuf>,
    checkpoint: Option<PathBuf>,
}

impl DatabaseSection {
    /// Where the rows are: by default the file `customhouse.sqlite`.
    pub fn url(&self) -> DatabaseUrl {
        self.parsed()
            .unwrap_or_else(|| DatabaseUrl::sqlite(DEFAULT_URL))
    }

    /// Whether this is an SQLite file that does not exist.
    pub fn is_missing_file(&self) -> bool {
        self.url().file().is_some_and(|file| !file.exists())
    }

    /// The file that notes how far the database is, so that a restored one is noticed: by default
    /// `<database>.checkpoint` beside an SQLite file, and none with PostgreSQL.
    pub fn checkpoint(&self) -> Option<PathBuf> {
        let named = self.checkpoint.clone();
        named.or_else(|| self.beside(".checkpoint"))
    }

    /// The path of an SQLite file with `ending` behind it; none with PostgreSQL.
    pub(super) fn beside(&self, ending: &str) -> Option<PathBuf> {
        let mut name = self.url().file()?.as_os_str().to_owned();
        name.push(ending);
        Some(PathBuf::from(name))
    }

    /// The file that gets the one-time link of a first start, when none is configured.
    pub fn set_up_link_file(&self) -> PathBuf {
        let url = self.url();
        let Some(file) = url.file() else {
            return PathBuf::from("customhouse.set-up-link");
        };
        let mut name = file.as_os_str().to_owned();
        name.push(".set-up-link");
        PathBuf::from(name)
    }

    /// None when the text is no address; [`validate`](Self::validate) has refused that.
    fn parsed(&self) -> Option<DatabaseUrl> {
        let text = self.text();
        if text.contains(':') {
            text.parse().ok()
        } else {
            Some(DatabaseUrl::sqlite(text))
        }
    }

    fn text(&self) -> &str {
        self.url.as_deref().unwrap_or(DEFAULT_URL)
    }

    pub(super) fn resolve(&mut self, findings: &mut Findings) {
        let Some(file) = &self.url_file else { return };
        if self.url.is_some() {
            secret::refuse_both("database.url", findings);
        } else {
            self.url = secret::read_twin("database.url", file, findings);
        }
    }

    pub(super) fn validate(&self, findings: &mut Findings) {
        if self.text().trim().is_empty() {
            findings.add("database.url", "is empty");
        } else if self.parsed().is_none() {
            findings.add(
                "database.url",
                "must be a file, an sqlite: URL or a postgres:// URL",
            );
        }
    }
}

impl fmt::Debug for DatabaseSection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DatabaseSection")
            .field("url", &self.url.as_ref().map(|_| "…"))
            .field("url_file", &self.url_file)
            .field("checkpoint", &self.checkpoint)
            .finish()
    }
}
