//! `CreateProject`: a Custom Labels project in the caller's account and Region.
//!
//! Adapters (`CONTENT_MODERATION`) cannot be promoted and are refused by name; `AutoUpdate` is for
//! them alone. The project is there at once.

use super::input::Input;
use super::operation::Operation;
use super::shape::{AUTO_UPDATE, FEATURE, NAME};
use super::{Call, error};
use crate::arn::ProjectArn;
use crate::error::ApiError;
use crate::state::model::Project;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let name = input.text("ProjectName", &NAME);
    let feature = input.optional_text("Feature", &FEATURE);
    let auto_update = input.optional_text("AutoUpdate", &AUTO_UPDATE);
    let tags = input.tags();
    input.finish(call.settings.assumptions.shape_violation)?;
    if feature.is_some_and(|feature| feature == "CONTENT_MODERATION") {
        return Err(ApiError::not_emulated(
            "the feature CONTENT_MODERATION of rekognition:CreateProject",
        ));
    }
    if auto_update.is_some() {
        return Err(error::invalid_parameter(
            "AutoUpdate applies to adapters and not to a Custom Labels project.",
        ));
    }
    call.judge.know_request_tags(&tags);
    call.authorize(&Operation::CreateProject.action())?;
    let arn = ProjectArn {
        region: call.region.clone(),
        account: call.caller.account.clone(),
        name,
        number: free_number(call),
    };
    if call.settings.assumptions.tags_need_tag_resource && !tags.is_empty() {
        call.authorize_project(&Operation::TagResource.action(), &arn)?;
    }
    check_room(call, &arn)?;
    let account = call.state.accounts.get_mut(&arn.account);
    let account = account.expect("the caller's account is where its key was found");
    account.projects.push(Project {
        account: arn.account.clone(),
        region: arn.region.clone(),
        name: arn.name.clone(),
        number: arn.number,
        policies: Vec::new(),
        versions: Vec::new(),
        tags,
        deleted: Vec::new(),
    });
    Ok(json!({ "ProjectArn": arn.to_string() }))
}

fn projects_here<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Project> {
    call.state
        .accounts
        .get(&call.caller.account)
        .into_iter()
        .flat_map(|account| &account.projects)
        .filter(|project| project.region == *call.region)
}

/// The creation time, moved on while another project has the same number, so that projects
/// sort in the order in which they were created.
fn free_number(call: &Call<'_>) -> u64 {
    let mut number = u64::try_from(call.now.get()).unwrap_or_default();
    while projects_here(call).any(|project| project.number == number) {
        number += 1;
    }
    number
}

fn check_room(call: &Call<'_>, arn: &ProjectArn) -> Result<(), ApiError> {
    if projects_here(call).any(|project| project.name == arn.name) {
        return Err(error::in_use(format!(
            "A project named {} already exists.",
            arn.name
        )));
    }
    let most = call.settings.quotas.projects;
    if projects_here(call).count() >= usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(error::limit_exceeded(format!(
            "The account already has {most} projects in {}, the most allowed.",
            arn.region
        )));
    }
    Ok(())
}
