//! Values that may come from a file of their own.

use std::path::Path;

use super::error::Findings;

/// Longest file that is read for one value, in bytes.
const LONGEST: u64 = 64 * 1024;

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
