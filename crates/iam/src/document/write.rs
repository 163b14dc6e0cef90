//! Writing a policy document: minified, members always in the same order, values as they were read.

use super::{
    ActionClause, ConditionTest, PolicyDocument, PrincipalClause, PrincipalType, Principals,
    ResourceClause, Statement, Values,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;

impl PolicyDocument {
    /// The document as minified JSON. `Statement` is always a list; members come in the order
    /// Version, Id, Statement and Sid, Effect, Principal, Action, Resource, Condition.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("text keys and no I/O, so writing cannot fail")
    }

    /// The length of [`PolicyDocument::to_json`] in characters, the unit of AWS's limits.
    pub fn characters(&self) -> usize {
        self.to_json().chars().count()
    }
}

impl fmt::Display for PolicyDocument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_json())
    }
}

impl Serialize for PolicyDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(version) = self.version {
            map.serialize_entry("Version", version.as_str())?;
        }
        if let Some(id) = &self.id {
            map.serialize_entry("Id", id)?;
        }
        map.serialize_entry("Statement", &self.statements)?;
        map.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(sid) = &self.sid {
            map.serialize_entry("Sid", sid)?;
        }
        map.serialize_entry("Effect", self.effect.as_str())?;
        match &self.principal {
            Some(PrincipalClause::Principal(listed)) => map.serialize_entry("Principal", listed)?,
            Some(PrincipalClause::NotPrincipal(listed)) => {
                map.serialize_entry("NotPrincipal", listed)?;
            }
            None => {}
        }
        match &self.action {
            ActionClause::Action(values) => map.serialize_entry("Action", values)?,
            ActionClause::NotAction(values) => map.serialize_entry("NotAction", values)?,
        }
        match &self.resource {
            Some(ResourceClause::Resource(values)) => map.serialize_entry("Resource", values)?,
            Some(ResourceClause::NotResource(values)) => {
                map.serialize_entry("NotResource", values)?;
            }
            None => {}
        }
        if !self.condition.is_empty() {
            map.serialize_entry("Condition", &Tests(&self.condition))?;
        }
        map.end()
    }
}

impl Serialize for Principals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Everyone => serializer.serialize_str("*"),
            Self::Listed(listed) => {
                serializer.collect_map(listed.iter().map(|(kind, values)| (kind, values)))
            }
        }
    }
}

impl Serialize for PrincipalType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(value) => serializer.serialize_str(value),
            Self::Many(values) => serializer.collect_seq(values),
        }
    }
}

struct Tests<'a>(&'a [ConditionTest]);

impl Serialize for Tests<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|test| (&test.operator, Keys(&test.keys))))
    }
}

struct Keys<'a>(&'a [(String, Values)]);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, values)| (key, values)))
    }
}
