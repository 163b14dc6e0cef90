//! Amazon Rekognition Custom Labels: projects, versions, project policies and the copy.
//!
//! One file per operation. Each checks the request's shape first ([`input`], [`shape`]), then asks
//! the policies, then looks whether what is named exists ([`own`]), as AWS does. [`wire`] writes
//! answers.

pub(crate) mod copy_project_version;
mod copy_request;
mod copy_rights;
mod create_project;
mod delete_project_policy;
mod delete_project_version;
mod describe_project_versions;
mod describe_projects;
pub(crate) mod error;
pub(crate) mod input;
pub(crate) mod late;
mod list_project_policies;
mod list_tags_for_resource;
pub(crate) mod operation;
mod own;
pub(crate) mod page;
mod policy_document;
mod put_project_policy;
pub(crate) mod shape;
mod tag_resource;
mod untag_resource;
pub(crate) mod wire;

use crate::authorize::Judge;
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
        Operation::CreateProject => create_project::call(call, body),
        Operation::DeleteProjectPolicy => delete_project_policy::call(call, body),
        Operation::DeleteProjectVersion => delete_project_version::call(call, body),
        Operation::DescribeProjects => describe_projects::call(call, body),
        Operation::DescribeProjectVersions => describe_project_versions::call(call, body),
        Operation::ListProjectPolicies => list_project_policies::call(call, body),
        Operation::ListTagsForResource => list_tags_for_resource::call(call, body),
        Operation::PutProjectPolicy => put_project_policy::call(call, body),
        Operation::TagResource => tag_resource::call(call, body),
        Operation::UntagResource => untag_resource::call(call, body),
    }
}

impl Call<'_> {
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
