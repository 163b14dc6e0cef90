//! Strict reading of a policy document.

use super::error::quoted;
use super::members::{Members, Read, wrong_type};
use super::{
    ActionClause, ConditionTest, Effect, PolicyDocument, PolicyError, PolicyProblem, PolicyVersion,
    PrincipalClause, PrincipalType, Principals, ResourceClause, Statement, Values,
};
use crate::json::Json;
use serde::{Deserialize, Deserializer};

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

fn wrong_word(expected: &'static str, found: &str, path: &str) -> PolicyError {
    PolicyProblem::Word {
        expected,
        found: quoted(found),
    }
    .at(path)
}
