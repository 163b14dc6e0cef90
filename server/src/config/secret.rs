//! Values that may come from a file of their own, and values that nobody may see.

use std::fmt;
use std::path::Path;

use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};

use super::error::Findings;

/// Longest file that is read for one value, in bytes.
const LONGEST: u64 = 64 * 1024;

/// A text that is never printed and never written out.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one who proves something with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// Sections are written out to get their defaults, and no default holds a secret. Fails always.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a secret is not written out"))
    }
}

/// Reads the value that `key` has in its `_file` twin. Line breaks at its end do not count.
pub(super) fn read_twin(key: &str, file: &Path, findings: &mut Findings) -> Option<String> {
    let path = format!("{key}_file");
    let readable = std::fs::metadata(file).and_then(|facts| {
        if facts.len() > LONGEST {
            return Err(std::io::Error::other("it is longer than 64 KiB"));
        }
        std::fs::read_to_string(file)
    });
    match readable {
        Ok(text) => Some(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) => {
            findings.add(
                path,
                format!("names {}, which cannot be read: {error}", file.display()),
            );
            None
        }
    }
}

/// Reports that a key and its twin are both set.
pub(super) fn refuse_both(key: &str, findings: &mut Findings) {
    findings.add(
        key,
        format!("is set together with {key}_file; set one of them"),
    );
}
