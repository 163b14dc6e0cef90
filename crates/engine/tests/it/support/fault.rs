//! What can go wrong with one call.

use operations::ports::aws::{ErrorClass, Refusal};
use std::sync::Arc;
use tokio::sync::Notify;

/// How the fake treats the next call of an operation.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// It goes well.
    None,
    /// It is done, but the answer is lost.
    Lost,
    /// It is not done, and nobody can tell.
    Unclear,
    /// It is definitely refused with this code.
    Refused(Refusal, &'static str),
    /// Nothing is sent.
    NotSent,
    /// Somebody else puts a statement of theirs into the policy just before.
    EditedBefore,
    /// The caller dies before it is done.
    DiesBefore,
    /// The caller dies after it is done.
    DiesAfter,
    /// It is done, and the answer waits for the gate.
    Slow(Arc<Notify>),
    /// It is done only once the gate opens.
    Late(Arc<Notify>),
}

impl Fault {
    /// The error that the caller sees instead of an answer, unless it is done first.
    pub(crate) fn refusal(&self) -> Option<(ErrorClass, Option<&'static str>)> {
        match self {
            Self::Unclear => Some((ErrorClass::Ambiguous, Some("InternalServerError"))),
            Self::Refused(refusal, code) => Some((ErrorClass::Refused(*refusal), Some(code))),
            Self::NotSent => Some((ErrorClass::NotSent, None)),
            _ => None,
        }
    }
}
