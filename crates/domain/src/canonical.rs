//! Canonical JSON after RFC 8785, for what is hashed.
//!
//! Two equal values give the same bytes on every machine, so a digest over them can be compared.

use serde::Serialize;
use serde_json::Value;

/// Why a value has no canonical form here.
#[derive(Debug, thiserror::Error)]
pub enum NotCanonical {
    /// It cannot be written as JSON at all.
    #[error("the value cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// It holds a number that is not an integer within ±(2^53 − 1). RFC 8785 would write it as an
    /// IEEE 754 double; what we hash never needs one.
    #[error("the value holds a number that is not a safe integer")]
    Number,
}

const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The canonical JSON of `value`: no spaces, object keys in the order of their UTF-16 code units,
/// strings escaped only where JSON asks for it.
///
/// Fails for values that JSON cannot hold, such as maps whose keys are no texts, and for numbers
/// other than safe integers.
pub fn to_canonical_json(value: &impl Serialize) -> Result<String, NotCanonical> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, &mut text)?;
    Ok(text)
}

fn write(value: &Value, text: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            text.push('{');
            for (index, (key, item)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(key)?);
                text.push(':');
                write(item, text)?;
            }
            text.push('}');
        }
        Value::Number(number) => {
            let safe = number.as_i64().filter(|n| n.unsigned_abs() <= SAFE_INTEGER);
            text.push_str(&safe.ok_or(NotCanonical::Number)?.to_string());
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {
            text.push_str(&serde_json::to_string(value)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn keys_sort_as_in_the_example_of_rfc_8785() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        let text = to_canonical_json(&value).unwrap();
        let order = [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small",
            "Euro",
            "Emoji",
            "Hebrew",
        ];
        let places: Vec<_> = order.iter().map(|word| text.find(word).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn strings_are_escaped_as_little_as_possible() {
        let text = to_canonical_json(&json!("\u{20ac}$\u{f}\nA'B\"\\/\u{7f}")).unwrap();
        assert_eq!(text, "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\/\u{7f}\"");
    }

    #[test]
    fn numbers_that_are_no_safe_integers_are_refused() {
        assert!(to_canonical_json(&json!(1.5)).is_err());
        assert!(to_canonical_json(&json!(-0.0)).is_err());
        assert!(to_canonical_json(&json!(u64::MAX)).is_err());
        assert!(to_canonical_json(&json!([9_007_199_254_740_992_i64])).is_err());
        assert_eq!(
            to_canonical_json(&json!(-9_007_199_254_740_991_i64)).unwrap(),
            "-9007199254740991"
        );
    }

    proptest! {
        #[test]
        fn the_form_is_stable_and_means_the_same(
            members in proptest::collection::btree_map(".{0,8}", ".{0,8}", 0..8)
        ) {
            let text = to_canonical_json(&members).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&value, &json!(members));
            prop_assert_eq!(to_canonical_json(&value).unwrap(), text);
        }
    }
}
