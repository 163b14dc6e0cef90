//! From the SDK's types to those of the port. What cannot be read is none and is logged; every
//! text is cut to a length, since an endpoint may answer with anything.

use crate::trace::clipped;
use aws_sdk_rekognition::types;
use aws_smithy_types::DateTime;
use domain::{Millis, VersionStatus};
use operations::ports::aws::{ProjectDescription, ProjectPolicy, VersionDescription};
use std::collections::{BTreeMap, HashMap};

/// Longest word of a status; AWS's own have at most 20 characters.
const LONGEST_STATUS: usize = 64;
/// Longest message about a status. AWS gives no limit.
const LONGEST_MESSAGE: usize = 1000;
/// `S3Bucket`, `S3KeyPrefix` and `KmsKeyId` of the Rekognition API model.
const LONGEST_BUCKET: usize = 255;
const LONGEST_PREFIX: usize = 1024;
const LONGEST_KEY: usize = 2048;
/// Five times what AWS takes. A document that is cut is no JSON any more, so nobody mistakes it for
/// a whole one.
const LONGEST_DOCUMENT: usize = 10_000;
/// `TagMap` takes 200; AWS's own tags may come on top.
const MOST_TAGS: usize = 300;
const LONGEST_TAG_KEY: usize = 128;
const LONGEST_TAG_VALUE: usize = 256;

fn millis(date: Option<&DateTime>) -> Option<Millis> {
    date.and_then(|date| date.to_millis().ok()).map(Millis::new)
}

