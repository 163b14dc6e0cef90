//! The states of a copy job.

use super::{JobWord, Step};
use crate::arn::ProjectVersionArn;
use crate::clock::Millis;
use crate::failure::Failure;
use crate::proposal::InvalidTransition;
use serde::{Deserialize, Serialize};

/// Where a copy job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CopyState {
    /// Waits for its turn, then is checked.
    Queued,
    /// The grant is being put.
    Granting,
    /// The copy is to be sent, is in doubt, or is under way.
    Copying {
        /// How far the one call has got.
        call: CopyCall,
    },
    /// The copy is done and is read back.
    Verifying {
        /// The new version.
        version: ProjectVersionArn,
    },
    /// The grant is being removed; then the job ends as said.
    Revoking {
        /// How it ends.
        ending: Ending,
    },
    /// Ended well.
    Succeeded {
        /// The new version.
        version: ProjectVersionArn,
    },
    /// Ended badly; no grant is left.
    Failed {
        /// Why.
        failure: Failure,
        /// The new version, if AWS made one.
        version: Option<ProjectVersionArn>,
    },
    /// Ended on request.
    Stopped {
        /// The new version, if AWS made one.
        version: Option<ProjectVersionArn>,
    },
    /// Whether a copy was made could not be found out. AWS is still looked at; the grant stands until
    /// its end, since the copy may be under way.
    NeedsOperator {
        /// What is unclear.
        failure: Failure,
        /// When the copy was intended.
        intended: Millis,
    },
}

/// How far the one `CopyProjectVersion` call of a job has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum CopyCall {
    /// Nothing has been sent, or AWS has definitely refused what was.
    NotSent,
    /// It was decided to send it; whether AWS took it is unknown until an answer is stored.
    Intended {
        /// When that was decided; stays when the copy in doubt is sent again.
        at: Millis,
    },
    /// AWS took it, or a look proved that it had.
    Accepted {
        /// The new version; only this ARN counts from here on.
        version: ProjectVersionArn,
    },
}

/// How a copy job ends once its grant is removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "snake_case")]
pub enum Ending {
    /// Well.
    Succeeded {
        /// The new version.
        version: ProjectVersionArn,
    },
    /// Badly.
    Failed {
        /// Why.
        failure: Failure,
        /// The new version, if AWS made one.
        version: Option<ProjectVersionArn>,
    },
}

/// What can happen to a copy job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyEvent {
    /// The plan can still succeed.
    CheckPassed,
    /// It cannot; nothing was granted.
    CheckFailed(Failure),
    /// The grant stands, or none is needed.
    Granted,
    /// The grant could not be put.
    GrantFailed(Failure),
    /// The copy will be sent now, or again after looks have found nothing of it.
    CopyIntended {
        /// When that was decided.
        at: Millis,
    },
    /// AWS took the copy, or a look proved it.
    CopyAccepted {
        /// The new version.
        version: ProjectVersionArn,
    },
    /// AWS definitely refused for the moment; it may be sent again.
    CopyPutOff,
    /// AWS definitely refused for good.
    CopyRefused(Failure),
    /// Whether AWS took the copy cannot be found out.
    CopyUnclear(Failure),
    /// AWS finished the copy.
    CopyCompleted,
    /// The copy ended badly at AWS.
    CopyFailed(Failure),
    /// The copy is what was planned.
    Verified,
    /// It is not.
    VerifyFailed(Failure),
    /// No statement of ours is left.
    Revoked,
    /// The job is not wanted any more; only before it has begun.
    Stopped,
}

impl CopyEvent {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::CheckPassed => "check passed",
            Self::CheckFailed(_) => "check failed",
            Self::Granted => "granted",
            Self::GrantFailed(_) => "grant failed",
            Self::CopyIntended { .. } => "copy intended",
            Self::CopyAccepted { .. } => "copy accepted",
            Self::CopyPutOff => "copy put off",
            Self::CopyRefused(_) => "copy refused",
            Self::CopyUnclear(_) => "copy unclear",
            Self::CopyCompleted => "copy completed",
            Self::CopyFailed(_) => "copy failed",
            Self::Verified => "verified",
            Self::VerifyFailed(_) => "verify failed",
            Self::Revoked => "revoked",
            Self::Stopped => "stopped",
        }
    }
}

