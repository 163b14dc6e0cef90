//! The bucket that a call is about.

use super::{Answer, Call, Place, access_denied};
use crate::authorize::Question;
use crate::error::ApiError;
use crate::state::account::Bucket;
use domain::{AccountNumber, Region};
use iam::NamedPolicy;

/// A bucket that is there, in the call's Region.
pub(super) struct Found<'a> {
    name: String,
    owner: &'a AccountNumber,
    bucket: &'a Bucket,
    pub(super) region: &'a Region,
}

impl<'a> Found<'a> {
    /// Looks for the bucket. One of another Region answers 301 and says in `x-amz-bucket-region`
    /// where it is, before any permission is asked. `action` is for the ledger, when the caller
    /// expects another owner.
    pub(super) fn look(call: &mut Call<'a>, action: &str, place: &Place) -> Result<Self, Answer> {
        let (name, state) = (&place.bucket, call.state);
        let Some((owner, bucket)) = state.bucket(name) else {
            let missing =
                ApiError::common("NoSuchBucket", 404, "The specified bucket does not exist");
            return Err(Answer::refusal(missing, None));
        };
        let region = &bucket.region;
        if region != call.region {
            let moved = ApiError::common(
                "PermanentRedirect",
                301,
                "The bucket you are attempting to access must be addressed using the specified \
                 endpoint.",
            )
            .with_detail(format!(
                "The bucket is in {region}, and the call is for {}.",
                call.region
            ));
            return Err(Answer::refusal(moved, Some(region.clone())));
        }
        if let Some(expected) = &place.expected_owner
            && expected != owner.as_str()
        {
            let reason = format!("The caller expects the owner {expected}; it is {owner}.");
            let resource = format!("arn:aws:s3:::{name}");
            call.judge.refuse(action, &resource, &reason);
            return Err(Answer::refusal(access_denied(), Some(region.clone())));
        }
        Ok(Self {
            name: name.clone(),
            owner,
            bucket,
            region,
        })
    }
}

/// Whether the caller may do `action` on `resource`, which is `found` or lies in it.
pub(super) fn ask(call: &mut Call<'_>, found: &Found<'_>, action: &str, resource: &str) -> bool {
    let policies = found.bucket.policy.iter().map(|policy| NamedPolicy {
        name: &found.name,
        document: &policy.document,
    });
    call.judge.allows(&Question {
        policies: policies.collect(),
        ..Question::of_identity(action, resource, found.owner)
    })
}
