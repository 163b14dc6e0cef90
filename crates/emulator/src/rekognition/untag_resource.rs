//! `UntagResource`: removes tags from a project or a version; a key that is not there is no error.

use super::input::Input;
use super::operation::Operation;
use super::shape::{RESOURCE_ARN, TAG_KEY};
use super::{Call, error};
use crate::error::ApiError;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ResourceArn", &RESOURCE_ARN);
    let keys = input.texts("TagKeys", &TAG_KEY, 0..=200);
    input.finish(call.settings.assumptions.shape_violation)?;
    call.judge.know("aws:TagKeys", keys.iter().cloned());
    let resource = call.own_resource(&Operation::UntagResource.action(), &arn)?;

    let Some(tags) = call.tags_mut(&resource) else {
        return Err(error::not_found(format!(
            "The resource {arn} does not exist."
        )));
    };
    tags.retain(|key, _| !keys.contains(key));
    Ok(json!({}))
}
