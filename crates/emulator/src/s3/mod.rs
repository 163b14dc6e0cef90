//! Amazon S3, path style: whether a bucket is there.
//!
//! One file per operation; [`xml`] writes errors.

mod head_bucket;
pub(crate) mod xml;

use crate::authorize::Judge;
use crate::error::ApiError;
use crate::request::Request;
use crate::state::State;
use domain::Region;
use http::Method;

/// One call under way.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    /// The Region of the credential's scope.
    pub(crate) region: &'a Region,
    pub(crate) judge: Judge<'a>,
}

/// What a request asks of S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// `HEAD /BUCKET`.
    HeadBucket {
        /// The bucket's name as sent.
        bucket: String,
    },
    /// Something that S3 has and the emulator has not. Holds what it looks like.
    NotEmulated(String),
}

/// The answer to a call, or the refusal of one, and what its headers tell either way.
pub(crate) struct Answer {
    pub(crate) result: Result<(), ApiError>,
    /// For `x-amz-bucket-region`: AWS tells it even with a refusal.
    pub(crate) bucket_region: Option<Region>,
}

impl Operation {
    /// Reads what `request` asks for.
    pub(crate) fn read(request: &Request) -> Self {
        let path = request.path.strip_prefix('/').unwrap_or(&request.path);
        let bucket = path.strip_suffix('/').unwrap_or(path);
        let on_bucket = !bucket.is_empty() && !bucket.contains('/');
        if on_bucket && request.method == Method::HEAD && request.query.is_empty() {
            Self::HeadBucket {
                bucket: bucket.to_owned(),
            }
        } else {
            Self::NotEmulated(format!(
                "the S3 operation {} {}",
                request.method, request.path
            ))
        }
    }

    /// The name for ledger and fault rules.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::HeadBucket { .. } => "HeadBucket",
            Self::NotEmulated(_) => "NotEmulated",
        }
    }
}

/// Carries out one call.
pub(crate) fn call(call: &mut Call<'_>, operation: &Operation) -> Answer {
    match operation {
        Operation::HeadBucket { bucket } => head_bucket::call(call, bucket),
        Operation::NotEmulated(what) => Answer {
            result: Err(ApiError::not_emulated(what)),
            bucket_region: None,
        },
    }
}
