//! `HeadBucket`: whether a bucket exists, where it is and whether the caller may list it.
//!
//! Answers carry no body, refusals included.

use super::bucket::{Found, ask};
use super::{Answer, Call, Place, access_denied};

pub(super) fn call(call: &mut Call<'_>, place: &Place) -> Answer {
    const ACTION: &str = "s3:ListBucket";
    let found = match Found::look(call, ACTION, place) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let allowed = ask(
        call,
        &found,
        ACTION,
        &format!("arn:aws:s3:::{}", place.bucket),
    );
    Answer {
        result: if allowed {
            Ok(None)
        } else {
            Err(access_denied())
        },
        bucket_region: Some(found.region.clone()),
    }
}