pub(crate) fn project(description: &types::ProjectDescription) -> Option<ProjectDescription> {
    let Some(arn) = description.project_arn().and_then(|arn| arn.parse().ok()) else {
        tracing::warn!("a project has no readable ARN");
        return None;
    };
    Some(ProjectDescription {
        arn,
        status: description.status().map_or_else(String::new, |status| {
            clipped(status.as_str(), LONGEST_STATUS)
        }),
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
        tracing::warn!("a model version has no readable ARN");
        return None;
    };
    let status = description.status().map_or("", |status| status.as_str());
    let output = description.output_config().map(|output| {
        let text = |part: Option<&str>, longest| clipped(part.unwrap_or_default(), longest);
        (
            text(output.s3_bucket(), LONGEST_BUCKET),
            text(output.s3_key_prefix(), LONGEST_PREFIX),
        )
    });
    Some(VersionDescription {
        arn,
        status: VersionStatus::from(clipped(status, LONGEST_STATUS)),
        status_message: description
            .status_message()
            .map(|message| clipped(message, LONGEST_MESSAGE)),
        created: millis(description.creation_timestamp()),
        f1: description
            .evaluation_result()
            .and_then(types::EvaluationResult::f1_score)
            .map(f64::from)
            .filter(|score| (0.0..=1.0).contains(score)),
        source: description
            .source_project_version_arn()
            .and_then(|arn| arn.parse().ok()),
        output,
        kms_key: description
            .kms_key_id()
            .map(|key| clipped(key, LONGEST_KEY)),
    })
}

pub(crate) fn policy(policy: &types::ProjectPolicy) -> Option<ProjectPolicy> {
    let name = policy.policy_name().and_then(|name| name.parse().ok());
    let revision = policy
        .policy_revision_id()
        .and_then(|revision| revision.parse().ok());
    let (Some(name), Some(revision)) = (name, revision) else {
        tracing::warn!("a project policy has no readable name or revision");
        return None;
    };
    Some(ProjectPolicy {
        name,
        revision,
        document: clipped(
            policy.policy_document().unwrap_or_default(),
            LONGEST_DOCUMENT,
        ),
        created: millis(policy.creation_timestamp()),
        updated: millis(policy.last_updated_timestamp()),
    })
}

/// The first [`MOST_TAGS`] in the order of their keys.
pub(crate) fn tags(tags: HashMap<String, String>) -> BTreeMap<String, String> {
    let mut tags: BTreeMap<_, _> = tags
        .into_iter()
        .map(|(key, value)| {
            (
                clipped(&key, LONGEST_TAG_KEY),
                clipped(&value, LONGEST_TAG_VALUE),
            )
        })
        .collect();
    while tags.len() > MOST_TAGS {
        tags.pop_last();
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str = "arn:aws:rekognition:eu-west-1:111122223333:project/inspector";

    fn described() -> types::builders::ProjectVersionDescriptionBuilder {
        types::ProjectVersionDescription::builder()
            .project_version_arn(format!("{PROJECT}/version/v7/1656611123456"))
    }

    #[test]
    fn every_text_has_a_longest_length() {
        let long = "\u{e4}".repeat(100_000);
        let output = types::OutputConfig::builder()
            .s3_bucket(&long)
            .s3_key_prefix(&long)
            .build();
        let read = version(
            &described()
                .status(long.as_str().into())
                .status_message(&long)
                .kms_key_id(&long)
                .output_config(output)
                .build(),
        )
        .unwrap();
        let characters = |text: &str| text.chars().count();
        let (bucket, prefix) = read.output.unwrap();
        assert_eq!(characters(read.status.as_str()), 64);
        assert_eq!(characters(&read.status_message.unwrap()), 1000);
        assert_eq!(characters(&read.kms_key.unwrap()), 2048);
        assert_eq!((characters(&bucket), characters(&prefix)), (255, 1024));

        let read = project(
            &types::ProjectDescription::builder()
                .project_arn(format!("{PROJECT}/1"))
                .status(long.as_str().into())
                .build(),
        );
        assert_eq!(characters(&read.unwrap().status), 64);

        let read = policy(
            &types::ProjectPolicy::builder()
                .policy_name("p")
                .policy_revision_id("0a")
                .policy_document(&long)
                .build(),
        );
        assert_eq!(characters(&read.unwrap().document), 10_000);

        let many = (0..1000)
            .map(|n| (format!("{n}{}", &long[..400]), long[..800].to_owned()))
            .collect();
        let read = tags(many);
        assert_eq!(read.len(), 300);
        assert!(
            read.iter()
                .all(|(key, value)| characters(key) <= 128 && characters(value) <= 256)
        );
    }

    #[test]
    fn no_text_holds_what_postgresql_cannot_store() {
        let output = types::OutputConfig::builder()
            .s3_bucket("b\0")
            .s3_key_prefix("p\0")
            .build();
        let read = version(
            &described()
                .status("S\0".into())
                .status_message("m\0m")
                .kms_key_id("k\0")
                .output_config(output)
                .build(),
        )
        .unwrap();
        assert_eq!(read.status_message.as_deref(), Some("m\u{fffd}m"));
        let tags = tags([("k\0".to_owned(), "v\0".to_owned())].into());
        let document = types::ProjectPolicy::builder()
            .policy_name("p")
            .policy_revision_id("0a")
            .policy_document("{\0}")
            .build();
        let document = policy(&document).unwrap().document;
        let all = format!("{read:?} {tags:?} {document:?}");
        assert!(!all.contains("\\0"), "{all}");
        for nul in ["name\0", "\0"] {
            let nameless = types::ProjectPolicy::builder()
                .policy_name(nul)
                .policy_revision_id("0a");
            assert!(policy(&nameless.build()).is_none(), "no name holds one");
            let arn = format!("{PROJECT}{nul}/1");
            let project_of = types::ProjectDescription::builder().project_arn(arn);
            assert!(project(&project_of.build()).is_none(), "no ARN holds one");
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert!(project(&types::ProjectDescription::builder().build()).is_none());
        assert!(version(&types::ProjectVersionDescription::builder().build()).is_none());
        let nameless = types::ProjectPolicy::builder().policy_revision_id("0a");
        assert!(policy(&nameless.build()).is_none());
        for (score, read) in [
            (0.5, Some(0.5)),
            (f32::NAN, None),
            (f32::INFINITY, None),
            (-1.0, None),
        ] {
            let result = types::EvaluationResult::builder().f1_score(score).build();
            let version = version(&described().evaluation_result(result).build());
            assert_eq!(version.unwrap().f1, read, "{score}");
        }
    }
}
