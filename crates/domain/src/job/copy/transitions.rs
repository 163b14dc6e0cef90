//! How a copy job moves on.

use super::{CopyCall, CopyEvent, CopyState, Ending, SentCopy};
use crate::arn::ProjectVersionArn;
use crate::clock::Millis;
use crate::failure::Failure;
use crate::proposal::InvalidTransition;

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
