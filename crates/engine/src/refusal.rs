//! From AWS's answers to our reasons.

use domain::{Failure, FailureCode, Step};
use operations::ports::aws::{AwsError, ErrorClass, Refusal};

/// A failure with AWS's own words in it.
pub(crate) fn failure(code: FailureCode, step: Step, error: &AwsError) -> Failure {
    Failure {
        code,
        step,
        aws_code: error.code.clone(),
        aws_message: Some(error.message.clone()).filter(|message| !message.is_empty()),
        request_id: error.call.request_id.clone(),
    }
}

/// Whether the same call may succeed later without anybody changing anything.
pub(crate) fn is_passing(error: &AwsError) -> bool {
    match error.class {
        ErrorClass::Ambiguous | ErrorClass::NotSent => true,
        ErrorClass::Refused(refusal) => matches!(
            refusal,
            Refusal::Expired | Refusal::Limit | Refusal::Throughput
        ),
    }
}

/// Whether the role itself could not be assumed.
pub(crate) fn is_role_refused(error: &AwsError) -> bool {
    let refused = matches!(error.class, ErrorClass::Refused(_)) || error.is_withheld();
    error.call.operation == "AssumeRole" && refused
}

/// The reason for a read that did not succeed, where `missing` is the reason for "not found".
pub(crate) fn reason_of_read(error: &AwsError, missing: FailureCode) -> FailureCode {
    match error.class {
        _ if is_role_refused(error) => FailureCode::RoleRefused,
        _ if error.is_withheld() => FailureCode::AwsRefused,
        ErrorClass::Refused(Refusal::NotFound) => missing,
        ErrorClass::Refused(
            Refusal::Validation
            | Refusal::Access
            | Refusal::Quota
            | Refusal::MalformedPolicy
            | Refusal::Revision
            | Refusal::AlreadyExists,
        ) => FailureCode::AwsRefused,
        ErrorClass::Refused(Refusal::Expired | Refusal::Limit | Refusal::Throughput)
        | ErrorClass::Ambiguous
        | ErrorClass::NotSent => FailureCode::AwsUnreachable,
    }
}
