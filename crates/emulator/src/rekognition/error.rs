//! Rekognition's errors, with the statuses of its API reference: `AccessDeniedException` is 400
//! and `ThrottlingException` 500, unlike in most services.

use crate::error::ApiError;
use crate::world::assumptions::{
    DuplicateName, PutWithoutRevision, ShapeViolation, SixthPolicy, UncopyableSource,
};

pub(crate) fn access_denied(message: impl Into<String>) -> ApiError {
    ApiError::modelled("AccessDeniedException", 400, message)
}

pub(crate) fn not_found(message: impl Into<String>) -> ApiError {
    ApiError::modelled("ResourceNotFoundException", 400, message)
}

pub(crate) fn invalid_parameter(message: impl Into<String>) -> ApiError {
    ApiError::modelled("InvalidParameterException", 400, message)
}

pub(crate) fn invalid_pagination_token() -> ApiError {
    ApiError::modelled(
        "InvalidPaginationTokenException",
        400,
        "The pagination token in the request is not valid.",
    )
}

pub(crate) fn malformed_policy(message: impl Into<String>) -> ApiError {
    ApiError::modelled("MalformedPolicyDocumentException", 400, message)
}

pub(crate) fn invalid_revision() -> ApiError {
    ApiError::modelled(
        "InvalidPolicyRevisionIdException",
        400,
        "The supplied revision id for the project policy is invalid.",
    )
}

pub(crate) fn already_exists(message: impl Into<String>) -> ApiError {
    ApiError::modelled("ResourceAlreadyExistsException", 400, message)
}

pub(crate) fn in_use(message: impl Into<String>) -> ApiError {
    ApiError::modelled("ResourceInUseException", 400, message)
}

pub(crate) fn limit_exceeded(message: impl Into<String>) -> ApiError {
    ApiError::modelled("LimitExceededException", 400, message)
}

pub(crate) fn service_quota_exceeded(message: impl Into<String>) -> ApiError {
    ApiError::modelled("ServiceQuotaExceededException", 400, message)
}

pub(crate) fn throughput_exceeded() -> ApiError {
    ApiError::modelled(
        "ProvisionedThroughputExceededException",
        400,
        "The number of requests exceeded your throughput limit.",
    )
}

pub(crate) fn throttling() -> ApiError {
    ApiError::modelled(
        "ThrottlingException",
        500,
        "Amazon Rekognition is temporarily unable to process the request. Try your call again.",
    )
}

pub(crate) fn internal() -> ApiError {
    ApiError::modelled(
        "InternalServerError",
        500,
        "Amazon Rekognition experienced a service issue. Try your call again.",
    )
}

/// A value above its documented maximum of results: always the common layer's error ("If you
/// specify a value greater than…, a `ValidationException` error occurs").
pub(crate) fn validation(message: impl Into<String>) -> ApiError {
    ApiError::common("ValidationException", 400, message)
}

pub(crate) fn shape_violation(setting: ShapeViolation, message: String) -> ApiError {
    match setting {
        ShapeViolation::InvalidParameter => invalid_parameter(message),
        ShapeViolation::Validation => validation(message),
    }
}

pub(crate) fn duplicate_name(setting: DuplicateName, version: &str) -> ApiError {
    let message = format!("A model version named {version} already exists in the project.");
    match setting {
        DuplicateName::ResourceInUse => in_use(message),
        DuplicateName::ResourceAlreadyExists => already_exists(message),
        DuplicateName::InvalidParameter => invalid_parameter(message),
        DuplicateName::LimitExceeded => limit_exceeded(message),
    }
}

pub(crate) fn uncopyable(setting: UncopyableSource, message: String) -> ApiError {
    match setting {
        UncopyableSource::InvalidParameter => invalid_parameter(message),
        UncopyableSource::ResourceInUse => in_use(message),
    }
}

pub(crate) fn sixth_policy(setting: SixthPolicy, most: u32) -> ApiError {
    let message = format!("The project already has {most} project policies, the most allowed.");
    match setting {
        SixthPolicy::LimitExceeded => limit_exceeded(message),
        SixthPolicy::ServiceQuotaExceeded => service_quota_exceeded(message),
    }
}

pub(crate) fn put_without_revision(setting: PutWithoutRevision, policy: &str) -> ApiError {
    match setting {
        PutWithoutRevision::AlreadyExists => already_exists(format!(
            "A project policy named {policy} already exists; give its revision id to change it."
        )),
        PutWithoutRevision::InvalidRevision => invalid_revision(),
    }
}
