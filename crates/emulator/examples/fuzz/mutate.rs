//! Spoiling values: structure-aware for JSON and forms, blind for text and bytes.

use crate::seed::Seed;
use crate::world::{DESTINATION, PROMOTER, SOURCE, VERSION};
use serde_json::{Map, Value, json};

/// Texts that are at home somewhere, or hard on parsers.
const TEXTS: &[&str] = &[
    "",
    " ",
    "*",
    "?",
    "**?*",
    "${",
    "${}",
    "${aws:username}",
    "${aws:PrincipalTag/a, 'b'}",
    "${*}${?}${$}",
    "\u{0}",
    "\u{1}\u{7f}",
    "é",
    "日本",
    "𝒳",
    "\u{202e}x",
    "\"",
    "\\",
    "<a>&",
    "v7",
    "v 7",
    "inspector",
    "a/b",
    "../..",
    "-1",
    "0x10",
    "1e309",
    "NaN",
    "null",
    "true",
    "Allow",
    "Deny",
    "ALLOW",
    "rekognition:*",
    "rekognition:CopyProjectVersion",
    "sts:AssumeRole",
    SOURCE,
    VERSION,
    DESTINATION,
    PROMOTER,
    "arn:aws:rekognition:::",
    "arn::::::",
    "arn:aws:iam::",
    "arn:aws:iam::111111111111:root",
    "111111111111",
    "arn:1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:rekognition:eu-west-1:111111111111:project/p/99999999999999999999999999",
    "arn:aws:rekognition:eu-west-1:111111111111:project/p/version/v/18446744073709551616",
    "arn:aws:kms:eu-west-1:333333333333:alias/vision-prod-models",
    "vision-prod-models",
    "2026-13-45T99:99:99Z",
    "2026-11-24T00:00:00Z",
    "-9223372036854775808",
    "9007199254740993",
    "10.0.0.0/33",
    "::1/129",
    "10.0.0.1",
    "aws:CurrentTime",
    "aws:SourceIp",
    "aws:TagKeys",
    "ForAllValues:StringEqualsIfExists",
    "ForAnyValue:ArnLike",
    "Null",
    "IpAddress",
    "NumericLessThan",
    "DateGreaterThan",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "2008-10-17",
];

pub(crate) fn text(seed: &Seed) -> String {
    let one = *seed.pick(TEXTS);
    match seed.below(10) {
        0 => one
            .repeat(1 + seed.below(2100))
            .chars()
            .take(4000)
            .collect(),
        1 => format!("{one}{}", seed.pick(TEXTS)),
        _ => one.to_owned(),
    }
}

/// Changes a text somewhere.
pub(crate) fn spoil_text(seed: &Seed, from: &str) -> String {
    let mut characters: Vec<char> = from.chars().collect();
    let at = seed.below(characters.len() + 1);
    match seed.below(6) {
        0 => return text(seed),
        1 => {
            for (offset, character) in text(seed).chars().enumerate() {
                characters.insert(at + offset, character);
            }
        }
        2 if at < characters.len() => {
            characters.remove(at);
        }
        3 => characters.truncate(at),
        4 if at < characters.len() => {
            let code = u32::try_from(seed.below(0x3_0000)).unwrap_or_default();
            characters[at] = char::from_u32(code).unwrap_or('\u{fffd}');
        }
        _ => {
            let piece: Vec<char> = characters[at..].to_vec();
            characters.extend(piece);
        }
    }
    characters.truncate(20_000);
    characters.into_iter().collect()
}

fn value(seed: &Seed) -> Value {
    match seed.below(13) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(i64::MAX),
        5 => json!(u64::MAX),
        6 => json!(1.5),
        7 => json!(1e300),
        8 => json!([]),
        9 => json!({}),
        10 => json!(seed.below(102)),
        11 => json!([text(seed), text(seed)]),
        _ => json!(text(seed)),
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The node at place `at` in depth-first order; `at` counts down on the way.
fn node<'a>(value: &'a mut Value, at: &mut usize) -> Option<&'a mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|one| node(one, at)),
        Value::Object(members) => members.values_mut().find_map(|one| node(one, at)),
        _ => None,
    }
}

