//! What is known about a call.

use domain::Millis;
use std::collections::BTreeMap;

/// The condition keys of one call.
///
/// Three states for each key: it has values, it is known to be absent, or nothing is known of it.
/// A condition that turns on a key of the last kind cannot be judged. Keys are compared without
/// regard to case, values exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConditionContext {
    values: BTreeMap<String, Vec<String>>,
    /// Lower-case keys; one that ends in `*` stands for all that begin so.
    absent: Vec<String>,
}

/// What a [`ConditionContext`] says of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'a> {
    /// Its values, at least one.
    Values(&'a [String]),
    /// The call does not carry it.
    Absent,
    /// Nothing.
    Nothing,
}

impl ConditionContext {
    /// A context in which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one value for `key`, in place of what was known of it.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<String>) -> Self {
        self.with_all(key, [value.into()])
    }

    /// With several values for `key`, in place of what was known of it. No values at all make the
    /// key absent, as AWS treats an empty set.
    #[must_use]
    pub fn with_all(mut self, key: &str, values: impl IntoIterator<Item = String>) -> Self {
        let values: Vec<String> = values.into_iter().collect();
        if values.is_empty() {
            return self.absent(key);
        }
        self.values.insert(key.to_ascii_lowercase(), values);
        self
    }

    /// With `key` known to be absent, in place of what was known of it. A key that ends in `*`, such
    /// as `aws:RequestTag/*`, stands for all that begin so; values given for one of them still count.
    #[must_use]
    pub fn absent(mut self, key: &str) -> Self {
        let key = key.to_ascii_lowercase();
        self.values.remove(&key);
        self.absent.push(key);
        self
    }

    /// With `aws:CurrentTime` (whole seconds) and `aws:EpochTime` at `now`.
    #[must_use]
    pub fn at(self, now: Millis) -> Self {
        let now = now.whole_second();
        self.with("aws:CurrentTime", now.to_string())
            .with("aws:EpochTime", (now.get() / 1000).to_string())
    }

    /// What is known of `key`.
    pub fn lookup(&self, key: &str) -> Known<'_> {
        let key = key.to_ascii_lowercase();
        if let Some(values) = self.values.get(&key) {
            return Known::Values(values);
        }
        let covers = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => key.starts_with(start),
            None => *pattern == key,
        };
        if self.absent.iter().any(covers) {
            Known::Absent
        } else {
            Known::Nothing
        }
    }

    /// With one value for `key`, unless something is known of it already.
    #[must_use]
    pub(crate) fn or_with(self, key: &str, value: &str) -> Self {
        if self.lookup(key) == Known::Nothing {
            self.with(key, value)
        } else {
            self
        }
    }

    /// With `key` known to be absent, unless something is known of it already.
    #[must_use]
    pub(crate) fn or_absent(self, key: &str) -> Self {
        if self.lookup(key) == Known::Nothing {
            self.absent(key)
        } else {
            self
        }
    }
}
