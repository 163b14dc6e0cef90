//! The members of JSON objects, read strictly: none stands twice, and only those known may stand.

use super::error::quoted;
use super::{PolicyError, PolicyProblem};
use crate::json::Json;

/// What was read, or where and why it is not a policy document.
pub(super) type Read<T> = Result<T, PolicyError>;

/// Which of two exclusive members stood.
pub(super) enum Side<T> {
    Plain(T),
    Negated(T),
}

impl<T> Side<T> {
    pub(super) fn map<U>(self, plain: fn(T) -> U, negated: fn(T) -> U) -> U {
        match self {
            Self::Plain(value) => plain(value),
            Self::Negated(value) => negated(value),
        }
    }
}

/// The members of one object, none of them twice.
pub(super) struct Members<'a> {
    members: &'a [(String, Json)],
    path: &'a str,
}

impl<'a> Members<'a> {
    /// The members of an object that has no others than `known`.
    pub(super) fn read(json: &'a Json, path: &'a str, known: &[&str]) -> Read<Self> {
        let members = Self::read_any(json, path)?;
        for (name, _) in members.members {
            if !known.contains(&name.as_str()) {
                return Err(PolicyProblem::UnknownMember(quoted(name)).at(path));
            }
        }
        Ok(members)
    }

    /// The members of an object, whatever their names.
    pub(super) fn read_any(json: &'a Json, path: &'a str) -> Read<Self> {
        Self::distinct(json, path, str::eq)
    }

    /// As [`Members::read_any`], where case does not count: condition keys ("Duplicate keys with
    /// different case", IAM policy validation check reference).
    pub(super) fn read_whatever_case(json: &'a Json, path: &'a str) -> Read<Self> {
        Self::distinct(json, path, str::eq_ignore_ascii_case)
    }

    fn distinct(json: &'a Json, path: &'a str, same: fn(&str, &str) -> bool) -> Read<Self> {
        let Json::Object(members) = json else {
            return Err(wrong_type("an object", json, path));
        };
        for (index, (name, _)) in members.iter().enumerate() {
            let mut earlier = members[..index].iter();
            if earlier.any(|(earlier, _)| same(earlier, name)) {
                return Err(PolicyProblem::Duplicate(quoted(name)).at(path));
            }
        }
        Ok(Self { members, path })
    }

    /// Name, value and path of each, in the order written.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Json, String)> {
        self.members
            .iter()
            .map(|(name, json)| (name.as_str(), json, child(self.path, name)))
    }

    /// Value and path of the member `name`.
    pub(super) fn get(&self, name: &str) -> Option<(&'a Json, String)> {
        self.iter()
            .find(|(found, ..)| *found == name)
            .map(|(_, json, path)| (json, path))
    }

    /// The member `name`, read by `read`, if it is there.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        read: fn(&Json, &str) -> Read<T>,
    ) -> Read<Option<T>> {
        self.get(name)
            .map(|(json, path)| read(json, &path))
            .transpose()
    }

    /// The one of two members that is there; refused if both are.
    pub(super) fn either<T>(
        &self,
        plain: &'static str,
        negated: &'static str,
        read: fn(&Json, &str) -> Read<T>,
    ) -> Read<Option<Side<T>>> {
        match (self.optional(plain, read)?, self.optional(negated, read)?) {
            (Some(_), Some(_)) => Err(PolicyProblem::Conflict(plain, negated).at(self.path)),
            (Some(value), None) => Ok(Some(Side::Plain(value))),
            (None, Some(value)) => Ok(Some(Side::Negated(value))),
            (None, None) => Ok(None),
        }
    }
}

/// The path of a member; a name that is not a plain word is quoted.
fn child(path: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain && name.len() <= 64 {
        format!("{path}.{name}")
    } else {
        format!("{path}[{}]", quoted(name))
    }
}

/// A value of another kind than `expected`.
pub(super) fn wrong_type(expected: &'static str, found: &Json, path: &str) -> PolicyError {
    PolicyProblem::Type {
        expected,
        found: found.kind(),
    }
    .at(path)
}
