//! What a judge can find wrong with a round.

use std::fmt;

/// The promises that can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breach {
    /// A plan was copied more than once.
    TwoCopies,
    /// AWS was asked for a copy that is in no approved plan.
    NotApproved,
    /// A copy is missing, of another source, or not in the state that it should have.
    WrongCopy,
    /// A job did not end as what happened in AWS demands.
    WrongEnd,
    /// A statement that was made for a job stands after the job's end.
    GrantLeft,
    /// AWS was called before the intent of that call was stored.
    CallWithoutIntent,
    /// A change, or the outcome of a call, has no entry in the audit log.
    AuditGap,
    /// The chain of audit entries does not hold.
    BrokenChain,
    /// A process wrote after another one had claimed its job.
    LostClaim,
    /// A reader of events missed one, or was given one twice.
    WrongEvents,
}

impl Breach {
    /// The words that a report has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoCopies => "two copies",
            Self::NotApproved => "a call that nobody approved",
            Self::WrongCopy => "a wrong copy",
            Self::WrongEnd => "a wrong end",
            Self::GrantLeft => "a grant left",
            Self::CallWithoutIntent => "a call without intent",
            Self::AuditGap => "an audit gap",
            Self::BrokenChain => "a broken audit chain",
            Self::LostClaim => "a write under a lost claim",
            Self::WrongEvents => "wrong events",
        }
    }
}

/// One thing that is wrong. Prints as the promise, a colon and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which promise was broken.
    pub breach: Breach,
    /// What was seen.
    pub seen: String,
}

impl Finding {
    /// A finding.
    pub fn new(breach: Breach, seen: impl Into<String>) -> Self {
        Self {
            breach,
            seen: seen.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.breach.as_str(), self.seen)
    }
}
