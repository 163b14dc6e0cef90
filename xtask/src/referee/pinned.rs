//! The versions of referees, from the files that pin them.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::referees::{REQUIREMENTS, javascript, simulate};
use crate::workspace;

/// The version of a package, whichever registry it is from, that a referee runs.
pub(super) fn version(package: &str) -> Result<String> {
    let requirements = fs::read_to_string(workspace::path(REQUIREMENTS))?;
    if let Some(version) = in_requirements(&requirements, package) {
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

fn in_requirements(text: &str, package: &str) -> Option<String> {
    text.lines()
        .filter_map(|line| line.split_once("=="))
        .find(|(name, _)| *name == package)
        .map(|(_, version)| version.to_owned())
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
    fn every_form_of_a_pin_is_read() {
        let text = "boto3==1.2.3\nbotocore==4.5.6\n";
        assert_eq!(in_requirements(text, "botocore").as_deref(), Some("4.5.6"));
        assert_eq!(in_requirements(text, "boto"), None);
        let file = json!({"dependencies": {"a": "1.0.0"}, "devDependencies": {"@b/c": "2.0.0"}});
        assert_eq!(in_package(&file, "@b/c").as_deref(), Some("2.0.0"));
        assert_eq!(in_package(&file, "c"), None);
    }
}
