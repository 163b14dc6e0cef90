//! Why a text is not a policy document.

/// A text that is not a policy document, with the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a policy document: at {path}, {problem}")]
pub struct PolicyError {
    /// Where, such as `$.Statement[0].Effect`; `$` is the whole document.
    pub path: String,
    /// What is wrong there.
    pub problem: PolicyProblem,
}

/// What is wrong with a policy document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    /// Not JSON; the text is the JSON reader's, with line and column.
    #[error("the text is not JSON: {0}")]
    Syntax(String),
    /// A value of another kind.
    #[error("expected {expected}, found {found}")]
    Type {
        /// The kind wanted, for people.
        expected: &'static str,
        /// The kind found, for people.
        found: &'static str,
    },
    /// A text that is none of those allowed.
    #[error("expected {expected}, found {found}")]
    Word {
        /// What is allowed, for people.
        expected: &'static str,
        /// The text found, quoted and cut to 128 characters.
        found: String,
    },
    /// A member that policies do not have.
    #[error("policies have no member {0} here")]
    UnknownMember(String),
    /// A member that stands twice, or twice under two names.
    #[error("{0} stands twice")]
    Duplicate(String),
    /// Two members of which only one may stand.
    #[error("only one of {0} and {1} may stand")]
    Conflict(&'static str, &'static str),
    /// A member that must be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A list without values.
    #[error("the list is empty")]
    EmptyList,
}

impl PolicyProblem {
    pub(super) fn at(self, path: &str) -> PolicyError {
        PolicyError {
            path: path.to_owned(),
            problem: self,
        }
    }
}

/// Text that came from outside, escaped so that it is safe where it stands in a message without
/// quotes. ARNs and actions as AWS has them stay as they are.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\'' | '"' => escaped.push(character),
            other => escaped.extend(other.escape_debug()),
        }
    }
    escaped
}

/// Quotes text that came from outside, escaped and cut, so that it is safe in a message.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 128;
    let cut: String = text.chars().take(SHOWN).collect();
    let more = if text.chars().nth(SHOWN).is_some() {
        "…"
    } else {
        ""
    };
    format!("{cut:?}{more}")
}
