//! Faults built in on purpose. With any of them a round must be judged bad, or the judge is blind.

use async_trait::async_trait;
use clap::ValueEnum;
use domain::{PolicyName, PolicyRevisionId, ProjectArn, ProjectVersionArn};
use operations::ports::aws::{Answer, AwsError, AwsWrites, CopyRequest, ErrorClass, WriteScope};
use std::sync::Arc;

/// A fault that is chosen at the start of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Control {
    /// A copy without a clear answer is sent again at once, under another name.
    Retries,
    /// A reader of events that connects again does not say where it was.
    ForgetsPlace,
}

/// Sends again what has no clear answer, as a client with retries and generated names would.
pub struct Retrying(pub Arc<dyn AwsWrites>);

#[async_trait]
impl AwsWrites for Retrying {
    async fn put_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        document: &str,
        revision: Option<&PolicyRevisionId>,
    ) -> Result<Answer<PolicyRevisionId>, AwsError> {
        self.0
            .put_project_policy(scope, project, name, document, revision)
            .await
    }

    async fn delete_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        revision: &PolicyRevisionId,
    ) -> Result<Answer<()>, AwsError> {
        self.0
            .delete_project_policy(scope, project, name, revision)
            .await
    }

    async fn copy_project_version(
        &self,
        scope: &WriteScope,
        request: &CopyRequest,
    ) -> Result<Answer<ProjectVersionArn>, AwsError> {
        let first = self.0.copy_project_version(scope, request).await;
        match first {
            Err(error) if error.class == ErrorClass::Ambiguous => {
                let mut again = request.clone();
                let name = format!("{}-again", request.version_name);
                again.version_name = name.parse().expect("a version name with a short ending");
                self.0.copy_project_version(scope, &again).await
            }
            answer => answer,
        }
    }
}
