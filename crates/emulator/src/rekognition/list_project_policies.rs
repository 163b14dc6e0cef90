//! `ListProjectPolicies`: at most five in one page, oldest first.

use super::input::Input;
use super::operation::Operation;
use super::page::{Paging, page};
use super::shape::{PAGINATION_TOKEN, PROJECT_ARN};
use super::{Call, wire};
use crate::error::ApiError;
use crate::state::model::ProjectPolicy;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ProjectArn", &PROJECT_ARN);
    let token = input.optional_text("NextToken", &PAGINATION_TOKEN);
    let most = input.max_results(5);
    input.finish(call.settings.assumptions.shape_violation)?;
    let arn = call.own_project(&Operation::ListProjectPolicies.action(), &arn)?;

    let policies: Vec<&ProjectPolicy> = call
        .state
        .project(&arn)
        .into_iter()
        .flat_map(|project| &project.policies)
        .collect();
    let paging = Paging {
        key: call.token_key,
        list: call.list_name(Operation::ListProjectPolicies, &arn.to_string()),
        most,
        token,
    };
    let position = |policy: &&ProjectPolicy| (policy.created.get(), policy.name.clone());
    let (policies, token) = page(policies, position, &paging)?;
    let arn = arn.to_string();
    let policies: Vec<Value> = policies
        .into_iter()
        .map(|policy| {
            json!({
                "ProjectArn": arn,
                "PolicyName": policy.name,
                "PolicyRevisionId": policy.revision,
                "PolicyDocument": policy.document.text,
                "CreationTimestamp": wire::timestamp(policy.created),
                "LastUpdatedTimestamp": wire::timestamp(policy.updated),
            })
        })
        .collect();
    Ok(wire::object([
        ("ProjectPolicies", Some(json!(policies))),
        ("NextToken", token.map(Value::from)),
    ]))
}
