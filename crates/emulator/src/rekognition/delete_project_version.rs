//! `DeleteProjectVersion`: begins a deletion, which takes `delete_seconds`. Until it is over the
//! version is described as `DELETING`, counts towards the quota and holds its name.

use super::input::Input;
use super::operation::Operation;
use super::shape::PROJECT_VERSION_ARN;
use super::{Call, error};
use crate::error::ApiError;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ProjectVersionArn", &PROJECT_VERSION_ARN);
    input.finish(call.settings.assumptions.shape_violation)?;
    let arn = call.own_version(&Operation::DeleteProjectVersion.action(), &arn)?;

    let gone_at = call.now.plus(call.settings.delete_ms);
    let Some(version) = call.state.version_mut(&arn, call.now) else {
        return Err(error::not_found(format!(
            "The model version {arn} does not exist."
        )));
    };
    if !version.status.can_be_deleted() {
        let status = json!(version.status);
        return Err(error::in_use(format!(
            "The model version {arn} cannot be deleted while its status is {status}."
        )));
    }
    version.begin_deletion(gone_at);
    let status = json!(version.status);
    call.state.agenda.add(gone_at, arn);
    Ok(json!({ "Status": status }))
}
