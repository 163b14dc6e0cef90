//! `HeadBucket`: whether a bucket exists, where it is and whether the caller may list it.
//!
//! Answers carry no body, refusals included. A bucket of another Region answers 301 and says in
//! `x-amz-bucket-region` where it is, before any permission is asked.

use super::{Answer, Call};
use crate::authorize::Question;
use crate::error::ApiError;
use iam::{NamedPolicy, ResourceRule};

pub(super) fn call(call: &mut Call<'_>, name: &str) -> Answer {
    let Some((owner, bucket)) = call.state.bucket(name) else {
        let missing = ApiError::common("NoSuchBucket", 404, "The specified bucket does not exist");
        return Answer {
            result: Err(missing),
            bucket_region: None,
        };
    };
    let bucket_region = Some(bucket.region.clone());
    if bucket.region != *call.region {
        let moved = ApiError::common(
            "PermanentRedirect",
            301,
            "The bucket you are attempting to access must be addressed using the specified \
             endpoint.",
        );
        return Answer {
            result: Err(moved),
            bucket_region,
        };
    }
    let resource = format!("arn:aws:s3:::{name}");
    let policies = bucket.policy.iter().map(|policy| NamedPolicy {
        name,
        document: &policy.document,
    });
    let question = Question {
        action: "s3:ListBucket",
        resource: &resource,
        owner,
        policies: policies.collect(),
        rule: ResourceRule::IdentityOrResource,
    };
    let result = if call.judge.allows(&question) {
        Ok(())
    } else {
        Err(ApiError::common("AccessDenied", 403, "Access Denied"))
    };
    Answer {
        result,
        bucket_region,
    }
}
