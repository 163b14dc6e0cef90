//! The states of a policy job.
//!
//! Such a job never needs an operator: the one thing that can be unclear, whether AWS took the
//! change, is told by the next list of the project's policies, which shows each document byte for
//! byte. Until one can be read the job waits and says why, and it can be stopped.

use super::{JobWord, Step};
use crate::failure::Failure;
use crate::proposal::InvalidTransition;
use serde::{Deserialize, Serialize};

/// Where a policy job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PolicyState {
    /// Waits for its turn, then is checked.
    Queued,
    /// The change is being made.
    Applying,
    /// The project's policies are read back.
    Verifying,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// Ended on request.
    Stopped,
}

/// What can happen to a policy job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyEvent {
    /// The plan can still succeed.
    CheckPassed,
    /// It cannot.
    CheckFailed(Failure),
    /// AWS took the change, or it already stood.
    Applied,
    /// AWS refused it.
    ApplyFailed(Failure),
    /// It reads back as sent.
    Verified,
    /// It does not.
    VerifyFailed(Failure),
    /// The job is not wanted any more, and the change is known not to stand.
    Stopped,
}

impl PolicyEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::CheckPassed => "check passed",
            Self::CheckFailed(_) => "check failed",
            Self::Applied => "applied",
            Self::ApplyFailed(_) => "apply failed",
            Self::Verified => "verified",
            Self::VerifyFailed(_) => "verify failed",
            Self::Stopped => "stopped",
        }
    }
}

impl PolicyState {
    /// Applies `event`, or says which pair was refused.
    pub fn apply(self, event: PolicyEvent) -> Result<Self, InvalidTransition> {
        use PolicyEvent as E;
        let refused = InvalidTransition {
            from: self.word().as_str(),
            event: event.name(),
        };
        Ok(match (self, event) {
            (Self::Queued, E::CheckPassed) => Self::Applying,
            (Self::Queued | Self::Applying, E::Stopped) => Self::Stopped,
            (Self::Applying, E::Applied) => Self::Verifying,
            (Self::Verifying, E::Verified) => Self::Succeeded,
            (Self::Queued, E::CheckFailed(failure))
            | (Self::Applying, E::ApplyFailed(failure))
            | (Self::Verifying, E::VerifyFailed(failure)) => Self::Failed { failure },
            _ => return Err(refused),
        })
    }

    /// Whether it can still be stopped: once the change stands it is only read back.
    pub fn can_stop(&self) -> bool {
        matches!(self, Self::Queued | Self::Applying)
    }

    /// The word that people see.
    pub fn word(&self) -> JobWord {
        match self {
            Self::Queued => JobWord::Queued,
            Self::Applying => JobWord::Applying,
            Self::Verifying => JobWord::Verifying,
            Self::Succeeded => JobWord::Succeeded,
            Self::Failed { .. } => JobWord::Failed,
            Self::Stopped => JobWord::Stopped,
        }
    }

    /// The step that the engine works on next; none once the job has ended.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Queued => Some(Step::Check),
            Self::Applying => Some(Step::Apply),
            Self::Verifying => Some(Step::Verify),
            Self::Succeeded | Self::Failed { .. } | Self::Stopped => None,
        }
    }

    /// Why it failed.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed { failure } => Some(failure),
            _ => None,
        }
    }
}
