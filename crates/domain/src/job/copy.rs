//! The states of a copy job.
//!
//! From the moment a grant may stand, a job ends only through Revoking. Three ways lead on from
//! there instead of to an end: a pause takes a job whose copy was never sent back into the queue, a
//! stop while AWS may be copying looks on until that is decided, and a name that somebody else holds
//! waits for an operator without a grant.

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
    /// The grant is being removed; then the job goes on as said.
    Revoking {
        /// How it goes on.
        ending: Ending,
    },
    /// Stopped on request while AWS had the copy or may have had it. The grant is removed; AWS has no
    /// cancel, so it is looked at until it is known what became of the copy.
    Stopping {
        /// What is known of the copy.
        copy: SentCopy,
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
    /// Whether a copy was made could not be found out. AWS is still looked at.
    ///
    /// The grant stands until its own end as long as the copy may be under way: whether AWS needs it
    /// only at the call or until the copy is done is not documented, so removing it could break the
    /// copy that an operator is about to adopt. Once the name is known to be another's, no copy of
    /// this job can come any more, and the grant is removed.
    NeedsOperator {
        /// What is unclear.
        failure: Failure,
        /// When the copy was intended.
        intended: Millis,
        /// Whether the grant may still stand.
        #[serde(default = "granted")]
        granted: bool,
    },
}

/// Rows from before a grant could be removed while an operator is waited for.
fn granted() -> bool {
    true
}

/// A copy that was sent, or that may have been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "copy", rename_all = "snake_case")]
pub enum SentCopy {
    /// Whether AWS took it is unknown.
    InDoubt {
        /// When it was intended.
        at: Millis,
    },
    /// AWS has it.
    Accepted {
        /// The new version.
        version: ProjectVersionArn,
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

/// How a copy job goes on once its grant is removed.
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
    /// On request.
    Stopped {
        /// The new version, if AWS made one.
        version: Option<ProjectVersionArn>,
    },
    /// It does not end yet: a stopped job looks on for its copy.
    Stopping {
        /// What is known of the copy.
        copy: SentCopy,
    },
    /// It does not end: nothing was sent, and the job waits in the queue again.
    Queued,
    /// It does not end: an operator has to decide.
    NeedsOperator {
        /// What is unclear.
        failure: Failure,
        /// When the copy was intended.
        intended: Millis,
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
    /// The copy will be sent now, or again after looks have found nothing of it, by itself or on an
    /// operator's word.
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
    /// The name is held by a version that is proven to be another's: no copy of this job can come.
    CopyForeign(Failure),
    /// An operator says that this version is the job's copy.
    CopyAdopted {
        /// The version.
        version: ProjectVersionArn,
    },
    /// An operator gives the job up.
    GivenUp {
        /// Why, and in which words.
        failure: Failure,
        /// The version of the planned name, if AWS shows one that may be the copy.
        version: Option<ProjectVersionArn>,
    },
    /// A stopped job has looked long enough: there is no copy.
    CopyNotSeen,
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
    /// The installation is paused and nothing of the copy was sent.
    Paused,
    /// The job is not wanted any more.
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
            Self::CopyForeign(_) => "copy foreign",
            Self::CopyAdopted { .. } => "copy adopted",
            Self::GivenUp { .. } => "given up",
            Self::CopyNotSeen => "copy not seen",
            Self::CopyCompleted => "copy completed",
            Self::CopyFailed(_) => "copy failed",
            Self::Verified => "verified",
            Self::VerifyFailed(_) => "verify failed",
            Self::Revoked => "revoked",
            Self::Paused => "paused",
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
            (Self::Granting, E::Paused) => revoking(Ending::Queued),
            (Self::Granting, E::Stopped) => revoking(Ending::Stopped { version: None }),
            (Self::Copying { call }, event) => return call.apply(event).ok_or(refused),
            (Self::Verifying { version }, E::Verified) => revoking(Ending::Succeeded { version }),
            (Self::Verifying { version }, E::VerifyFailed(failure)) => {
                failed(failure, Some(version))
            }
            (Self::Verifying { version }, E::Stopped) => revoking(Ending::Stopped {
                version: Some(version),
            }),
            (Self::Revoking { ending }, event) => return ending.apply(event).ok_or(refused),
            (Self::Stopping { copy }, event) => return copy.apply(event).ok_or(refused),
            (
                Self::NeedsOperator {
                    intended, granted, ..
                },
                event,
            ) => return asked(intended, granted, event).ok_or(refused),
            _ => return Err(refused),
        })
    }

    /// The word that people see.
    pub fn word(&self) -> JobWord {
        match self {
            Self::Queued => JobWord::Queued,
            Self::Granting => JobWord::Granting,
            Self::Copying { .. } | Self::Stopping { .. } => JobWord::Copying,
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
            Self::Copying { .. } | Self::Stopping { .. } | Self::NeedsOperator { .. } => {
                Some(Step::Copy)
            }
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
                ending: Ending::Failed { failure, .. } | Ending::NeedsOperator { failure, .. },
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
            | Self::Stopping {
                copy: SentCopy::Accepted { version },
            }
            | Self::Verifying { version }
            | Self::Succeeded { version } => Some(version),
            Self::Revoking { ending } => ending.version(),
            Self::Failed { version, .. } | Self::Stopped { version } => version.as_ref(),
            _ => None,
        }
    }

    /// The version that AWS is asked about until its copy has ended.
    pub fn awaited(&self) -> Option<&ProjectVersionArn> {
        match self {
            Self::Copying {
                call: CopyCall::Accepted { version },
            }
            | Self::Stopping {
                copy: SentCopy::Accepted { version },
            } => Some(version),
            _ => None,
        }
    }

    /// Whether it counts among the copies that run in its destination project: from the grant on
    /// until the copy has ended, and while it is in doubt whether one runs. A job whose name is
    /// another's has none.
    pub fn holds_place(&self) -> bool {
        match self {
            Self::Granting
            | Self::Copying { .. }
            | Self::Stopping { .. }
            | Self::NeedsOperator { granted: true, .. } => true,
            Self::Revoking { ending } => matches!(ending, Ending::Stopping { .. }),
            _ => false,
        }
    }

    /// Whether it was stopped on request and has not ended yet.
    pub fn is_stopping(&self) -> bool {
        match self {
            Self::Stopping { .. } => true,
            Self::Revoking { ending } => {
                matches!(ending, Ending::Stopped { .. } | Ending::Stopping { .. })
            }
            _ => false,
        }
    }

    /// Whether it can still be stopped. One that waits for an operator is given up instead, and one
    /// whose end is decided only removes its grant.
    pub fn can_stop(&self) -> bool {
        self.clone().apply(CopyEvent::Stopped).is_ok()
    }
}

