//! From the SDK's types to those of the port. What cannot be read is left out and logged.

use aws_sdk_rekognition::types;
use aws_smithy_types::DateTime;
use domain::{Millis, VersionStatus};
use operations::ports::aws::{ProjectDescription, ProjectPolicy, VersionDescription};

fn millis(date: Option<&DateTime>) -> Option<Millis> {
    date.and_then(|date| date.to_millis().ok()).map(Millis::new)
}

pub(crate) fn project(description: &types::ProjectDescription) -> Option<ProjectDescription> {
    let Some(arn) = description.project_arn().and_then(|arn| arn.parse().ok()) else {
        tracing::warn!("a project without a readable ARN is left out");
        return None;
    };
    Some(ProjectDescription {
        arn,
        status: description
            .status()
            .map_or_else(String::new, |status| status.as_str().to_owned()),
        created: millis(description.creation_timestamp()),
    })
}

pub(crate) fn version(
    description: &types::ProjectVersionDescription,
) -> Option<VersionDescription> {
    let Some(arn) = description
        .project_version_arn()
        .and_then(|arn| arn.parse().ok())
    else {
        tracing::warn!("a model version without a readable ARN is left out");
        return None;
    };
    let status = description.status().map_or("", |status| status.as_str());
    let output = description.output_config().map(|output| {
        let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
        (text(output.s3_bucket()), text(output.s3_key_prefix()))
    });
    Some(VersionDescription {
        arn,
        status: VersionStatus::from(status.to_owned()),
        status_message: description.status_message().map(str::to_owned),
        created: millis(description.creation_timestamp()),
        f1: description
            .evaluation_result()
            .and_then(types::EvaluationResult::f1_score)
            .map(f64::from),
        source: description
            .source_project_version_arn()
            .and_then(|arn| arn.parse().ok()),
        output,
        kms_key: description.kms_key_id().map(str::to_owned),
    })
}

pub(crate) fn policy(policy: &types::ProjectPolicy) -> Option<ProjectPolicy> {
    let name = policy.policy_name().and_then(|name| name.parse().ok());
    let revision = policy
        .policy_revision_id()
        .and_then(|revision| revision.parse().ok());
    let (Some(name), Some(revision)) = (name, revision) else {
        tracing::warn!("a project policy without a readable name or revision is left out");
        return None;
    };
    Some(ProjectPolicy {
        name,
        revision,
        document: policy.policy_document().unwrap_or_default().to_owned(),
        created: millis(policy.creation_timestamp()),
        updated: millis(policy.last_updated_timestamp()),
    })
}
