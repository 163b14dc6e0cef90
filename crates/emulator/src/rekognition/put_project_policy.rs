//! `PutProjectPolicy`: attaches a policy to a project, or changes one under its revision id.

use super::input::Input;
use super::operation::Operation;
use super::policy_document;
use super::shape::{POLICY_DOCUMENT, POLICY_NAME, POLICY_REVISION, PROJECT_ARN};
use super::{Call, error};
use crate::error::ApiError;
use crate::random;
use crate::state::model::ProjectPolicy;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ProjectArn", &PROJECT_ARN);
    let name = input.text("PolicyName", &POLICY_NAME);
    let text = input.text("PolicyDocument", &POLICY_DOCUMENT);
    let given = input.optional_text("PolicyRevisionId", &POLICY_REVISION);
    let assumptions = &call.settings.assumptions;
    input.finish(assumptions.shape_violation)?;
    let arn = call.own_project(&Operation::PutProjectPolicy.action(), &arn)?;
    let document = policy_document::check(&text, assumptions)?;

    let most = call.settings.quotas.policies_per_project;
    let revision = random::hexadecimal(call.random, 32);
    let Some(project) = call.state.project_mut(&arn) else {
        return Err(error::not_found(format!(
            "The project {arn} does not exist."
        )));
    };
    let existing = project
        .policies
        .iter_mut()
        .find(|policy| policy.name == name);
    match (existing, given) {
        (Some(policy), Some(given)) if policy.revision.eq_ignore_ascii_case(&given) => {
            policy.revision.clone_from(&revision);
            policy.document = document;
            policy.updated = call.now;
        }
        // Also for a name that does not exist: no policy has that revision.
        (Some(_) | None, Some(_)) => return Err(error::invalid_revision()),
        (Some(_), None) => {
            return Err(error::put_without_revision(
                assumptions.put_without_revision,
                &name,
            ));
        }
        (None, None) => {
            if project.policies.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
                return Err(error::sixth_policy(assumptions.sixth_policy, most));
            }
            project.policies.push(ProjectPolicy {
                name,
                revision: revision.clone(),
                document,
                created: call.now,
                updated: call.now,
            });
        }
    }
    Ok(json!({ "PolicyRevisionId": revision }))
}
