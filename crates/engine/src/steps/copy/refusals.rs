//! What a definite refusal of the copy means.

use crate::refusal::is_role_refused;
use crate::visit::Visit;
use domain::{Failure, FailureCode};
use operations::ports::aws::{AwsError, ErrorClass, Refusal};

/// A copy that AWS has definitely not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// What follows.
    pub(super) then: Then,
    /// The reason, with AWS's words.
    pub(super) failure: Failure,
}

/// What follows from a definite refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The job ends.
    End,
    /// It is sent again soon, a limited number of times.
    SendSoon,
    /// It is sent again when AWS has room for it.
    WaitForRoom,
}

/// The refusal in `error`, or `None` if AWS may have taken the copy.
pub(super) fn definite(visit: &Visit<'_>, error: &AwsError) -> Option<Refused> {
    let refused = |then, code| {
        Some(Refused {
            then,
            failure: visit.failure_from(code, error),
        })
    };
    let refusal = match error.class {
        ErrorClass::Refused(refusal) => refusal,
        ErrorClass::NotSent => return refused(Then::SendSoon, FailureCode::AwsUnreachable),
        // Another call, made for the session before the copy: the copy itself was not sent.
        ErrorClass::Ambiguous if error.call.operation != "CopyProjectVersion" => {
            return refused(Then::SendSoon, FailureCode::AwsUnreachable);
        }
        ErrorClass::Ambiguous => return None,
    };
    match refusal {
        Refusal::Throughput | Refusal::Expired => {
            refused(Then::SendSoon, FailureCode::AwsUnreachable)
        }
        _ if is_role_refused(error) => refused(Then::End, FailureCode::RoleRefused),
        Refusal::Limit => refused(Then::WaitForRoom, FailureCode::TooManyCopies),
        Refusal::Access => refused(Then::End, FailureCode::CopyDenied),
        Refusal::Validation => refused(Then::End, FailureCode::CopyInvalid),
        Refusal::Quota => refused(Then::End, FailureCode::ModelQuota),
        Refusal::NotFound
        | Refusal::MalformedPolicy
        | Refusal::Revision
        | Refusal::AlreadyExists => refused(Then::End, FailureCode::AwsRefused),
    }
}
