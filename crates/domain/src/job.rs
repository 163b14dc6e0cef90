//! Jobs: one execution of an approved plan, and where each stands.
//!
//! A copy job and a policy job have states of their own, so a combination that cannot occur
//! cannot be written. What is known only from a state on is held by that state.

mod copy;
mod policy;
mod request;

pub use copy::{CopyCall, CopyEvent, CopyState, Ending, SentCopy};
pub use policy::{PolicyEvent, PolicyState};
pub use request::RequestVerb;

use crate::failure::Failure;
use crate::proposal::InvalidTransition;
use serde::{Deserialize, Serialize};

/// What a job carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A promotion's copy.
    Copy,
    /// A change of a project policy.
    Policy,
}

/// One step of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Reads whether the plan can still succeed, and compares its digest.
    Check,
    /// Puts the grant.
    Grant,
    /// Sends the copy once and looks until it has ended.
    Copy,
    /// Makes the change of the project policy.
    Apply,
    /// Reads back what was made.
    Verify,
    /// Removes the grant.
    Revoke,
}

/// Where one step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Not begun.
    Waiting,
    /// Begun.
    Moving,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
    /// Not needed.
    Skipped,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "at", rename_all = "snake_case")]
pub enum JobState {
    /// A copy job.
    Copy(CopyState),
    /// A policy job.
    Policy(PolicyState),
}

/// What can happen to a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEvent {
    /// To a copy job.
    Copy(CopyEvent),
    /// To a policy job.
    Policy(PolicyEvent),
}

/// The word for a job's state: the same in interface, API and mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum JobWord {
    /// Waits for its turn; checks run here.
    Queued,
    /// Puts the grant.
    Granting,
    /// The copy is sent or under way.
    Copying,
    /// Changes a project policy.
    Applying,
    /// Reads back.
    Verifying,
    /// Removes the grant.
    Revoking,
    /// Ended well.
    Succeeded,
    /// Ended with a reason and a fix.
    Failed,
    /// Ended on request.
    Stopped,
    /// The truth could not be found out; still watched.
    #[serde(rename = "Needs operator")]
    NeedsOperator,
}

impl JobKind {
    /// The steps of such a job, in order.
    pub fn steps(self) -> &'static [Step] {
        match self {
            Self::Copy => &[
                Step::Check,
                Step::Grant,
                Step::Copy,
                Step::Verify,
                Step::Revoke,
            ],
            Self::Policy => &[Step::Check, Step::Apply, Step::Verify],
        }
    }

    /// The state that such a job begins in.
    pub fn start(self) -> JobState {
        match self {
            Self::Copy => JobState::Copy(CopyState::Queued),
            Self::Policy => JobState::Policy(PolicyState::Queued),
        }
    }

    /// The word used in SQL and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Policy => "policy",
        }
    }
}

impl Step {
    /// The word used in SQL and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Grant => "grant",
            Self::Copy => "copy",
            Self::Apply => "apply",
            Self::Verify => "verify",
            Self::Revoke => "revoke",
        }
    }

    /// The step named by [`Step::as_str`].
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Check,
            Self::Grant,
            Self::Copy,
            Self::Apply,
            Self::Verify,
            Self::Revoke,
        ]
        .into_iter()
        .find(|step| step.as_str() == word)
    }
}

impl JobWord {
    /// The word itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Granting => "Granting",
            Self::Copying => "Copying",
            Self::Applying => "Applying",
            Self::Verifying => "Verifying",
            Self::Revoking => "Revoking",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Stopped => "Stopped",
            Self::NeedsOperator => "Needs operator",
        }
    }

    /// Whether a job of this word has ended.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Stopped)
    }
}

impl JobState {
    /// Applies `event`, or says which pair was refused. Terminal states refuse everything.
    pub fn apply(self, event: JobEvent) -> Result<Self, InvalidTransition> {
        match (self, event) {
            (Self::Copy(state), JobEvent::Copy(event)) => state.apply(event).map(Self::Copy),
            (Self::Policy(state), JobEvent::Policy(event)) => state.apply(event).map(Self::Policy),
            (state, JobEvent::Copy(_)) => Err(InvalidTransition {
                from: state.word().as_str(),
                event: "a copy job's event",
            }),
            (state, JobEvent::Policy(_)) => Err(InvalidTransition {
                from: state.word().as_str(),
                event: "a policy job's event",
            }),
        }
    }

    /// What the job carries out.
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Copy(_) => JobKind::Copy,
            Self::Policy(_) => JobKind::Policy,
        }
    }

    /// The word that people see.
    pub fn word(&self) -> JobWord {
        match self {
            Self::Copy(state) => state.word(),
            Self::Policy(state) => state.word(),
        }
    }

    /// The step that the engine works on next; none once the job has ended.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Copy(state) => state.step(),
            Self::Policy(state) => state.step(),
        }
    }

    /// Whether the job has ended.
    pub fn is_terminal(&self) -> bool {
        self.word().is_terminal()
    }

    /// Whether it counts among the copies that run in its destination project.
    pub fn holds_place(&self) -> bool {
        matches!(self, Self::Copy(state) if state.holds_place())
    }

    /// Whether an operator can still stop it.
    pub fn can_stop(&self) -> bool {
        match self {
            Self::Copy(state) => state.can_stop(),
            Self::Policy(state) => state.can_stop(),
        }
    }

    /// Why it failed, is about to fail, or needs a person.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Copy(state) => state.failure(),
            Self::Policy(state) => state.failure(),
        }
    }
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
