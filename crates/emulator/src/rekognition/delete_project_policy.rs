//! `DeleteProjectPolicy`: removes a policy; with a revision id only if it is the current one.

use super::input::Input;
use super::operation::Operation;
use super::shape::{POLICY_NAME, POLICY_REVISION, PROJECT_ARN};
use super::{Call, error};
use crate::error::ApiError;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ProjectArn", &PROJECT_ARN);
    let name = input.text("PolicyName", &POLICY_NAME);
    let given = input.optional_text("PolicyRevisionId", &POLICY_REVISION);
    input.finish(call.settings.assumptions.shape_violation)?;
    let arn = call.own_project(&Operation::DeleteProjectPolicy.action(), &arn)?;

    let not_found = || {
        error::not_found(format!(
            "The project {arn} has no project policy named {name}."
        ))
    };
    let project = call.state.project_mut(&arn).ok_or_else(not_found)?;
    let index = project
        .policies
        .iter()
        .position(|policy| policy.name == name)
        .ok_or_else(not_found)?;
    let current = &project.policies[index].revision;
    if given.is_some_and(|given| !current.eq_ignore_ascii_case(&given)) {
        return Err(error::invalid_revision());
    }
    project.policies.remove(index);
    Ok(json!({}))
}
