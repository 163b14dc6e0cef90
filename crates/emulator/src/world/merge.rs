//! Lays a fragment over a world: what the fragment names changes, everything else stays.

use super::error::WorldError;
use serde_json::{Map, Value};

/// What tells the entries of each list apart. Lists that are not here are replaced whole.
fn identity(list: &str) -> Option<&'static [&'static str]> {
    match list {
        "account" => Some(&["id"]),
        "user" | "role" | "bucket" | "version" => Some(&["name"]),
        "key" => Some(&["region", "id"]),
        "project" => Some(&["region", "name"]),
        _ => None,
    }
}

/// Merges `fragment` into `world`, both in the shape of a world file as JSON.
pub(super) fn merge(world: &mut Value, fragment: &Value) -> Result<(), WorldError> {
    match (world, fragment) {
        (Value::Object(world), Value::Object(fragment)) => merge_objects(world, fragment),
        _ => Err(WorldError::Merge("it must be a JSON object".to_owned())),
    }
}

fn merge_objects(
    world: &mut Map<String, Value>,
    fragment: &Map<String, Value>,
) -> Result<(), WorldError> {
    for (name, new) in fragment {
        match (world.get_mut(name), new, identity(name)) {
            (Some(Value::Array(entries)), Value::Array(added), Some(keys)) => {
                for entry in added {
                    merge_entry(name, entries, entry, keys)?;
                }
            }
            (Some(Value::Object(old)), Value::Object(new), _)
                if name == "assumptions" || name == "quotas" =>
            {
                merge_objects(old, new)?;
            }
            _ => {
                world.insert(name.clone(), new.clone());
            }
        }
    }
    Ok(())
}

fn merge_entry(
    list: &str,
    entries: &mut Vec<Value>,
    entry: &Value,
    keys: &[&str],
) -> Result<(), WorldError> {
    if let Some(missing) = keys.iter().find(|key| entry.get(**key).is_none()) {
        return Err(WorldError::Merge(format!(
            "an entry of {list} has no {missing}"
        )));
    }
    let same = |old: &&mut Value| keys.iter().all(|key| old.get(*key) == entry.get(*key));
    if let (Some(Value::Object(old)), Value::Object(new)) = (entries.iter_mut().find(same), entry) {
        return merge_objects(old, new);
    }
    entries.push(entry.clone());
    Ok(())
}
