//! `DescribeProjects`: the caller's projects in this Region, oldest first.

use super::input::Input;
use super::operation::Operation;
use super::page::{Paging, page};
use super::shape::{FEATURE, NAME, PAGINATION_TOKEN};
use super::{Call, wire};
use crate::error::ApiError;
use crate::state::model::Project;
use domain::Millis;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let names = input.optional_texts("ProjectNames", &NAME, 1..=10);
    let features = input.optional_texts("Features", &FEATURE, 1..=2);
    let token = input.optional_text("NextToken", &PAGINATION_TOKEN);
    let most = input.max_results(100);
    input.finish(call.settings.assumptions.shape_violation)?;
    call.authorize(&Operation::DescribeProjects.action())?;

    // Every project here is a Custom Labels project, which is also the default filter.
    let wanted = features
        .as_ref()
        .is_none_or(|list| list.iter().any(|one| one == "CUSTOM_LABELS"));
    let projects: Vec<&Project> = call
        .state
        .accounts
        .get(&call.caller.account)
        .into_iter()
        .flat_map(|account| &account.projects)
        .filter(|project| wanted && project.region == *call.region)
        .filter(|project| {
            names
                .as_ref()
                .is_none_or(|names| names.contains(&project.name))
        })
        .collect();
    let paging = Paging {
        key: call.token_key,
        list: call.list_name(
            Operation::DescribeProjects,
            &format!("{names:?} {features:?}"),
        ),
        most,
        token,
    };
    let position = |project: &&Project| (created(project).get(), project.name.clone());
    let (projects, token) = page(projects, position, &paging)?;
    let descriptions: Vec<Value> = projects.into_iter().map(describe).collect();
    Ok(wire::object([
        ("ProjectDescriptions", Some(json!(descriptions))),
        ("NextToken", token.map(Value::from)),
    ]))
}

fn describe(project: &Project) -> Value {
    json!({
        "ProjectArn": project.arn().to_string(),
        "CreationTimestamp": wire::timestamp(created(project)),
        "Status": "CREATED",
        "Datasets": [],
        "Feature": "CUSTOM_LABELS",
    })
}

fn created(project: &Project) -> Millis {
    Millis::new(i64::try_from(project.number).unwrap_or(i64::MAX))
}
