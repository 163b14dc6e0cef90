//! `GetObject`: the evaluation summaries that training and copies wrote; there are no other objects.
//!
//! Order of refusals: bucket, Region, `s3:GetObject`, existence (which only callers with
//! `s3:ListBucket` are told, "`GetObject`", Amazon S3 API reference), and `kms:Decrypt` on the key
//! that the object was encrypted with.

use super::bucket::{Found, ask};
use super::{Answer, Call, Object, Place, access_denied};
use crate::authorize::Question;
use crate::error::ApiError;
use crate::state::evaluation::Evaluation;
use iam::{NamedPolicy, ResourceRule};

pub(super) fn call(call: &mut Call<'_>, place: &Place, key: &str) -> Answer {
    let found = match Found::look(call, "s3:GetObject", place) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let region = found.region.clone();
    Answer {
        result: read(call, &found, place, key).map(Some),
        bucket_region: Some(region),
    }
}

fn read(
    call: &mut Call<'_>,
    found: &Found<'_>,
    place: &Place,
    key: &str,
) -> Result<Object, ApiError> {
    let bucket = format!("arn:aws:s3:::{}", place.bucket);
    if !ask(call, found, "s3:GetObject", &format!("{bucket}/{key}")) {
        return Err(access_denied());
    }
    let Some(evaluation) = call.state.evaluation(&place.bucket, key) else {
        // Without this permission a caller cannot tell a missing object from a closed one.
        if ask(call, found, "s3:ListBucket", &bucket) {
            return Err(ApiError::common(
                "NoSuchKey",
                404,
                "The specified key does not exist.",
            ));
        }
        return Err(access_denied());
    };
    let encrypted_with = decrypt(call, &evaluation)?;
    Ok(Object {
        text: evaluation.summary().to_string(),
        encrypted_with,
    })
}

/// The ARN of the key that the object is encrypted with, once the caller may use it.
fn decrypt(call: &mut Call<'_>, evaluation: &Evaluation) -> Result<Option<String>, ApiError> {
    const ACTION: &str = "kms:Decrypt";
    let Some(reference) = &evaluation.kms_key else {
        return Ok(None);
    };
    let Some((owner, key)) = call.state.key(reference, &evaluation.account, call.region) else {
        let message = format!("Key '{reference}' does not exist");
        return Err(ApiError::common("KMS.NotFoundException", 400, message));
    };
    let resource = key.arn(owner);
    if !key.enabled {
        let message = format!("{resource} is disabled.");
        return Err(ApiError::common("KMS.DisabledException", 400, message));
    }
    let through = format!("s3.{}.amazonaws.com", call.region);
    call.judge.know("kms:ViaService", [through]);
    let allowed = call.judge.allows(&Question {
        policies: vec![NamedPolicy {
            name: &key.id,
            document: &key.policy.document,
        }],
        rule: ResourceRule::ResourceMustAllow,
        ..Question::of_identity(ACTION, &resource, owner)
    });
    if allowed {
        Ok(Some(resource))
    } else {
        Err(access_denied())
    }
}
