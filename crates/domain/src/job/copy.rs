//! The states of a copy job.
//!
//! From the moment a grant may stand, a job ends only through Revoking. Three ways lead on from
//! there instead of to an end: a pause takes a job whose copy was never sent back into the queue, a
//! stop while AWS may be copying looks on until that is decided, and a name that somebody else holds
//! waits for an operator without a grant.

mod facts;
mod transitions;

use crate::arn::ProjectVersionArn;
use crate::clock::Millis;
use crate::failure::Failure;
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
