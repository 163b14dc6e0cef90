//! `ListTagsForResource`: the tags of a version; projects have none here.

use super::input::Input;
use super::operation::Operation;
use super::shape::RESOURCE_ARN;
use super::{Call, error};
use crate::arn::{ProjectArn, ProjectVersionArn};
use crate::error::ApiError;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ResourceArn", &RESOURCE_ARN);
    input.finish(call.settings.assumptions.shape_violation)?;
    let action = Operation::ListTagsForResource.action();
    call.authorize(&action, &arn)?;

    let not_found = || error::not_found(format!("The resource {arn} does not exist."));
    if let Some(project) = ProjectArn::parse(&arn) {
        call.own_project(&action, &project.to_string())?;
        return Ok(json!({ "Tags": {} }));
    }
    let version = ProjectVersionArn::parse(&arn).ok_or_else(not_found)?;
    if version.account != call.caller.account {
        return Err(error::access_denied(call.judge.refusal(&action, &arn)));
    }
    if version.region != *call.region {
        return Err(not_found());
    }
    let version = call
        .state
        .version(&version, call.now)
        .ok_or_else(not_found)?;
    let is_copy = version.source_version_arn.is_some();
    if is_copy && !call.settings.assumptions.tags_visible {
        return Err(error::access_denied(call.judge.refusal(&action, &arn)));
    }
    Ok(json!({ "Tags": version.tags }))
}
