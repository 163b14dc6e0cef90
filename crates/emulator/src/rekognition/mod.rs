//! Amazon Rekognition Custom Labels: projects, versions, project policies and the copy.
//!
//! One file per operation. Each checks the request's shape first ([`input`], [`shape`]), then asks
//! the policies, then looks whether what is named exists, as AWS does. [`wire`] writes answers.

pub(crate) mod copy_project_version;
mod copy_request;
mod copy_rights;
mod delete_project_policy;
mod describe_project_versions;
mod describe_projects;
pub(crate) mod error;
mod input;
pub(crate) mod late;
mod list_project_policies;
mod list_tags_for_resource;
pub(crate) mod operation;
mod page;
mod policy_document;
mod put_project_policy;
mod shape;
pub(crate) mod wire;

use crate::arn::ProjectArn;
use crate::authorize::{Judge, Question};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::State;
use crate::world::Settings;
use domain::{Millis, Random, Region};
use operation::Operation;
use serde_json::{Map, Value};

/// One call under way.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) settings: &'a Settings,
    pub(crate) caller: &'a Caller,
    /// The Region of the credential's scope.
    pub(crate) region: &'a Region,
    /// The world's time.
    pub(crate) now: Millis,
    pub(crate) random: &'a dyn Random,
    pub(crate) judge: Judge<'a>,
    /// Seals pagination tokens.
    pub(crate) token_key: &'a [u8],
    /// A fault rule's wish: the copy that this call starts will fail with this message.
    pub(crate) copy_fails_with: Option<String>,
}

/// Carries out one call and gives its answer.
pub(crate) fn call(
    call: &mut Call<'_>,
    operation: Operation,
    body: &Map<String, Value>,
) -> Result<Value, ApiError> {
    match operation {
        Operation::CopyProjectVersion => copy_project_version::call(call, body),
        Operation::DeleteProjectPolicy => delete_project_policy::call(call, body),
        Operation::DescribeProjects => describe_projects::call(call, body),
        Operation::DescribeProjectVersions => describe_project_versions::call(call, body),
        Operation::ListProjectPolicies => list_project_policies::call(call, body),
        Operation::ListTagsForResource => list_tags_for_resource::call(call, body),
        Operation::PutProjectPolicy => put_project_policy::call(call, body),
    }
}

impl Call<'_> {
    /// Asks the caller's own policies whether it may do `action` on `resource`.
    fn authorize(&mut self, action: &str, resource: &str) -> Result<(), ApiError> {
        let question = Question::of_identity(action, resource, &self.caller.account);
        if self.judge.allows(&question) {
            Ok(())
        } else {
            Err(error::access_denied(self.judge.refusal(action, resource)))
        }
    }

    /// Asks whether the caller may do `action` on a project of its own account, and reads its ARN.
    ///
    /// A project of another account is refused: Rekognition has resource policies for
    /// `CopyProjectVersion` alone. One that is not in this Region, or does not exist, is not found.
    fn own_project(&mut self, action: &str, arn: &str) -> Result<ProjectArn, ApiError> {
        self.authorize(action, arn)?;
        let not_found = || error::not_found(format!("The project {arn} does not exist."));
        let project = ProjectArn::parse(arn).ok_or_else(not_found)?;
        if project.account != self.caller.account {
            return Err(error::access_denied(self.judge.refusal(action, arn)));
        }
        if project.region != *self.region || self.state.project(&project).is_none() {
            return Err(not_found());
        }
        Ok(project)
    }

    /// Names a list for pagination tokens.
    fn list_name(&self, operation: Operation, filters: &str) -> String {
        format!(
            "{} {} {} {filters}",
            operation.name(),
            self.caller.account,
            self.region
        )
    }
}
