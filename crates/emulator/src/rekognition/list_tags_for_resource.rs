//! `ListTagsForResource`: the tags of a project or a version.

use super::input::Input;
use super::operation::Operation;
use super::own::Resource;
use super::shape::RESOURCE_ARN;
use super::{Call, error};
use crate::error::ApiError;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ResourceArn", &RESOURCE_ARN);
    input.finish(call.settings.assumptions.shape_violation)?;
    let action = Operation::ListTagsForResource.action();
    let resource = call.own_resource(&action, &arn)?;

    let is_copy = match &resource {
        Resource::Project(_) => false,
        Resource::Version(version) => call
            .state
            .version(version, call.now)
            .is_some_and(|version| version.source_version_arn.is_some()),
    };
    if is_copy && !call.settings.assumptions.tags_visible {
        let reason = "Not allowed: the tags of a copy are not visible here (assumption \
                      tags_visible).";
        call.judge.refuse(&action, &arn, reason);
        return Err(call.denied(&action, &arn));
    }
    let tags = call
        .tags_mut(&resource)
        .ok_or_else(|| error::not_found(format!("The resource {arn} does not exist.")))?;
    Ok(json!({ "Tags": tags }))
}
