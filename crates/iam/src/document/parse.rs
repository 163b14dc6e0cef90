//! Strict reading of a policy document.

use super::error::quoted;
use super::{
    ActionClause, ConditionTest, Effect, PolicyDocument, PolicyError, PolicyProblem, PolicyVersion,
    PrincipalClause, PrincipalType, Principals, ResourceClause, Statement, Values,
};
use crate::json::Json;
use serde::{Deserialize, Deserializer};

type Read<T> = Result<T, PolicyError>;

/// How the word of `Effect` is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EffectWords {
    /// `Allow` and `Deny`.
    Exact,
    /// Also `ALLOW` and `DENY`.
    OrUpperCase,
}

impl PolicyDocument {
    /// Reads a document.
    ///
    /// `Statement` may be one object or a list, also an empty one. Refused: text that is not JSON
    /// or nested deeper than 128, members that stand twice or are unknown, condition keys that stand
    /// twice in one operator whatever their case, values of the wrong type, empty lists of values,
    /// and an `Effect` other than `Allow` or `Deny`.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        read_text(text, EffectWords::Exact)
    }

    /// As [`PolicyDocument::parse`], and `Effect` may also be `ALLOW` or `DENY`, as some examples
    /// in the Amazon Rekognition developer guide write it.
    pub fn parse_accepting_upper_case_effect(text: &str) -> Result<Self, PolicyError> {
        read_text(text, EffectWords::OrUpperCase)
    }
}

impl<'de> Deserialize<'de> for PolicyDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        document(&json, EffectWords::Exact).map_err(serde::de::Error::custom)
    }
}

fn read_text(text: &str, words: EffectWords) -> Read<PolicyDocument> {
    let json: Json = serde_json::from_str(text)
        .map_err(|error| PolicyProblem::Syntax(error.to_string()).at("$"))?;
    document(&json, words)
}

fn document(json: &Json, words: EffectWords) -> Read<PolicyDocument> {
    let members = Members::read(json, "$", &["Version", "Id", "Statement"])?;
    let version = members.optional("Version", version)?;
    let id = members.optional("Id", text)?;
    let (json, path) = members
        .get("Statement")
        .ok_or(PolicyProblem::Missing("Statement").at("$"))?;
    let statements = match json {
        Json::List(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| statement(item, &format!("{path}[{index}]"), words))
            .collect::<Read<_>>()?,
        Json::Object(_) => vec![statement(json, &path, words)?],
        other => return Err(wrong_type("an object or a list of objects", other, &path)),
    };
    Ok(PolicyDocument {
        version,
        id,
        statements,
    })
}

fn version(json: &Json, path: &str) -> Read<PolicyVersion> {
    match text(json, path)?.as_str() {
        "2012-10-17" => Ok(PolicyVersion::V2012),
        "2008-10-17" => Ok(PolicyVersion::V2008),
        other => Err(wrong_word("\"2012-10-17\" or \"2008-10-17\"", other, path)),
    }
}

fn statement(json: &Json, path: &str, words: EffectWords) -> Read<Statement> {
    let members = Members::read(
        json,
        path,
        &[
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ],
    )?;
    let (effect_json, effect_path) = members
        .get("Effect")
        .ok_or(PolicyProblem::Missing("Effect").at(path))?;
    Ok(Statement {
        sid: members.optional("Sid", text)?,
        effect: effect(effect_json, &effect_path, words)?,
        principal: members
            .either("Principal", "NotPrincipal", principals)?
            .map(|side| side.map(PrincipalClause::Principal, PrincipalClause::NotPrincipal)),
        action: members
            .either("Action", "NotAction", values)?
            .map(|side| side.map(ActionClause::Action, ActionClause::NotAction))
            .ok_or(PolicyProblem::Missing("Action").at(path))?,
        resource: members
            .either("Resource", "NotResource", values)?
            .map(|side| side.map(ResourceClause::Resource, ResourceClause::NotResource)),
        condition: members
            .optional("Condition", condition)?
            .unwrap_or_default(),
    })
}

fn effect(json: &Json, path: &str, words: EffectWords) -> Read<Effect> {
    let word = text(json, path)?;
    match word.as_str() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        "ALLOW" if words == EffectWords::OrUpperCase => Ok(Effect::Allow),
        "DENY" if words == EffectWords::OrUpperCase => Ok(Effect::Deny),
        other => Err(wrong_word("\"Allow\" or \"Deny\"", other, path)),
    }
}

