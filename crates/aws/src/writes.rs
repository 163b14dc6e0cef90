//! Changing AWS. Each call is sent at most once: the SDK's retries are off, since a repeated
//! `CopyProjectVersion` may fail because the first one worked.

use crate::clients::Aws;
use crate::trace::Trace;
use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_rekognition::types::OutputConfig;
use aws_smithy_types::retry::RetryConfig;
use domain::{PolicyName, PolicyRevisionId, ProjectArn, ProjectVersionArn};
use operations::ports::aws::{Answer, AwsError, AwsWrites, CopyRequest, ErrorClass, WriteScope};

fn once(credentials: Credentials) -> aws_sdk_rekognition::config::Builder {
    aws_sdk_rekognition::config::Builder::default()
        .credentials_provider(credentials)
        .retry_config(RetryConfig::disabled())
}

/// Reads `text` of a successful answer; AWS has done it, so an unreadable answer is ambiguous.
fn read_back<T: std::str::FromStr>(
    trace: Trace,
    what: &str,
    text: Option<&str>,
) -> Result<Answer<T>, AwsError> {
    if let Some(value) = text.and_then(|text| text.parse().ok()) {
        return Ok(trace.answer(value));
    }
    let message = format!("AWS answered without a readable {what}");
    Err(trace.failed(ErrorClass::Ambiguous, None, message))
}

#[async_trait]
impl AwsWrites for Aws {
    async fn put_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        document: &str,
        revision: Option<&PolicyRevisionId>,
    ) -> Result<Answer<PolicyRevisionId>, AwsError> {
        let credentials = self.inner.assume_for_write(scope).await?;
        let trace = Trace::start("PutProjectPolicy", &*self.inner.clock);
        let result = self
            .inner
            .rekognition(&scope.access.account, &scope.region)
            .put_project_policy()
            .project_arn(project.to_string())
            .policy_name(name.as_str())
            .policy_document(document)
            .set_policy_revision_id(revision.map(ToString::to_string))
            .customize()
            .config_override(once(credentials))
            .interceptor(trace.interceptor())
            .send()
            .await;
        match result {
            Ok(output) => read_back(trace, "revision id", output.policy_revision_id()),
            Err(error) => Err(trace.error(&error)),
        }
    }

    async fn delete_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        revision: &PolicyRevisionId,
    ) -> Result<Answer<()>, AwsError> {
        let credentials = self.inner.assume_for_write(scope).await?;
        let trace = Trace::start("DeleteProjectPolicy", &*self.inner.clock);
        let result = self
            .inner
            .rekognition(&scope.access.account, &scope.region)
            .delete_project_policy()
            .project_arn(project.to_string())
            .policy_name(name.as_str())
            .policy_revision_id(revision.as_str())
            .customize()
            .config_override(once(credentials))
            .interceptor(trace.interceptor())
            .send()
            .await;
        match result {
            Ok(_) => Ok(trace.answer(())),
            Err(error) => Err(trace.error(&error)),
        }
    }

    async fn copy_project_version(
        &self,
        scope: &WriteScope,
        copy: &CopyRequest,
    ) -> Result<Answer<ProjectVersionArn>, AwsError> {
        let credentials = self.inner.assume_for_write(scope).await?;
        let trace = Trace::start("CopyProjectVersion", &*self.inner.clock);
        let output = OutputConfig::builder()
            .s3_bucket(copy.bucket.as_str())
            .s3_key_prefix(copy.prefix.as_str())
            .build();
        let result = self
            .inner
            .rekognition(&scope.access.account, &scope.region)
            .copy_project_version()
            .source_project_arn(copy.source_project.to_string())
            .source_project_version_arn(copy.source_version.to_string())
            .destination_project_arn(copy.destination_project.to_string())
            .version_name(copy.version_name.as_str())
            .output_config(output)
            .set_tags(Some(copy.tags.clone().into_iter().collect()))
            .set_kms_key_id(copy.kms_key.as_ref().map(ToString::to_string))
            .customize()
            .config_override(once(credentials))
            .interceptor(trace.interceptor())
            .send()
            .await;
        match result {
            Ok(output) => read_back(trace, "version ARN", output.project_version_arn()),
            Err(error) => Err(trace.error(&error)),
        }
    }
}
