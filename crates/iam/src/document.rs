//! The typed policy document.
//!
//! Reading ([`PolicyDocument::parse`]) is strict: a member that stands twice, an unknown member or
//! a value of the wrong type is refused with its path. Writing ([`PolicyDocument::to_json`]) is
//! minified and always in the same order. Whether a document suits the place it is attached to (a
//! trust policy has no `Resource`, a project policy no `NotAction`) is for [`crate::lint`] and
//! [`crate::evaluate()`] to say.
//!
//! Source: "Grammar of the IAM JSON policy language", IAM User Guide.

mod edit;
mod error;
mod members;
mod parse;
mod write;

pub use error::{PolicyError, PolicyProblem};
pub(crate) use error::{escaped, quoted};

/// A policy document. [`Display`](std::fmt::Display) and [`PolicyDocument::to_json`] give the same
/// minified JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyDocument {
    /// The language version; without one AWS reads the document as [`PolicyVersion::V2008`].
    pub version: Option<PolicyVersion>,
    /// The document's `Id`, which AWS does not interpret.
    pub id: Option<String>,
    /// The statements in the order written. Empty once the last one was taken out.
    pub statements: Vec<Statement>,
}

/// The version of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyVersion {
    /// `2008-10-17`: no policy variables; `${` is plain text.
    V2008,
    /// `2012-10-17`.
    V2012,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The statement's name within its document.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Who it is about; resource-based policies only.
    pub principal: Option<PrincipalClause>,
    /// Which actions.
    pub action: ActionClause,
    /// Which resources; trust policies have none.
    pub resource: Option<ResourceClause>,
    /// Tests that must all hold, in the order written.
    pub condition: Vec<ConditionTest>,
}

/// What a statement does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Refuses, whatever else grants.
    Deny,
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalClause {
    /// Those listed.
    Principal(Principals),
    /// All but those listed.
    NotPrincipal(Principals),
}

/// Who is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principals {
    /// The string `"*"`.
    Everyone,
    /// An object such as `{"AWS": …}`, its members in the order written.
    Listed(Vec<(PrincipalType, Values)>),
}

/// A member of the `Principal` object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalType {
    /// Accounts, users, roles and sessions.
    Aws,
    /// AWS services, such as `rekognition.amazonaws.com`.
    Service,
    /// Identity providers.
    Federated,
    /// Amazon S3's canonical user ids.
    CanonicalUser,
}

/// `Action` or `NotAction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionClause {
    /// Those listed.
    Action(Values),
    /// All but those listed.
    NotAction(Values),
}

/// `Resource` or `NotResource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceClause {
    /// Those listed.
    Resource(Values),
    /// All but those listed.
    NotResource(Values),
}

/// One string or a list of strings, kept the way it was written. A list read from JSON has at
/// least one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A plain string.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// One operator of a `Condition` with the keys it tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionTest {
    /// The operator as written, such as `ForAnyValue:StringLike`.
    pub operator: String,
    /// Each key with the values it is compared with. Numbers and booleans become text.
    pub keys: Vec<(String, Values)>,
}

impl PolicyVersion {
    /// The text that stands in a document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

impl PrincipalType {
    /// The member's name in the `Principal` object.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Service => "Service",
            Self::Federated => "Federated",
            Self::CanonicalUser => "CanonicalUser",
        }
    }
}

impl Effect {
    /// The text that stands in a document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

impl PrincipalClause {
    /// Those listed, whether they are meant or excepted.
    pub fn principals(&self) -> &Principals {
        match self {
            Self::Principal(principals) | Self::NotPrincipal(principals) => principals,
        }
    }
}

impl ActionClause {
    /// Those listed, whether they are meant or excepted.
    pub fn values(&self) -> &Values {
        match self {
            Self::Action(values) | Self::NotAction(values) => values,
        }
    }
}

impl ResourceClause {
    /// Those listed, whether they are meant or excepted.
    pub fn values(&self) -> &Values {
        match self {
            Self::Resource(values) | Self::NotResource(values) => values,
        }
    }
}

impl Values {
    /// The values in order.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    /// The values in order.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.as_slice().iter()
    }
}

impl<'a> IntoIterator for &'a Values {
    type Item = &'a String;
    type IntoIter = std::slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<&str> for Values {
    fn from(value: &str) -> Self {
        Self::One(value.to_owned())
    }
}

impl FromIterator<String> for Values {
    /// A single value becomes a plain string.
    fn from_iter<I: IntoIterator<Item = String>>(values: I) -> Self {
        let mut values: Vec<String> = values.into_iter().collect();
        match (values.len(), values.pop()) {
            (1, Some(value)) => Self::One(value),
            (_, last) => {
                values.extend(last);
                Self::Many(values)
            }
        }
    }
}
