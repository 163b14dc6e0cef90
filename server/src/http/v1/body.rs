//! The body of a request, or what is wrong with it in our own words.

use serde_json::{Map, Value};

use super::clipped;
use super::wire::NewPromotion;

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Texts,
}

/// The fields of [`NewPromotion`], and whether each must be there.
const FIELDS: [(&str, bool, Kind); 9] = [
    ("source_version", true, Kind::Text),
    ("source_project", false, Kind::Text),
    ("destination_project", true, Kind::Text),
    ("version_name", true, Kind::Text),
    ("bucket", true, Kind::Text),
    ("prefix", false, Kind::Text),
    ("kms_key", false, Kind::Text),
    ("tags", false, Kind::Texts),
    ("reason", false, Kind::Text),
];

/// Reads a promotion, or gives a sentence for each thing that is wrong. The parser's own words stay
/// here.
pub(super) fn new_promotion(body: &[u8]) -> Result<NewPromotion, String> {
    serde_json::from_slice(body).map_err(|_| why(body))
}

fn why(body: &[u8]) -> String {
    let fields = match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return "The body must be one JSON object.".to_owned(),
        Err(_) if body.is_empty() => return "The body is empty; it must be JSON.".to_owned(),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            return format!("The body is no JSON from line {line}, column {column} on.");
        }
    };
    let mut found = missing(&fields);
    found.extend(fields.iter().filter_map(|(name, value)| wrong(name, value)));
    if found.is_empty() {
        // An object that has every field and nothing else can only have one of them twice.
        return "A field stands twice.".to_owned();
    }
    found.join(" ")
}

fn missing(fields: &Map<String, Value>) -> Vec<String> {
    let missing = FIELDS
        .iter()
        .filter(|(name, needed, _)| *needed && !fields.contains_key(*name));
    missing
        .map(|(name, ..)| format!("The field {name} is missing."))
        .collect()
}

fn wrong(name: &str, value: &Value) -> Option<String> {
    let Some((_, _, kind)) = FIELDS.iter().find(|(known, ..)| *known == name) else {
        return Some(format!("There is no field \"{}\".", clipped(name)));
    };
    match (kind, value) {
        (Kind::Text, Value::String(_)) => None,
        (Kind::Text, _) => Some(format!("The field {name} must be a text.")),
        (Kind::Texts, Value::Object(texts)) if texts.values().all(Value::is_string) => None,
        (Kind::Texts, _) => Some(format!("The field {name} must be an object of texts.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        FIELDS
            .iter()
            .map(|(name, _, kind)| {
                let value = match kind {
                    Kind::Text => json!("x"),
                    Kind::Texts => json!({ "team": "vision" }),
                };
                ((*name).to_owned(), value)
            })
            .collect::<Map<_, _>>()
            .into()
    }

    fn said(body: &Value) -> String {
        new_promotion(body.to_string().as_bytes()).unwrap_err()
    }

    #[test]
    fn the_fields_told_are_the_fields_read() {
        assert!(new_promotion(whole().to_string().as_bytes()).is_ok());
        for (name, needed, _) in FIELDS {
            let mut body = whole();
            body[name] = json!(7);
            assert!(said(&body).contains(&format!("The field {name} must be")));
            body.as_object_mut().unwrap().remove(name);
            let read = new_promotion(body.to_string().as_bytes());
            assert_eq!(read.is_err(), needed, "{name}");
            if needed {
                assert!(said(&body).contains(&format!("The field {name} is missing.")));
            }
        }
    }

    #[test]
    fn every_other_mistake_has_words() {
        let twice = r#"{"bucket": "a", "source_version": "a", "destination_project": "a",
            "version_name": "a", "bucket": "b"}"#;
        let mut unknown = whole();
        unknown["versionName"] = json!("v7");
        let mut tags = whole();
        tags["tags"] = json!({ "team": 7 });
        for (body, words) in [
            ("", "The body is empty"),
            ("{", "from line 1, column 1 on"),
            ("[]", "one JSON object"),
            ("null", "one JSON object"),
            (twice, "A field stands twice."),
            (&unknown.to_string(), "no field \"versionName\"."),
            (
                &tags.to_string(),
                "The field tags must be an object of texts.",
            ),
        ] {
            let why = why(body.as_bytes());
            assert!(why.contains(words), "{body}: {why}");
            assert!(new_promotion(body.as_bytes()).is_err(), "{body}");
        }
    }
}