impl CopyState {
    /// Applies `event`, or says which pair was refused.
    ///
    /// From the moment a grant may stand, every way out leads through Revoking.
    pub fn apply(self, event: CopyEvent) -> Result<Self, InvalidTransition> {
        use CopyEvent as E;
        let refused = InvalidTransition {
            from: self.word().as_str(),
            event: event.name(),
        };
        let failed = |failure, version| Self::Revoking {
            ending: Ending::Failed { failure, version },
        };
        Ok(match (self, event) {
            (Self::Queued, E::CheckPassed) => Self::Granting,
            (Self::Queued, E::CheckFailed(failure)) => Self::Failed {
                failure,
                version: None,
            },
            (Self::Queued, E::Stopped) => Self::Stopped { version: None },
            (Self::Granting, E::Granted) => Self::Copying {
                call: CopyCall::NotSent,
            },
            (Self::Granting, E::GrantFailed(failure)) => failed(failure, None),
            (Self::Copying { call }, event) => return call.apply(event).ok_or(refused),
            (Self::NeedsOperator { .. }, E::CopyAccepted { version }) => Self::Copying {
                call: CopyCall::Accepted { version },
            },
            (Self::Verifying { version }, E::Verified) => Self::Revoking {
                ending: Ending::Succeeded { version },
            },
            (Self::Verifying { version }, E::VerifyFailed(failure)) => {
                failed(failure, Some(version))
            }
            (Self::Revoking { ending }, E::Revoked) => match ending {
                Ending::Succeeded { version } => Self::Succeeded { version },
                Ending::Failed { failure, version } => Self::Failed { failure, version },
            },
            _ => return Err(refused),
        })
    }

    /// The word that people see.
    pub fn word(&self) -> JobWord {
        match self {
            Self::Queued => JobWord::Queued,
            Self::Granting => JobWord::Granting,
            Self::Copying { .. } => JobWord::Copying,
            Self::Verifying { .. } => JobWord::Verifying,
            Self::Revoking { .. } => JobWord::Revoking,
            Self::Succeeded { .. } => JobWord::Succeeded,
            Self::Failed { .. } => JobWord::Failed,
            Self::Stopped { .. } => JobWord::Stopped,
            Self::NeedsOperator { .. } => JobWord::NeedsOperator,
        }
    }

    /// The step that the engine works on next; none once the job has ended.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Queued => Some(Step::Check),
            Self::Granting => Some(Step::Grant),
            Self::Copying { .. } | Self::NeedsOperator { .. } => Some(Step::Copy),
            Self::Verifying { .. } => Some(Step::Verify),
            Self::Revoking { .. } => Some(Step::Revoke),
            Self::Succeeded { .. } | Self::Failed { .. } | Self::Stopped { .. } => None,
        }
    }

    /// Why it failed, is about to fail, or needs a person.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed { failure, .. }
            | Self::NeedsOperator { failure, .. }
            | Self::Revoking {
                ending: Ending::Failed { failure, .. },
            } => Some(failure),
            _ => None,
        }
    }

    /// The new version, once AWS has named it.
    pub fn version(&self) -> Option<&ProjectVersionArn> {
        match self {
            Self::Copying {
                call: CopyCall::Accepted { version },
            }
            | Self::Verifying { version }
            | Self::Revoking {
                ending: Ending::Succeeded { version },
            }
            | Self::Succeeded { version } => Some(version),
            Self::Revoking {
                ending: Ending::Failed { version, .. },
            }
            | Self::Failed { version, .. }
            | Self::Stopped { version } => version.as_ref(),
            _ => None,
        }
    }
}

impl CopyCall {
    fn apply(self, event: CopyEvent) -> Option<CopyState> {
        use CopyEvent as E;
        let failed = |failure, version| CopyState::Revoking {
            ending: Ending::Failed { failure, version },
        };
        Some(match (self, event) {
            // While one copy is in doubt the first intent counts: what AWS made of it may be older
            // than a later one, and would no longer be known for ours.
            (Self::NotSent, E::CopyIntended { at })
            | (Self::Intended { at }, E::CopyIntended { .. }) => CopyState::Copying {
                call: Self::Intended { at },
            },
            (Self::Intended { .. }, E::CopyPutOff) => CopyState::Copying {
                call: Self::NotSent,
            },
            (Self::Intended { .. }, E::CopyAccepted { version }) => CopyState::Copying {
                call: Self::Accepted { version },
            },
            (Self::NotSent | Self::Intended { .. }, E::CopyRefused(failure)) => {
                failed(failure, None)
            }
            (Self::Intended { at }, E::CopyUnclear(failure)) => CopyState::NeedsOperator {
                failure,
                intended: at,
            },
            (Self::Accepted { version }, E::CopyCompleted) => CopyState::Verifying { version },
            (Self::Accepted { version }, E::CopyFailed(failure)) => failed(failure, Some(version)),
            _ => return None,
        })
    }
}
