//! Why a call's signature was not taken, in each service's own words.
//!
//! AWS gives one cause different names and statuses depending on the service ("Common error
//! types" of each API reference): Rekognition and KMS speak JSON and answer 400, STS and IAM answer
//! 403, and Amazon S3 has names of its own.

use crate::error::ApiError;
use crate::service::Service;
use domain::Millis;

/// A refusal before any permission was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignatureRefusal {
    /// No `Authorization` header.
    Missing,
    /// The header, or what it needs beside it, cannot be read. Holds a sentence.
    Incomplete(String),
    /// Nobody has this access key.
    UnknownKey,
    /// The session token does not go with the access key.
    BadToken(TokenFault),
    /// The session that the key belongs to has ended; `None` when a fault rule says so.
    Expired(Option<Ended>),
    /// The credential's scope disagrees with the request. Holds a sentence.
    Scope(String),
    /// Signed too long ago or too far ahead of the machine's clock.
    Skewed {
        /// When the sender says it signed.
        signed: Millis,
        /// The machine's clock.
        now: Millis,
    },
    /// The signature is not the one that the secret key gives.
    Mismatch,
    /// Amazon S3: an `x-amz-` header is outside the signature. Holds its name.
    HeadersNotSigned(String),
    /// Amazon S3: no `x-amz-content-sha256`.
    PayloadHashMissing,
    /// Amazon S3: `x-amz-content-sha256` is not true of the body.
    PayloadHashMismatch,
    /// Something AWS has and the emulator has not. Holds its name.
    Unsupported(String),
}

/// What is wrong with a session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// The access key is a user's, which takes none.
    NotTaken,
    /// The access key is a session's, and there is none.
    Missing,
    /// It is not the one that was given out with the access key.
    Foreign,
}

/// A session that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Its ARN.
    pub(crate) session: String,
    pub(crate) at: Millis,
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you \
     provided. Check your AWS Secret Access Key and signing method. Consult the service \
     documentation for details.";

impl SignatureRefusal {
    /// The answer of `service` to this.
    pub(crate) fn into_error(self, service: Service) -> ApiError {
        match service {
            Service::Rekognition | Service::Kms => self.into_json(),
            Service::Sts | Service::Iam => self.into_query(),
            Service::S3 => self.into_s3(),
        }
    }

    fn into_json(self) -> ApiError {
        let (code, message) = match self {
            Self::Missing => (
                "MissingAuthenticationTokenException",
                "Missing Authentication Token".to_owned(),
            ),
            Self::Incomplete(sentence) => ("IncompleteSignatureException", sentence),
            Self::UnknownKey | Self::BadToken(_) => (
                "UnrecognizedClientException",
                "The security token included in the request is invalid.".to_owned(),
            ),
            Self::Expired(_) => (
                "ExpiredTokenException",
                "The security token included in the request is expired".to_owned(),
            ),
            Self::Skewed { signed, now } => ("InvalidSignatureException", skew(signed, now)),
            Self::Scope(sentence) => ("InvalidSignatureException", sentence),
            Self::Unsupported(what) => return ApiError::not_emulated(&what),
            Self::Mismatch
            | Self::HeadersNotSigned(_)
            | Self::PayloadHashMissing
            | Self::PayloadHashMismatch => ("InvalidSignatureException", MISMATCH.to_owned()),
        };
        ApiError::common(code, 400, message)
    }

    fn into_query(self) -> ApiError {
        let (code, status, message) = match self {
            Self::Missing => (
                "MissingAuthenticationToken",
                403,
                "Request is missing Authentication Token".to_owned(),
            ),
            Self::Incomplete(sentence) => ("IncompleteSignature", 400, sentence),
            Self::UnknownKey | Self::BadToken(_) => (
                "InvalidClientTokenId",
                403,
                "The security token included in the request is invalid.".to_owned(),
            ),
            Self::Expired(_) => (
                "ExpiredToken",
                403,
                "The security token included in the request is expired".to_owned(),
            ),
            Self::Skewed { signed, now } => ("SignatureDoesNotMatch", 403, skew(signed, now)),
            Self::Scope(sentence) => ("SignatureDoesNotMatch", 403, sentence),
            Self::Unsupported(what) => return ApiError::not_emulated(&what),
            Self::Mismatch
            | Self::HeadersNotSigned(_)
            | Self::PayloadHashMissing
            | Self::PayloadHashMismatch => ("SignatureDoesNotMatch", 403, MISMATCH.to_owned()),
        };
        ApiError::common(code, status, message)
    }

    fn into_s3(self) -> ApiError {
        let (code, status, message) = match self {
            Self::Missing => ("AccessDenied", 403, "Access Denied".to_owned()),
            Self::Incomplete(sentence) | Self::Scope(sentence) => {
                ("AuthorizationHeaderMalformed", 400, sentence)
            }
            Self::UnknownKey => (
                "InvalidAccessKeyId",
                403,
                "The AWS Access Key Id you provided does not exist in our records.".to_owned(),
            ),
            Self::BadToken(_) => (
                "InvalidToken",
                400,
                "The provided token is malformed or otherwise invalid.".to_owned(),
            ),
            Self::Expired(_) => (
                "ExpiredToken",
                400,
                "The provided token has expired.".to_owned(),
            ),
            Self::Skewed { .. } => (
                "RequestTimeTooSkewed",
                403,
                "The difference between the request time and the current time is too large."
                    .to_owned(),
            ),
            Self::Mismatch => ("SignatureDoesNotMatch", 403, MISMATCH.to_owned()),
            Self::HeadersNotSigned(_) => (
                "AccessDenied",
                403,
                "There were headers present in the request which were not signed".to_owned(),
            ),
            Self::PayloadHashMissing => (
                "InvalidRequest",
                400,
                "Missing required header for this request: x-amz-content-sha256".to_owned(),
            ),
            Self::PayloadHashMismatch => (
                "XAmzContentSHA256Mismatch",
                400,
                "The provided 'x-amz-content-sha256' header does not match what was computed."
                    .to_owned(),
            ),
            Self::Unsupported(what) => return ApiError::not_emulated(&what),
        };
        ApiError::common(code, status, message)
    }
}

fn skew(signed: Millis, now: Millis) -> String {
    if signed < now {
        format!(
            "Signature expired: {signed} is now earlier than {} ({now} - 5 min.)",
            now.plus(-300_000)
        )
    } else {
        format!(
            "Signature not yet current: {signed} is still later than {} ({now} + 5 min.)",
            now.plus(300_000)
        )
    }
}
