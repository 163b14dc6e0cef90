//! Writes within the budget. Each is sent at most once, and none is kept back because another one
//! was refused: what AWS says to a write may depend on the very thing that it writes.

use super::shared::{Through, is_throttled};
use async_trait::async_trait;
use domain::{PolicyName, PolicyRevisionId, ProjectArn, ProjectVersionArn};
use operations::ports::aws::{Answer, AwsError, AwsWrites, CopyRequest, WriteScope};
use std::future::Future;

impl Through<dyn AwsWrites> {
    /// Waits for a turn and sends. Without a turn in time nothing was sent, and the error says so.
    async fn send<T>(
        &self,
        scope: &WriteScope,
        operation: &'static str,
        call: impl Future<Output = Result<Answer<T>, AwsError>> + Send,
    ) -> Result<Answer<T>, AwsError> {
        let place = (&scope.access.account, &scope.region, operation);
        let longest = self.inner.settings.longest_write_wait_ms;
        self.inner.wait(place, self.precedence, longest).await?;
        let sent_at = self.inner.clock.now();
        let answer = call.await;
        if let Err(error) = &answer
            && error.call.operation == operation
            && is_throttled(error)
        {
            self.inner.throttled(place, sent_at);
        }
        answer
    }
}

#[async_trait]
impl AwsWrites for Through<dyn AwsWrites> {
    async fn put_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        document: &str,
        revision: Option<&PolicyRevisionId>,
    ) -> Result<Answer<PolicyRevisionId>, AwsError> {
        let put = self
            .aws
            .put_project_policy(scope, project, name, document, revision);
        self.send(scope, "PutProjectPolicy", put).await
    }

    async fn delete_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        revision: &PolicyRevisionId,
    ) -> Result<Answer<()>, AwsError> {
        let delete = self
            .aws
            .delete_project_policy(scope, project, name, revision);
        self.send(scope, "DeleteProjectPolicy", delete).await
    }

    async fn copy_project_version(
        &self,
        scope: &WriteScope,
        copy: &CopyRequest,
    ) -> Result<Answer<ProjectVersionArn>, AwsError> {
        let sent = self.aws.copy_project_version(scope, copy);
        self.send(scope, "CopyProjectVersion", sent).await
    }
}
