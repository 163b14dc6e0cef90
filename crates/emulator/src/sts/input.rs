//! The form of a Query request.

use crate::error::ApiError;
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The protocol version of STS's API model.
pub(crate) const VERSION: &str = "2011-06-15";

/// How the names of members end that hold a secret and go into no ledger.
const SECRET_MEMBERS: &[&str] = &["TokenCode", "ContextAssertion"];

/// The members of a form. When one stands twice, the last counts.
pub(crate) struct Form {
    members: BTreeMap<String, String>,
}

impl Form {
    /// Reads the form in a POST's body, or in a GET's query.
    pub(crate) fn read(query: &str, body: &[u8]) -> Self {
        let text = if body.is_empty() {
            query.as_bytes()
        } else {
            body
        };
        Self {
            members: url::form_urlencoded::parse(text).into_owned().collect(),
        }
    }

    /// A member; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.members
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A member as it was sent, also an empty one.
    pub(crate) fn sent(&self, name: &str) -> Option<&str> {
        self.members.get(name).map(String::as_str)
    }

    /// The numbers that follow `prefix` in the names of members, as a list's entries have them; a
    /// number stands once for each member of its entry.
    pub(crate) fn numbers(&self, prefix: &str) -> impl Iterator<Item = u32> {
        self.names().filter_map(move |name| {
            let number = name.strip_prefix(prefix)?;
            number.split('.').next()?.parse().ok()
        })
    }

    /// Names of all members.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// What the ledger shows.
    pub(crate) fn parameters(&self) -> Value {
        let shown = self
            .members
            .iter()
            .filter(|(name, _)| !["Action", "Version"].contains(&name.as_str()))
            .map(|(name, value)| {
                let secret = SECRET_MEMBERS.iter().any(|end| name.ends_with(end));
                let value = if secret { "…" } else { value.as_str() };
                (name.clone(), Value::from(value))
            });
        Value::Object(shown.collect::<Map<_, _>>())
    }
}

/// What is wrong with the members, in the words of AWS's validation errors.
#[derive(Default)]
pub(crate) struct Violations(Vec<String>);

impl Violations {
    /// Notes one broken constraint.
    pub(crate) fn add(&mut self, member: &str, value: &str, rule: &str) {
        let shown: String = value.chars().take(200).collect();
        self.0.push(format!(
            "Value '{shown}' at '{member}' failed to satisfy constraint: {rule}"
        ));
    }

    /// Notes a member that must be there and is not.
    pub(crate) fn required<'a>(&mut self, member: &str, value: Option<&'a str>) -> Option<&'a str> {
        if value.is_none() {
            self.0.push(format!(
                "Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ));
        }
        value
    }

    /// Checks a text's length in characters and its pattern.
    pub(crate) fn text(
        &mut self,
        member: &str,
        value: &str,
        min: usize,
        max: usize,
        pattern: &Regex,
    ) {
        let length = value.chars().count();
        if length < min {
            let rule = format!("Member must have length greater than or equal to {min}");
            self.add(member, value, &rule);
        }
        if length > max {
            let rule = format!("Member must have length less than or equal to {max}");
            self.add(member, value, &rule);
        }
        if !pattern.is_match(value) {
            let rule = "Member must satisfy regular expression pattern: ";
            let pattern = pattern
                .as_str()
                .trim_start_matches('^')
                .trim_end_matches('$');
            self.add(member, value, &format!("{rule}{pattern}"));
        }
    }

    /// Answers for everything that was checked.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        let count = self.0.len();
        if count == 0 {
            return Ok(());
        }
        let plural = if count == 1 { "" } else { "s" };
        Err(validation(format!(
            "{count} validation error{plural} detected: {}",
            self.0.join("; ")
        )))
    }
}

/// STS's error for a value that it does not take.
pub(crate) fn validation(message: impl Into<String>) -> ApiError {
    ApiError::common("ValidationError", 400, message)
}
