//! Where in a world a value stands: its name for people, and its line in TOML.

use super::merge::identity;
use serde_json::Value;
use serde_path_to_error::Segment;
use toml::de::{DeTable, DeValue};

/// One step down a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The steps to where reading went wrong.
pub(super) fn steps(path: &serde_path_to_error::Path) -> Vec<Step> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// A name such as `account[111111111111].role[reader].path`: entries of lists stand under what
/// tells them apart, and under their place where `document` does not have that.
pub(super) fn name(steps: &[Step], document: &Value) -> String {
    let mut name = String::new();
    let mut here = Some(document);
    let mut list = "";
    for step in steps {
        match step {
            Step::Key(key) => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
                here = here.and_then(|value| value.get(key));
                list = key;
            }
            Step::Index(index) => {
                here = here.and_then(|value| value.get(index));
                let entry = here.and_then(|entry| told_apart(list, entry));
                let entry = entry.unwrap_or_else(|| index.to_string());
                name.push('[');
                name.push_str(&entry);
                name.push(']');
            }
        }
    }
    name
}

/// What tells an entry of `list` apart, where it is there and in shape.
fn told_apart(list: &str, entry: &Value) -> Option<String> {
    let keys = identity(list).unwrap_or(&["name"]);
    let words: Option<Vec<&str>> = keys.iter().map(|key| entry.get(key)?.as_str()).collect();
    words
        .map(|words| words.join("/"))
        .filter(|name| !name.is_empty() && name.chars().all(|one| !one.is_control()))
}

/// The line of the deepest of `steps` that the TOML holds, counted from 1.
pub(super) fn line(text: &str, steps: &[Step]) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    let mut offset = None;
    let mut table = Some(root.get_ref());
    let mut list = None;
    for step in steps {
        let value = match (step, table, list) {
            (Step::Key(key), Some(table), _) => table.get(key.as_str()),
            (Step::Index(index), _, Some(list)) => {
                let list: &toml::de::DeArray<'_> = list;
                list.get(*index)
            }
            _ => None,
        };
        let Some(value) = value else { break };
        offset = Some(value.span().start);
        (table, list) = match value.get_ref() {
            DeValue::Table(inner) => (Some(inner), None),
            DeValue::Array(inner) => (None, Some(inner)),
            _ => (None, None),
        };
    }
    offset.map(|offset| line_at(text, offset))
}

/// The line of a byte, counted from 1.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
