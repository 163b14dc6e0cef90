//! Where in a world file a key stands.

use toml::de::{DeTable, DeValue};

/// One step down a document.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Key(&'static str),
    Index(usize),
}

/// A path such as `account[0].role[1].name`, with its line when `text` is the TOML it leads into.
pub(super) fn describe(text: Option<&str>, path: &[Step]) -> String {
    let mut name = String::new();
    for step in path {
        match step {
            Step::Key(key) if name.is_empty() => name.push_str(key),
            Step::Key(key) => {
                name.push('.');
                name.push_str(key);
            }
            Step::Index(index) => {
                name.push('[');
                name.push_str(&index.to_string());
                name.push(']');
            }
        }
    }
    match text.and_then(|text| line(text, path)) {
        Some(line) => format!("line {line}, {name}"),
        None => name,
    }
}

/// The line of the deepest step of `path` that the text holds, counted from 1.
fn line(text: &str, path: &[Step]) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    let mut offset = None;
    let mut table = Some(root.get_ref());
    let mut list = None;
    for step in path {
        let value = match (step, table, list) {
            (Step::Key(key), Some(table), _) => table.get(*key),
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
    offset.map(|offset| text[..offset].matches('\n').count() + 1)
}
