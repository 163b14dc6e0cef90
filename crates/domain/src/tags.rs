//! Tags of a model version.

use crate::name::{InvalidText, check_length};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The tags that a requester gives: at most 198, since AWS takes 200 and we add two.
///
/// Keys have 1 to 128 characters and never begin with `aws:` or with our own `customhouse:`;
/// values have 0 to 256. Both take letters, digits, spaces and `_ . : / = + - @` (`TagMap` of the
/// Rekognition API model).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<String, String>",
    into = "BTreeMap<String, String>"
)]
pub struct Tags(BTreeMap<String, String>);

/// The tag that holds the proposal's id on a copied version.
pub const PROPOSAL_TAG: &str = "customhouse:proposal";
/// The tag that holds the plan digest on a copied version.
pub const PLAN_TAG: &str = "customhouse:plan";

/// Why tags were not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTags {
    /// A key or value breaks its limits.
    #[error("{0}")]
    Text(InvalidText),
    /// A key that only AWS or Customhouse may set.
    #[error("the tag prefixes aws: and customhouse: are reserved")]
    Reserved,
    /// More than 198 tags.
    #[error("at most 198 tags, two more are added")]
    TooMany,
    /// A line that is not `key=value`.
    #[error("each line takes one tag, written key=value")]
    NoValue,
    /// The same key twice.
    #[error("each key may stand once")]
    Twice,
}

impl Tags {
    /// The most tags that a requester may give.
    pub const MAX: usize = 198;

    /// Checks a whole map of tags.
    pub fn new(tags: BTreeMap<String, String>) -> Result<Self, InvalidTags> {
        if tags.len() > Self::MAX {
            return Err(InvalidTags::TooMany);
        }
        for (key, value) in &tags {
            check("a tag key", key, 1, 128)?;
            check("a tag value", value, 0, 256)?;
            let lower = key.to_lowercase();
            if lower.starts_with("aws:") || lower.starts_with("customhouse:") {
                return Err(InvalidTags::Reserved);
            }
        }
        Ok(Self(tags))
    }

    /// Reads one tag a line, `key=value`; blank lines are skipped, spaces around key and value are
    /// dropped, and the first `=` divides them.
    pub fn from_lines(text: &str) -> Result<Self, InvalidTags> {
        let mut tags = BTreeMap::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (key, value) = line.split_once('=').ok_or(InvalidTags::NoValue)?;
            let double = tags.insert(key.trim().to_owned(), value.trim().to_owned());
            if double.is_some() {
                return Err(InvalidTags::Twice);
            }
        }
        Self::new(tags)
    }

    /// The tags in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn check(what: &'static str, text: &str, min: usize, max: usize) -> Result<(), InvalidTags> {
    check_length(what, text, min, max).map_err(InvalidTags::Text)?;
    let good = |c: char| {
        matches!(
            c.general_category_group(),
            GeneralCategoryGroup::Letter
                | GeneralCategoryGroup::Number
                | GeneralCategoryGroup::Separator
        ) || "_.:/=+-@".contains(c)
    };
    if text.chars().all(good) {
        Ok(())
    } else {
        let allowed = "letters, digits, spaces and _ . : / = + - @";
        Err(InvalidTags::Text(InvalidText::Characters { what, allowed }))
    }
}

impl TryFrom<BTreeMap<String, String>> for Tags {
    type Error = InvalidTags;

    fn try_from(tags: BTreeMap<String, String>) -> Result<Self, InvalidTags> {
        Self::new(tags)
    }
}

impl From<Tags> for BTreeMap<String, String> {
    fn from(tags: Tags) -> Self {
        tags.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_faults_named() {
        let tags = Tags::from_lines("team = vision\n\nformula=a=b\nnote=\n").unwrap();
        let pairs: Vec<_> = tags.iter().collect();
        assert_eq!(
            pairs,
            [("formula", "a=b"), ("note", ""), ("team", "vision")]
        );
        for (text, fault) in [
            ("team", InvalidTags::NoValue),
            ("a=1\na=2", InvalidTags::Twice),
            ("aws:x=1", InvalidTags::Reserved),
            ("Customhouse:plan=1", InvalidTags::Reserved),
        ] {
            assert_eq!(Tags::from_lines(text), Err(fault), "{text:?}");
        }
        assert!(Tags::from_lines("a=b;c").is_err());
        assert!(Tags::from_lines("=x").is_err());
        assert!(Tags::from_lines("größe=12 °").is_err());
        assert!(Tags::from_lines("größe=12").is_ok());
    }

    #[test]
    fn two_places_stay_free_for_our_own() {
        let tags = |count: usize| {
            (0..count)
                .map(|n| (format!("k{n}"), String::new()))
                .collect()
        };
        assert!(Tags::new(tags(198)).is_ok());
        assert_eq!(Tags::new(tags(199)), Err(InvalidTags::TooMany));
    }
}
