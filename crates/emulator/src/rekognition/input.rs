//! Reads the members of a request and collects everything that is wrong with them, as AWS does
//! before it looks at anything else.

use super::error;
use super::shape::{TAG_KEY, TAG_VALUE, TextShape};
use crate::error::ApiError;
use crate::world::assumptions::ShapeViolation;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The members of one request. Each read notes violations; [`Input::finish`] answers for all of
/// them, and only after it may the values be used. Unknown members are ignored, as AWS does.
pub(crate) struct Input<'a> {
    members: &'a Map<String, Value>,
    violations: Vec<String>,
    /// A number of results above its maximum has an error of its own.
    too_many_results: bool,
    /// A value of the wrong JSON type ends reading: AWS cannot deserialise it.
    wrong_type: Option<String>,
}

impl<'a> Input<'a> {
    pub(crate) fn new(members: &'a Map<String, Value>) -> Self {
        Self {
            members,
            violations: Vec::new(),
            too_many_results: false,
            wrong_type: None,
        }
    }

    /// A text that must be there. Empty until [`Input::finish`] has said yes.
    pub(crate) fn text(&mut self, name: &str, shape: &TextShape) -> String {
        self.optional_text(name, shape).unwrap_or_else(|| {
            self.missing(&member(name));
            String::new()
        })
    }

    /// A text that may be left out.
    pub(crate) fn optional_text(&mut self, name: &str, shape: &TextShape) -> Option<String> {
        let value = present(self.members, name)?;
        self.checked_text(&member(name), value, shape)
    }

    /// A structure that must be there; read its members with [`Input::text_within`].
    pub(crate) fn structure(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        match present(self.members, name) {
            None => {
                self.missing(&member(name));
                None
            }
            Some(Value::Object(members)) => Some(members),
            Some(_) => {
                self.wrong_type(&member(name), "a structure");
                None
            }
        }
    }

    /// A text inside a structure, which may be left out.
    pub(crate) fn text_within(
        &mut self,
        structure: &str,
        members: &'a Map<String, Value>,
        name: &str,
        shape: &TextShape,
    ) -> Option<String> {
        let value = present(members, name)?;
        self.checked_text(
            &format!("{}.{}", member(structure), member(name)),
            value,
            shape,
        )
    }

    /// A list of texts that may be left out.
    pub(crate) fn optional_texts(
        &mut self,
        name: &str,
        shape: &TextShape,
        count: RangeInclusive<usize>,
    ) -> Option<Vec<String>> {
        let place = member(name);
        let Value::Array(values) = present(self.members, name)? else {
            self.wrong_type(&place, "a list");
            return None;
        };
        if values.len() < *count.start() {
            let rule = format!(
                "Member must have length greater than or equal to {}",
                count.start()
            );
            self.violate(&place, &format!("{} values", values.len()), &rule);
        }
        if values.len() > *count.end() {
            let rule = format!(
                "Member must have length less than or equal to {}",
                count.end()
            );
            self.violate(&place, &format!("{} values", values.len()), &rule);
        }
        let texts = values.iter().enumerate().filter_map(|(index, value)| {
            self.checked_text(&format!("{place}.{}.member", index + 1), value, shape)
        });
        Some(texts.collect())
    }

    /// A list of texts that must be there, if only an empty one.
    pub(crate) fn texts(
        &mut self,
        name: &str,
        shape: &TextShape,
        count: RangeInclusive<usize>,
    ) -> Vec<String> {
        if present(self.members, name).is_none() {
            self.missing(&member(name));
        }
        self.optional_texts(name, shape, count).unwrap_or_default()
    }

    /// `MaxResults`, 1 to `most`; `most` when left out.
    pub(crate) fn max_results(&mut self, most: usize) -> usize {
        let place = member("MaxResults");
        let Some(value) = present(self.members, "MaxResults") else {
            return most;
        };
        let Some(number) = value.as_i64() else {
            self.wrong_type(&place, "an integer");
            return most;
        };
        if number < 1 {
            let rule = "Member must have value greater than or equal to 1";
            self.violate(&place, &number.to_string(), rule);
        }
        match usize::try_from(number) {
            Ok(number) if number > most => {
                self.too_many_results = true;
                let rule = format!("Member must have value less than or equal to {most}");
                self.violate(&place, &number.to_string(), &rule);
                most
            }
            Ok(number) => number,
            Err(_) => most,
        }
    }

    /// `Tags` that must be there, if only an empty map.
    pub(crate) fn required_tags(&mut self) -> BTreeMap<String, String> {
        if present(self.members, "Tags").is_none() {
            self.missing(&member("Tags"));
        }
        self.tags()
    }

    /// `Tags`, 0 to 200 of them; none when left out.
    pub(crate) fn tags(&mut self) -> BTreeMap<String, String> {
        let place = member("Tags");
        let Some(value) = present(self.members, "Tags") else {
            return BTreeMap::new();
        };
        let Value::Object(entries) = value else {
            self.wrong_type(&place, "a map");
            return BTreeMap::new();
        };
        if entries.len() > 200 {
            let rule = "Member must have length less than or equal to 200";
            self.violate(&place, &format!("{} entries", entries.len()), rule);
        }
        let mut tags = BTreeMap::new();
        for (key, value) in entries {
            for rule in TAG_KEY.violations(key) {
                self.violate(&format!("{place}.key"), key, &rule);
            }
            if let Some(text) = self.checked_text(&format!("{place}.value"), value, &TAG_VALUE) {
                tags.insert(key.clone(), text);
            }
        }
        tags
    }

    /// Answers for everything that was read.
    pub(crate) fn finish(self, setting: ShapeViolation) -> Result<(), ApiError> {
        if let Some(message) = self.wrong_type {
            return Err(ApiError::common("SerializationException", 400, message));
        }
        if self.violations.is_empty() {
            return Ok(());
        }
        let count = self.violations.len();
        let plural = if count == 1 { "" } else { "s" };
        let message = format!(
            "{count} validation error{plural} detected: {}",
            self.violations.join("; ")
        );
        if self.too_many_results {
            Err(error::validation(message))
        } else {
            Err(error::shape_violation(setting, message))
        }
    }

    fn checked_text(&mut self, place: &str, value: &Value, shape: &TextShape) -> Option<String> {
        let Value::String(text) = value else {
            self.wrong_type(place, "a string");
            return None;
        };
        for rule in shape.violations(text) {
            self.violate(place, text, &rule);
        }
        Some(text.clone())
    }

    fn missing(&mut self, place: &str) {
        self.violations.push(format!(
            "Value null at '{place}' failed to satisfy constraint: Member must not be null"
        ));
    }

    fn violate(&mut self, place: &str, value: &str, rule: &str) {
        let shown: String = value.chars().take(200).collect();
        self.violations.push(format!(
            "Value '{shown}' at '{place}' failed to satisfy constraint: {rule}"
        ));
    }

    fn wrong_type(&mut self, place: &str, wanted: &str) {
        self.wrong_type
            .get_or_insert_with(|| format!("The value at '{place}' is not {wanted}."));
    }
}

/// A member's value; `null` is the same as leaving it out.
fn present<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).filter(|value| !value.is_null())
}

/// A member's name as AWS writes it in validation errors: `ProjectArn` is `projectArn`.
fn member(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
