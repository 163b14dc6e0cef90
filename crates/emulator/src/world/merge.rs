//! Lays a fragment over a world: what the fragment names changes, everything else stays.

use serde_json::{Map, Value};

/// What tells the entries of each list apart. Lists that are not here are replaced whole.
pub(super) fn identity(list: &str) -> Option<&'static [&'static str]> {
    match list {
        "account" => Some(&["id"]),
        "user" | "role" | "bucket" | "version" => Some(&["name"]),
        "key" => Some(&["region", "id"]),
        "project" => Some(&["region", "name"]),
        _ => None,
    }
}

/// Lays everything but the accounts over the settings.
pub(super) fn merge_settings(settings: &mut Map<String, Value>, fragment: &Map<String, Value>) {
    for (name, new) in fragment {
        match (settings.get_mut(name), new) {
            _ if name == "account" => {}
            (Some(Value::Object(old)), Value::Object(new)) => {
                old.extend(new.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            _ => {
                settings.insert(name.clone(), new.clone());
            }
        }
    }
}

/// Lays one entry over what it changes.
///
/// # Errors
///
/// The place of what is missing to tell an entry apart, such as `role[0].name`.
pub(super) fn merge_account(account: &mut Value, fragment: &Value) -> Result<(), String> {
    match (account, fragment) {
        (Value::Object(account), Value::Object(fragment)) => merge_objects(account, fragment),
        (account, fragment) => {
            *account = fragment.clone();
            Ok(())
        }
    }
}

fn merge_objects(
    world: &mut Map<String, Value>,
    fragment: &Map<String, Value>,
) -> Result<(), String> {
    for (name, new) in fragment {
        match (world.get_mut(name), new, identity(name)) {
            (Some(Value::Array(entries)), Value::Array(added), Some(keys)) => {
                for (index, entry) in added.iter().enumerate() {
                    merge_entry(entries, entry, keys)
                        .map_err(|missing| format!("{name}[{index}].{missing}"))?;
                }
            }
            _ => {
                world.insert(name.clone(), new.clone());
            }
        }
    }
    Ok(())
}

fn merge_entry(entries: &mut Vec<Value>, entry: &Value, keys: &[&str]) -> Result<(), String> {
    if let Some(missing) = keys.iter().find(|key| entry.get(**key).is_none()) {
        return Err((*missing).to_owned());
    }
    let same = |old: &&mut Value| keys.iter().all(|key| old.get(*key) == entry.get(*key));
    if let Some(old) = entries.iter_mut().find(same) {
        return merge_account(old, entry);
    }
    entries.push(entry.clone());
    Ok(())
}
