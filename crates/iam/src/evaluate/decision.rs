//! What is answered, in words that name the deciding statement or what is missing.

use crate::document::{escaped, quoted};
use std::fmt;

/// The answer to one call. Its text is a sentence for people and for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed by these statements together.
    Allowed {
        /// At least one, except for an account's root user, whom nothing has to allow.
        by: Vec<StatementRef>,
    },
    /// Refused by explicit denies.
    Denied {
        /// At least one.
        by: Vec<StatementRef>,
    },
    /// Nothing denies, but not all that must allow does.
    NotAllowed {
        /// What would have to allow.
        missing: Missing,
    },
    /// The answer turns on an element that cannot be judged here.
    CannotTell {
        /// The element and where it stands.
        element: String,
    },
}

/// Where a policy is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// To the user or role that calls.
    Identity,
    /// Given when the session was made.
    Session,
    /// To the resource.
    Resource,
    /// To the role that somebody wants to become.
    Trust,
}

/// One statement of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRef {
    /// Where its policy is attached.
    pub kind: PolicyKind,
    /// Its policy's name.
    pub policy: String,
    /// Its Sid.
    pub sid: Option<String>,
    /// Its place in the policy, from 0.
    pub index: usize,
}

/// What would have to allow, for whom and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The caller's ARN.
    pub principal: String,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// Each of these must allow and none does; at least one.
    pub from: Vec<MissingFrom>,
    /// Allowing statements about this action that do not apply, with the reason.
    pub near: Vec<NearMiss>,
}

/// A place where an allow is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingFrom {
    /// The caller's identity policies.
    Identity,
    /// The session policies.
    Session,
    /// The resource's policies.
    Resource,
    /// The identity policies or the resource's policies; either would do.
    IdentityOrResource,
    /// The role's trust policy.
    Trust,
    /// Another caller: an account's root user becomes no role.
    UserOrRole,
}

/// An allowing statement that would have helped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The statement.
    pub statement: StatementRef,
    /// Why it does not apply.
    pub because: Mismatch,
}

/// The first element of a statement that does not fit the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is about other actions.
    Action,
    /// It names other principals.
    Principal,
    /// It is about other resources.
    Resource,
    /// A condition does not hold.
    Condition {
        /// The operator.
        operator: String,
        /// The key.
        key: String,
    },
}

impl Decision {
    /// Whether the call is allowed for certain.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed { by } if by.is_empty() => {
                formatter.write_str("Allowed to the account's root user without a statement")
            }
            Self::Allowed { by } => write!(formatter, "Allowed by {}", list(by)),
            Self::Denied { by } => write!(formatter, "Denied by {}", list(by)),
            Self::NotAllowed { missing } => write!(formatter, "Not allowed: {missing}"),
            Self::CannotTell { element } => write!(formatter, "Cannot tell: {element}"),
        }
    }
}

impl fmt::Display for StatementRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sid {
            Some(sid) => write!(formatter, "statement {}", quoted(sid))?,
            None => write!(formatter, "statement {}", self.index + 1)?,
        }
        write!(
            formatter,
            " of {} {}",
            self.kind.words(),
            quoted(&self.policy)
        )
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            principal,
            action,
            resource,
            from,
            near,
        } = self;
        let from: Vec<&str> = from.iter().map(|from| from.words()).collect();
        write!(
            formatter,
            "{} {} {} on {} for {}",
            from.join(" and "),
            if from.len() == 1 { "allows" } else { "allow" },
            escaped(action),
            escaped(resource),
            escaped(principal),
        )?;
        for NearMiss { statement, because } in near {
            write!(formatter, "; {statement} {because}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => formatter.write_str("is about other actions"),
            Self::Principal => formatter.write_str("names other principals"),
            Self::Resource => formatter.write_str("is about other resources"),
            Self::Condition { operator, key } => {
                write!(
                    formatter,
                    "asks for {} on {}",
                    quoted(operator),
                    quoted(key)
                )
            }
        }
    }
}

impl PolicyKind {
    fn words(self) -> &'static str {
        match self {
            Self::Identity => "identity policy",
            Self::Session => "session policy",
            Self::Resource => "resource policy",
            Self::Trust => "trust policy",
        }
    }
}

impl MissingFrom {
    fn words(self) -> &'static str {
        match self {
            Self::Identity => "no identity policy",
            Self::Session => "no session policy",
            Self::Resource => "no resource policy",
            Self::IdentityOrResource => "no identity or resource policy",
            Self::Trust => "no statement of the trust policy",
            Self::UserOrRole => "no rule for an account's root user",
        }
    }
}

fn list(statements: &[StatementRef]) -> String {
    let words: Vec<String> = statements.iter().map(ToString::to_string).collect();
    words.join(" and ")
}
