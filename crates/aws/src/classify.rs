//! What may be concluded from an error. Codes decide, never HTTP statuses: Rekognition answers
//! `AccessDeniedException` with 400 and `ThrottlingException` with 500.

use aws_smithy_runtime_api::client::result::SdkError;
use operations::ports::aws::{ErrorClass, Refusal};
use std::error::Error;
use std::io;

/// The class of an error that carries AWS's `code`. Unknown codes are ambiguous.
pub(crate) fn by_code(code: &str) -> ErrorClass {
    use Refusal as R;
    ErrorClass::Refused(match code {
        "InvalidParameterException"
        | "ValidationException"
        | "ValidationError"
        | "InvalidPaginationTokenException"
        | "SerializationException"
        | "UnknownOperationException"
        | "MalformedPolicyDocument"
        | "PackedPolicyTooLarge"
        | "InvalidParameterValue"
        | "InvalidParameterCombination"
        | "MissingParameter" => R::Validation,
        "ResourceNotFoundException" | "NoSuchBucket" | "NotFound" => R::NotFound,
        "AccessDeniedException"
        | "AccessDenied"
        | "Forbidden"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "NotAuthorized"
        | "OptInRequired"
        | "RegionDisabledException" => R::Access,
        "ExpiredTokenException"
        | "ExpiredToken"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "RequestExpired"
        | "RequestTimeTooSkewed"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => R::Expired,
        "ServiceQuotaExceededException" => R::Quota,
        "LimitExceededException" => R::Limit,
        "ProvisionedThroughputExceededException" => R::Throughput,
        "MalformedPolicyDocumentException" => R::MalformedPolicy,
        "InvalidPolicyRevisionIdException" => R::Revision,
        "ResourceAlreadyExistsException" => R::AlreadyExists,
        _ => return ErrorClass::Ambiguous,
    })
}

/// The class of a failure without an error code from AWS, and words for it.
pub(crate) fn without_code<E, R>(error: &SdkError<E, R>) -> (ErrorClass, &'static str)
where
    E: Error + 'static,
    R: std::fmt::Debug,
{
    match error {
        SdkError::ConstructionFailure(_) => (ErrorClass::NotSent, "the request could not be built"),
        SdkError::TimeoutError(_) => (ErrorClass::Ambiguous, "no answer within the time limit"),
        SdkError::DispatchFailure(failure) => {
            let refused = failure
                .as_connector_error()
                .is_some_and(|e| connection_refused(e));
            if refused {
                (ErrorClass::NotSent, "the endpoint refused the connection")
            } else {
                (
                    ErrorClass::Ambiguous,
                    "the connection failed before an answer came",
                )
            }
        }
        SdkError::ResponseError(_) => (ErrorClass::Ambiguous, "the answer could not be read"),
        _ => (
            ErrorClass::Ambiguous,
            "the answer was an error without a code",
        ),
    }
}

/// Whether the operating system refused the connection: then no byte of the request left. Every
/// other connection fault may have come after AWS had the request.
fn connection_refused(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The nine exceptions of `CopyProjectVersion` and the common errors, as design asks.
    #[test]
    fn each_code_has_its_class() {
        use ErrorClass::{Ambiguous, Refused};
        for (code, class) in [
            ("AccessDeniedException", Refused(Refusal::Access)),
            ("InternalServerError", Ambiguous),
            ("InvalidParameterException", Refused(Refusal::Validation)),
            ("LimitExceededException", Refused(Refusal::Limit)),
            (
                "ProvisionedThroughputExceededException",
                Refused(Refusal::Throughput),
            ),
            ("ResourceInUseException", Ambiguous),
            ("ResourceNotFoundException", Refused(Refusal::NotFound)),
            ("ServiceQuotaExceededException", Refused(Refusal::Quota)),
            ("ThrottlingException", Ambiguous),
            ("ServiceUnavailable", Ambiguous),
            ("ExpiredTokenException", Refused(Refusal::Expired)),
            ("InvalidSignatureException", Refused(Refusal::Expired)),
            ("SomethingNew", Ambiguous),
        ] {
            assert_eq!(by_code(code), class, "{code}");
        }
    }
}
