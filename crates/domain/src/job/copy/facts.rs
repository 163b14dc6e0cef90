//! What follows from where a copy job stands.

use super::{CopyCall, CopyEvent, CopyState, Ending, SentCopy};
use crate::arn::ProjectVersionArn;
use crate::failure::Failure;
use crate::job::{JobWord, Step};

impl CopyState {
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

impl Ending {
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
