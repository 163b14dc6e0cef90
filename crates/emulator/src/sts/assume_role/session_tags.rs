//! The tags that an `AssumeRole` puts on its session.

use super::request::pattern;
use crate::error::ApiError;
use crate::sts::input::{Form, Violations};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$"));
static VALUE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$"));

/// The most tags and the most transitive keys of one request.
const MOST: usize = 50;

/// `Tags` and `TransitiveTagKeys` in the request's order.
#[derive(Default)]
pub(super) struct SessionTags {
    pub(super) tags: Vec<(String, String)>,
    pub(super) transitive: Vec<String>,
}

/// Reads both lists and notes what is out of shape.
pub(super) fn read(form: &Form, violations: &mut Violations) -> SessionTags {
    let mut read = SessionTags::default();
    let tags: BTreeSet<u32> = form.numbers("Tags.member.").collect();
    let keys: BTreeSet<u32> = form.numbers("TransitiveTagKeys.member.").collect();
    for (member, count) in [("tags", tags.len()), ("transitiveTagKeys", keys.len())] {
        if count > MOST {
            let rule = format!("Member must have length less than or equal to {MOST}");
            violations.add(member, &format!("{count} entries"), &rule);
        }
    }
    for number in tags {
        let at = format!("tags.{number}.member");
        let member = |name: &str| form.sent(&format!("Tags.member.{number}.{name}"));
        let key = violations.required(&format!("{at}.key"), member("Key"));
        let value = violations.required(&format!("{at}.value"), member("Value"));
        if let (Some(key), Some(value)) = (key, value) {
            violations.text(&format!("{at}.key"), key, 1, 128, &KEY);
            violations.text(&format!("{at}.value"), value, 0, 256, &VALUE);
            read.tags.push((key.to_owned(), value.to_owned()));
        }
    }
    for number in keys {
        let key = form.sent(&format!("TransitiveTagKeys.member.{number}"));
        let at = format!("transitiveTagKeys.{number}.member");
        if let Some(key) = violations.required(&at, key) {
            violations.text(&at, key, 1, 128, &KEY);
            read.transitive.push(key.to_owned());
        }
    }
    read
}

impl SessionTags {
    /// Checks what goes together: AWS compares tag keys without regard to case ("Pass session tags
    /// in AWS STS", IAM User Guide).
    pub(super) fn check(&self) -> Result<(), ApiError> {
        let mut keys = BTreeSet::new();
        for (key, _) in &self.tags {
            if key.to_lowercase().starts_with("aws:") {
                return Err(invalid(
                    "aws: prefixed tag key names are not allowed for external use.",
                ));
            }
            if !keys.insert(key.to_lowercase()) {
                return Err(invalid(
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                ));
            }
        }
        if self
            .transitive
            .iter()
            .any(|key| !keys.contains(&key.to_lowercase()))
        {
            return Err(invalid(
                "The specified transitive tag key must be included in the requested tags.",
            ));
        }
        Ok(())
    }

    /// The tags by key.
    pub(super) fn by_key(&self) -> BTreeMap<String, String> {
        self.tags.iter().cloned().collect()
    }
}

/// STS's error for tags that do not go together.
pub(super) fn invalid(message: &str) -> ApiError {
    ApiError::common("InvalidParameterValue", 400, message)
}
