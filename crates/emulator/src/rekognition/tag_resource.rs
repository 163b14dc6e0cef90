//! `TagResource`: adds tags to a project or a version; a key that is there gets the new value.

use super::input::Input;
use super::operation::Operation;
use super::shape::RESOURCE_ARN;
use super::{Call, error};
use crate::error::ApiError;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The most tags of one resource ("Tagging a model", Custom Labels developer guide).
const MOST: usize = 200;

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ResourceArn", &RESOURCE_ARN);
    let new = input.required_tags();
    input.finish(call.settings.assumptions.shape_violation)?;
    call.judge.know_request_tags(&new);
    let resource = call.own_resource(&Operation::TagResource.action(), &arn)?;

    let Some(tags) = call.tags_mut(&resource) else {
        return Err(error::not_found(format!(
            "The resource {arn} does not exist."
        )));
    };
    let keys: BTreeSet<&String> = tags.keys().chain(new.keys()).collect();
    if keys.len() > MOST {
        return Err(error::service_quota_exceeded(format!(
            "The resource would have {} tags; {MOST} are the most allowed.",
            keys.len()
        )));
    }
    tags.extend(new);
    Ok(json!({}))
}