/// Makes one change somewhere inside.
pub(crate) fn spoil_value(seed: &Seed, root: &mut Value) {
    let mut at = seed.below(count(root));
    let Some(target) = node(root, &mut at) else {
        return;
    };
    match target {
        Value::String(string) if seed.chance(70) => {
            // A policy inside a request is a document of its own.
            let inner = serde_json::from_str::<Value>(string).ok();
            *string = match inner.filter(Value::is_object) {
                Some(document) if seed.chance(80) => policy(seed, document),
                _ => spoil_text(seed, string),
            };
        }
        Value::Object(members) if seed.chance(70) => spoil_object(seed, members),
        Value::Array(list) if seed.chance(70) => spoil_array(seed, list),
        other if seed.chance(20) => {
            let inner = other.take();
            *other = if seed.chance(50) {
                json!([inner])
            } else {
                json!({ text(seed): inner })
            };
        }
        other => *other = value(seed),
    }
}

fn spoil_object(seed: &Seed, members: &mut Map<String, Value>) {
    let names: Vec<String> = members.keys().cloned().collect();
    if names.is_empty() || seed.chance(25) {
        members.insert(text(seed), value(seed));
        return;
    }
    let name = seed.pick(&names);
    let old = members.remove(name).unwrap_or_default();
    match seed.below(4) {
        0 => {}
        1 => {
            members.insert(spoil_text(seed, name), old);
        }
        2 => {
            members.insert(name.to_lowercase(), old.clone());
            members.insert(name.clone(), old);
        }
        _ => {
            let other = seed.pick(&names).clone();
            members.insert(other, old);
        }
    }
}

fn spoil_array(seed: &Seed, list: &mut Vec<Value>) {
    match seed.below(4) {
        0 => list.clear(),
        1 if !list.is_empty() => {
            list.remove(seed.below(list.len()));
        }
        2 => {
            let one = list.first().cloned().unwrap_or_else(|| value(seed));
            // Enough to pass every limit on a count, never enough to fill a request.
            let more = 20_000 / (1 + one.to_string().len());
            list.resize(list.len() + seed.below(210).min(more), one);
        }
        _ => list.push(value(seed)),
    }
}

/// A spoiled policy document, as text.
pub(crate) fn policy(seed: &Seed, mut document: Value) -> String {
    for _ in 0..seed.below(4) {
        spoil_value(seed, &mut document);
    }
    json_text(seed, &document)
}

/// JSON, now and then not quite.
pub(crate) fn json_text(seed: &Seed, value: &Value) -> String {
    let text = value.to_string();
    match seed.below(30) {
        0 => spoil_text(seed, &text),
        1 => text.replacen("\":", "\":\"\\ud800\",\"x\":", 1),
        2 => match text.strip_prefix('{') {
            Some(rest) if rest.len() > 1 => {
                format!("{{{},{rest}", rest.trim_end_matches('}'))
            }
            _ => text,
        },
        3 => "[".repeat(1 + seed.below(3000)),
        4 => text.replacen(':', ":1e999,\"y\":", 1),
        5 => format!("\u{feff}{text} "),
        _ => text,
    }
}

/// Changes a few bytes.
pub(crate) fn spoil_bytes(seed: &Seed, bytes: &mut Vec<u8>) {
    for _ in 0..=seed.below(4) {
        let at = seed.below(bytes.len() + 1);
        let byte = u8::try_from(seed.below(256)).unwrap_or_default();
        match seed.below(3) {
            0 => bytes.insert(at, byte),
            1 if at < bytes.len() => bytes[at] = byte,
            _ => bytes.truncate(at.max(1)),
        }
    }
}
