//! What may be concluded from an error. Codes decide, never HTTP statuses: Rekognition answers
//! `AccessDeniedException` with 400 and `ThrottlingException` with 500.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::SdkError;
use operations::ports::aws::{AwsError, ErrorClass, Refusal};
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
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(error) if is_connection_refused(error) => {
                (ErrorClass::NotSent, "the endpoint refused the connection")
            }
            Some(error) if lacks_credentials(error) => {
                (ErrorClass::NotSent, AwsError::NO_CREDENTIALS)
            }
            _ => (
                ErrorClass::Ambiguous,
                "the connection failed before an answer came",
            ),
        },
        SdkError::ResponseError(_) => (ErrorClass::Ambiguous, "the answer could not be read"),
        _ => (
            ErrorClass::Ambiguous,
            "the answer was an error without a code",
        ),
    }
}

/// Whether the operating system refused the connection: then no byte of the request left. Every
/// other connection fault may have come after AWS had the request.
fn is_connection_refused(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::ConnectionRefused)
}

/// Whether there were no credentials to sign with: then the request was never sent.
fn lacks_credentials(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(<dyn Error>::is::<CredentialsError>)
}

/// An error, its source, that one's source and so on.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        (**error).source()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::provider::{ProvideCredentials, future};

    /// Every code, from those that the API models list to the common ones of both services.
    #[test]
    fn each_code_has_its_class() {
        use ErrorClass::{Ambiguous, Refused};
        let classes: [(ErrorClass, &[&str]); 11] = [
            (
                Refused(Refusal::Validation),
                &[
                    "InvalidParameterException",
                    "ValidationException",
                    "ValidationError",
                    "InvalidPaginationTokenException",
                    "SerializationException",
                    "UnknownOperationException",
                    "MalformedPolicyDocument",
                    "PackedPolicyTooLarge",
                ],
            ),
            (
                Refused(Refusal::NotFound),
                &["ResourceNotFoundException", "NoSuchBucket", "NotFound"],
            ),
            (
                Refused(Refusal::Access),
                &[
                    "AccessDeniedException",
                    "AccessDenied",
                    "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "RegionDisabledException",
                ],
            ),
            (
                Refused(Refusal::Expired),
                &[
                    "ExpiredTokenException",
                    "ExpiredToken",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "RequestTimeTooSkewed",
                ],
            ),
            (Refused(Refusal::Quota), &["ServiceQuotaExceededException"]),
            (Refused(Refusal::Limit), &["LimitExceededException"]),
            (
                Refused(Refusal::Throughput),
                &["ProvisionedThroughputExceededException"],
            ),
            (
                Refused(Refusal::MalformedPolicy),
                &["MalformedPolicyDocumentException"],
            ),
            (
                Refused(Refusal::Revision),
                &["InvalidPolicyRevisionIdException"],
            ),
            (
                Refused(Refusal::AlreadyExists),
                &["ResourceAlreadyExistsException"],
            ),
            (
                Ambiguous,
                &[
                    "InternalServerError",
                    "ResourceInUseException",
                    "ThrottlingException",
                    "Throttling",
                    "ServiceUnavailable",
                    "InternalFailure",
                    "accessdeniedexception",
                    "SomethingNew",
                    "",
                ],
            ),
        ];
        for (class, codes) in classes {
            for code in codes {
                assert_eq!(by_code(code), class, "{code:?}");
            }
        }
    }

    #[derive(Debug)]
    struct NoProvider;

    impl ProvideCredentials for NoProvider {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("none here")))
        }
    }

    #[tokio::test]
    async fn without_credentials_nothing_is_sent() {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(aws_config::BehaviorVersion::v2026_01_12())
            .region(aws_sdk_sts::config::Region::new("eu-west-1"))
            .endpoint_url("http://127.0.0.1:1")
            .credentials_provider(NoProvider)
            .build();
        let client = aws_sdk_sts::Client::from_conf(config);
        let error = client.get_caller_identity().send().await.unwrap_err();
        let (class, words) = without_code(&error);
        assert_eq!(class, ErrorClass::NotSent, "{error:?}");
        assert_eq!(words, AwsError::NO_CREDENTIALS);
    }
}
