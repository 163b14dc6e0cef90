//! What a check found.

use crate::document::PolicyProblem;

/// Something that makes a project policy unfit to be sent, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at {path}: {problem}")]
pub struct LintFinding {
    /// Where, such as `$.Statement[0].Action`; `$` is the whole text.
    pub path: String,
    /// What.
    pub problem: LintProblem,
}

/// What makes a project policy unfit to be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LintProblem {
    /// Too short or too long.
    #[error("a project policy has 1 to 2,000 characters, this one has {0}")]
    Length(usize),
    /// A character outside Latin-1, or a control character.
    #[error("character {position} ({}) is not allowed: use Latin-1 without control characters", .character.escape_unicode())]
    Character {
        /// Its place, from 1.
        position: usize,
        /// The first such character.
        character: char,
    },
    /// Not a policy document at all.
    #[error("{0}")]
    Document(PolicyProblem),
    /// No statement.
    #[error("there is no statement")]
    NoStatements,
    /// A Sid with other characters than ASCII letters and digits, or an empty one.
    #[error("a Sid takes only ASCII letters and digits, at least one")]
    Sid,
    /// A Sid that an earlier statement has.
    #[error("an earlier statement has the same Sid")]
    SidTwice,
    /// A member that project policies must have.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A member that project policies must not have.
    #[error("{0} is not allowed in a project policy")]
    Prohibited(&'static str),
    /// Another action.
    #[error("the only action is rekognition:CopyProjectVersion, found {0}")]
    Action(String),
    /// A principal that is neither everyone, an account, nor the ARN of a user, role or session.
    #[error(
        "{0} is not a principal: write \"*\", an account number, or the whole ARN of an account, user, role or session"
    )]
    Principal(String),
    /// More or other principals than one role.
    #[error("only a single role is allowed as principal")]
    NotOneRole,
    /// A resource that can be no model version.
    #[error(
        "{0} is not a model version: write its ARN, or the project's ARN without number and with /version/* at its end"
    )]
    Resource(String),
    /// `*` as resource.
    #[error("\"*\" is not allowed as resource")]
    ResourceStar,
}

impl LintProblem {
    /// Whether AWS's request check refuses it (length and characters) before it reads the document.
    pub fn is_shape(&self) -> bool {
        matches!(self, Self::Length(_) | Self::Character { .. })
    }

    pub(super) fn at(self, path: impl Into<String>) -> LintFinding {
        LintFinding {
            path: path.into(),
            problem: self,
        }
    }
}
