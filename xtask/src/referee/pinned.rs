//! The versions of referees, from the files that pin them.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::referees::{REQUIREMENTS, javascript, simulate};
use crate::{setup, workspace};

/// The version of a package, whichever registry it is from, that a referee runs.
pub(super) fn version(package: &str) -> Result<String> {
    if let Some(version) = setup::python::pinned(REQUIREMENTS, package)? {
        return Ok(version);
    }
    for folder in [javascript::FOLDER, simulate::FOLDER] {
        let file = fs::read(workspace::path(folder).join("package.json"))?;
        if let Some(version) = in_package(&serde_json::from_slice(&file)?, package) {
            return Ok(version);
        }
    }
    None.with_context(|| format!("no file pins {package}"))
}

fn in_package(file: &Value, package: &str) -> Option<String> {
    ["dependencies", "devDependencies"]
        .iter()
        .find_map(|kind| file[kind][package].as_str())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_kinds_of_dependencies_are_read() {
        let file = json!({"dependencies": {"a": "1.0.0"}, "devDependencies": {"@b/c": "2.0.0"}});
        assert_eq!(in_package(&file, "@b/c").as_deref(), Some("2.0.0"));
        assert_eq!(in_package(&file, "c"), None);
    }
}