fn revoking(ending: Ending) -> CopyState {
    CopyState::Revoking { ending }
}

fn failed(failure: Failure, version: Option<ProjectVersionArn>) -> CopyState {
    revoking(Ending::Failed { failure, version })
}

/// What follows while an operator is waited for.
fn asked(intended: Millis, granted: bool, event: CopyEvent) -> Option<CopyState> {
    use CopyEvent as E;
    let accepted = |version| CopyState::Copying {
        call: CopyCall::Accepted { version },
    };
    Some(match event {
        E::CopyAccepted { version } | E::CopyAdopted { version } => accepted(version),
        // Without a grant the name is another's, and nothing can be sent.
        E::CopyIntended { .. } if granted => CopyState::Copying {
            call: CopyCall::Intended { at: intended },
        },
        E::CopyForeign(failure) if granted => revoking(Ending::NeedsOperator { failure, intended }),
        E::GivenUp { failure, version } => failed(failure, version),
        _ => return None,
    })
}

impl Ending {
    fn apply(self, event: CopyEvent) -> Option<CopyState> {
        Some(match (self, event) {
            (ending, CopyEvent::Revoked) => match ending {
                Self::Succeeded { version } => CopyState::Succeeded { version },
                Self::Failed { failure, version } => CopyState::Failed { failure, version },
                Self::Stopped { version } => CopyState::Stopped { version },
                Self::Stopping { copy } => CopyState::Stopping { copy },
                Self::Queued => CopyState::Queued,
                Self::NeedsOperator { failure, intended } => CopyState::NeedsOperator {
                    failure,
                    intended,
                    granted: false,
                },
            },
            (Self::Queued, CopyEvent::Stopped) => revoking(Self::Stopped { version: None }),
            _ => return None,
        })
    }

    fn version(&self) -> Option<&ProjectVersionArn> {
        match self {
            Self::Succeeded { version }
            | Self::Stopping {
                copy: SentCopy::Accepted { version },
            } => Some(version),
            Self::Failed { version, .. } | Self::Stopped { version } => version.as_ref(),
            Self::Queued | Self::NeedsOperator { .. } | Self::Stopping { .. } => None,
        }
    }
}

impl SentCopy {
    fn apply(self, event: CopyEvent) -> Option<CopyState> {
        use CopyEvent as E;
        Some(match (self, event) {
            (Self::InDoubt { .. }, E::CopyAccepted { version }) => CopyState::Stopping {
                copy: Self::Accepted { version },
            },
            (Self::InDoubt { .. }, E::CopyNotSeen) => CopyState::Stopped { version: None },
            (Self::Accepted { version }, E::CopyCompleted | E::CopyFailed(_)) => {
                CopyState::Stopped {
                    version: Some(version),
                }
            }
            _ => return None,
        })
    }
}

impl CopyCall {
    fn apply(self, event: CopyEvent) -> Option<CopyState> {
        use CopyEvent as E;
        Some(match (self, event) {
            // While one copy is in doubt the first intent counts: what AWS made of it may be older
            // than a later one, and would no longer be known for ours.
            (Self::NotSent, E::CopyIntended { at })
            | (Self::Intended { at }, E::CopyIntended { .. }) => CopyState::Copying {
                call: Self::Intended { at },
            },
            (Self::NotSent, E::Paused) => revoking(Ending::Queued),
            (Self::NotSent, E::Stopped) => revoking(Ending::Stopped { version: None }),
            (Self::Intended { at }, E::Stopped) => revoking(Ending::Stopping {
                copy: SentCopy::InDoubt { at },
            }),
            (Self::Accepted { version }, E::Stopped) => revoking(Ending::Stopping {
                copy: SentCopy::Accepted { version },
            }),
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
                granted: true,
            },
            (Self::Intended { at }, E::CopyForeign(failure)) => revoking(Ending::NeedsOperator {
                failure,
                intended: at,
            }),
            (Self::Accepted { version }, E::CopyCompleted) => CopyState::Verifying { version },
            (Self::Accepted { version }, E::CopyFailed(failure)) => failed(failure, Some(version)),
            _ => return None,
        })
    }
}
