//! Amazon S3, path style: whether a bucket is there, and the evaluation summaries in it.
//!
//! One file per operation; [`request`] reads what is asked, [`xml`] writes errors.

mod bucket;
mod get_object;
mod head_bucket;
mod request;
pub(crate) mod xml;

pub(crate) use request::{Operation, PLAYED, Place};

use crate::authorize::Judge;
use crate::error::ApiError;
use crate::state::State;
use domain::Region;

/// The content type of an object that was stored without one.
pub(crate) const OBJECT_TYPE: &str = "binary/octet-stream";

/// One call under way.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    /// The Region of the credential's scope.
    pub(crate) region: &'a Region,
    pub(crate) judge: Judge<'a>,
}

/// An object's content and what its headers tell.
pub(crate) struct Object {
    pub(crate) text: String,
    /// The ARN of the key, when it is not one of Amazon S3's own.
    encrypted_with: Option<String>,
}

/// The answer to a call, or the refusal of one, and what its headers tell either way.
pub(crate) struct Answer {
    /// What was read; `HeadBucket` reads nothing.
    pub(crate) result: Result<Option<Object>, ApiError>,
    /// For `x-amz-bucket-region`: AWS tells it even with a refusal.
    pub(crate) bucket_region: Option<Region>,
}

impl Answer {
    fn refusal(error: ApiError, bucket_region: Option<Region>) -> Self {
        Self {
            result: Err(error),
            bucket_region,
        }
    }
}

impl Object {
    /// `ETag` and how it is encrypted.
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        const ENCRYPTION: &str = "x-amz-server-side-encryption";
        let hash = crate::sigv4::canonical::sha256_hex(self.text.as_bytes());
        let mut headers = vec![("etag", format!("\"{}\"", &hash[..32]))];
        match &self.encrypted_with {
            None => headers.push((ENCRYPTION, "AES256".to_owned())),
            Some(key) => {
                headers.push((ENCRYPTION, "aws:kms".to_owned()));
                headers.push(("x-amz-server-side-encryption-aws-kms-key-id", key.clone()));
            }
        }
        headers
    }
}

/// Carries out one call.
pub(crate) fn call(call: &mut Call<'_>, operation: &Operation) -> Answer {
    match operation {
        Operation::HeadBucket(place) => head_bucket::call(call, place),
        Operation::GetObject(place, key) => get_object::call(call, place, key),
        Operation::NotEmulated(what) => Answer::refusal(ApiError::not_emulated(what), None),
    }
}

fn access_denied() -> ApiError {
    ApiError::common("AccessDenied", 403, "Access Denied")
}
