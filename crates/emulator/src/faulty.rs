//! The errors that fault rules ask for, in each service's words.

use crate::error::ApiError;
use crate::faults::Effect;
use crate::rekognition;
use crate::service::Service;
use crate::sigv4::SignatureRefusal;

/// The refusal that `effect` stands for; `None` when the call is to be carried out or cut.
pub(crate) fn refusal(effect: &Effect, service: Service) -> Option<ApiError> {
    match effect {
        Effect::Throttle => Some(throttling(service)),
        Effect::InternalError => Some(internal(service)),
        Effect::ExpiredCredentials => Some(SignatureRefusal::Expired(None).into_error(service)),
        Effect::Delay { .. }
        | Effect::ResetBefore
        | Effect::ResetAfter
        | Effect::GarbageBody
        | Effect::CopyFails { .. } => None,
    }
}

fn throttling(service: Service) -> ApiError {
    match service {
        Service::Rekognition => rekognition::error::throttling(),
        Service::Sts | Service::Iam => ApiError::common("Throttling", 400, "Rate exceeded"),
        Service::Kms => ApiError::common("ThrottlingException", 400, "Rate exceeded"),
        Service::S3 => ApiError::common("SlowDown", 503, "Please reduce your request rate."),
    }
}

fn internal(service: Service) -> ApiError {
    match service {
        Service::Rekognition => rekognition::error::internal(),
        Service::Kms => ApiError::common(
            "KMSInternalException",
            500,
            "The request was rejected because an internal exception occurred.",
        ),
        Service::Iam => ApiError::common(
            "ServiceFailure",
            500,
            "The request processing has failed because of an unknown error, exception or failure.",
        ),
        Service::Sts => ApiError::common(
            "InternalFailure",
            500,
            "The request processing has failed because of an unknown error, exception or failure.",
        ),
        Service::S3 => ApiError::common(
            "InternalError",
            500,
            "We encountered an internal error. Please try again.",
        ),
    }
}