fn principals(json: &Json, path: &str) -> Read<Principals> {
    match json {
        Json::Text(word) if word == "*" => Ok(Principals::Everyone),
        Json::Text(other) => Err(wrong_word("\"*\" or an object", other, path)),
        Json::Object(_) => {
            let kinds = [
                PrincipalType::Aws,
                PrincipalType::Service,
                PrincipalType::Federated,
                PrincipalType::CanonicalUser,
            ];
            let members = Members::read(json, path, &kinds.map(PrincipalType::as_str))?;
            let mut listed = Vec::new();
            for (name, json, path) in members.iter() {
                if let Some(kind) = kinds.into_iter().find(|kind| kind.as_str() == name) {
                    listed.push((kind, values(json, &path)?));
                }
            }
            if listed.is_empty() {
                return Err(PolicyProblem::EmptyList.at(path));
            }
            Ok(Principals::Listed(listed))
        }
        other => Err(wrong_type("\"*\" or an object", other, path)),
    }
}

fn condition(json: &Json, path: &str) -> Read<Vec<ConditionTest>> {
    let mut tests = Vec::new();
    for (operator, json, path) in Members::read_any(json, path)?.iter() {
        let mut keys = Vec::new();
        for (key, json, path) in Members::read_whatever_case(json, &path)?.iter() {
            keys.push((key.to_owned(), condition_values(json, &path)?));
        }
        tests.push(ConditionTest {
            operator: operator.to_owned(),
            keys,
        });
    }
    Ok(tests)
}

fn values(json: &Json, path: &str) -> Read<Values> {
    read_values(json, path, "a string or a list of strings", text)
}

fn condition_values(json: &Json, path: &str) -> Read<Values> {
    read_values(
        json,
        path,
        "a string, number or boolean, or a list of them",
        scalar,
    )
}

fn read_values(
    json: &Json,
    path: &str,
    expected: &'static str,
    one: fn(&Json, &str) -> Read<String>,
) -> Read<Values> {
    match json {
        Json::List(items) if items.is_empty() => Err(PolicyProblem::EmptyList.at(path)),
        Json::List(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| one(item, &format!("{path}[{index}]")))
            .collect::<Read<_>>()
            .map(Values::Many),
        Json::Null | Json::Object(_) => Err(wrong_type(expected, json, path)),
        scalar => one(scalar, path).map(Values::One),
    }
}

fn text(json: &Json, path: &str) -> Read<String> {
    match json {
        Json::Text(text) => Ok(text.clone()),
        other => Err(wrong_type("a string", other, path)),
    }
}

fn scalar(json: &Json, path: &str) -> Read<String> {
    match json {
        Json::Text(text) => Ok(text.clone()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Number(value) => Ok(value.to_string()),
        other => Err(wrong_type("a string, number or boolean", other, path)),
    }
}

fn wrong_type(expected: &'static str, found: &Json, path: &str) -> PolicyError {
    PolicyProblem::Type {
        expected,
        found: found.kind(),
    }
    .at(path)
}

fn wrong_word(expected: &'static str, found: &str, path: &str) -> PolicyError {
    PolicyProblem::Word {
        expected,
        found: quoted(found),
    }
    .at(path)
}

/// Which of two exclusive members stood.
enum Side<T> {
    Plain(T),
    Negated(T),
}

impl<T> Side<T> {
    fn map<U>(self, plain: fn(T) -> U, negated: fn(T) -> U) -> U {
        match self {
            Self::Plain(value) => plain(value),
            Self::Negated(value) => negated(value),
        }
    }
}

/// The members of one object, none of them twice.
struct Members<'a> {
    members: &'a [(String, Json)],
    path: &'a str,
}

impl<'a> Members<'a> {
    fn read(json: &'a Json, path: &'a str, known: &[&str]) -> Read<Self> {
        let members = Self::read_any(json, path)?;
        for (name, _) in members.members {
            if !known.contains(&name.as_str()) {
                return Err(PolicyProblem::UnknownMember(quoted(name)).at(path));
            }
        }
        Ok(members)
    }

    fn read_any(json: &'a Json, path: &'a str) -> Read<Self> {
        Self::distinct(json, path, str::eq)
    }

    /// As [`Members::read_any`], where case does not count: condition keys ("Duplicate keys with
    /// different case", IAM policy validation check reference).
    fn read_whatever_case(json: &'a Json, path: &'a str) -> Read<Self> {
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

    fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Json, String)> {
        self.members
            .iter()
            .map(|(name, json)| (name.as_str(), json, child(self.path, name)))
    }

    fn get(&self, name: &str) -> Option<(&'a Json, String)> {
        self.iter()
            .find(|(found, ..)| *found == name)
            .map(|(_, json, path)| (json, path))
    }

    fn optional<T>(&self, name: &str, read: fn(&Json, &str) -> Read<T>) -> Read<Option<T>> {
        self.get(name)
            .map(|(json, path)| read(json, &path))
            .transpose()
    }

    fn either<T>(
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
