//! The permissions that a copy needs beside the caller's own right to call it. They are asked at
//! the call and, under some assumptions, once more when the copy ends.

use crate::arn::{ProjectArn, ProjectVersionArn};
use crate::authorize::{Judge, Question};
use crate::caller::Caller;
use crate::state::State;
use crate::state::model::CopyTarget;
use domain::{AccountNumber, Millis, Region};
use iam::{NamedPolicy, ResourceRule};

/// Why bucket or key cannot be used.
pub(super) enum Unusable {
    /// No such thing here. Holds a sentence.
    Missing(String),
    /// It is there and switched off. Holds a sentence.
    Disabled(String),
    /// A permission is missing.
    Denied {
        action: &'static str,
        resource: String,
    },
}

/// Whether the source version may be copied by the caller: its own policies and, from another
/// account, also the source project's must allow. Within one account a project policy can only
/// refuse ("…it is optional; identity policy alone is enough").
pub(super) fn may_copy_source(
    state: &State,
    judge: &mut Judge<'_>,
    project: &ProjectArn,
    version: &ProjectVersionArn,
    now: Millis,
) -> bool {
    const ACTION: &str = "rekognition:CopyProjectVersion";
    let resource = version.to_string();
    let policies = state
        .project(project)
        .map_or(&[][..], |project| &project.policies);
    let policies = policies
        .iter()
        .map(|policy| NamedPolicy {
            name: &policy.name,
            document: &policy.document.document,
        })
        .collect();
    judge.allows(&Question {
        policies,
        tags: state.version(version, now).map(|version| &version.tags),
        ..Question::of_identity(ACTION, &resource, &version.account)
    })
}

/// Whether the caller can write the results to the bucket: it exists in this Region and
/// `s3:PutObject` is allowed on the summary that the copy will write. S3 is used with the caller's identity.
pub(super) fn check_bucket(
    state: &State,
    judge: &mut Judge<'_>,
    region: &Region,
    target: &CopyTarget,
) -> Result<(), Unusable> {
    const ACTION: &str = "s3:PutObject";
    let name = &target.bucket;
    let Some((owner, bucket)) = state.bucket(name) else {
        return Err(Unusable::Missing(format!(
            "The bucket {name} does not exist."
        )));
    };
    if bucket.region != *region {
        let place = &bucket.region;
        return Err(Unusable::Missing(format!(
            "The bucket {name} is in {place}, not in {region}."
        )));
    }
    let resource = format!("arn:aws:s3:::{name}/{}", target.summary);
    let policies = bucket.policy.iter().map(|policy| NamedPolicy {
        name,
        document: &policy.document,
    });
    let question = Question {
        policies: policies.collect(),
        ..Question::of_identity(ACTION, &resource, owner)
    };
    if judge.allows(&question) {
        Ok(())
    } else {
        Err(Unusable::Denied {
            action: ACTION,
            resource,
        })
    }
}

/// Whether the caller can encrypt with the key: it exists in this Region, is enabled, and its
/// policy and the caller's allow all that `CopyProjectVersion` documents for `KmsKeyId`.
pub(super) fn check_key(
    state: &State,
    judge: &mut Judge<'_>,
    caller: &Caller,
    region: &Region,
    reference: &str,
) -> Result<(), Unusable> {
    const ACTIONS: [&str; 4] = [
        "kms:CreateGrant",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
        "kms:Decrypt",
    ];
    key_allows(state, judge, (&caller.account, region), reference, &ACTIONS)
}

/// Whether the caller could read a source model that was trained with this key of `owner`.
pub(super) fn check_source_key(
    state: &State,
    judge: &mut Judge<'_>,
    owner: &AccountNumber,
    region: &Region,
    reference: &str,
) -> Result<(), Unusable> {
    key_allows(
        state,
        judge,
        (owner, region),
        reference,
        &["kms:DescribeKey", "kms:Decrypt"],
    )
}

/// A reference that names no account is looked for in the given one.
fn key_allows(
    state: &State,
    judge: &mut Judge<'_>,
    (account, region): (&AccountNumber, &Region),
    reference: &str,
    actions: &[&'static str],
) -> Result<(), Unusable> {
    let Some((owner, key)) = state.key(reference, account, region) else {
        return Err(Unusable::Missing(format!(
            "The KMS key {reference} does not exist."
        )));
    };
    let resource = key.arn(owner);
    if !key.enabled {
        return Err(Unusable::Disabled(format!(
            "The KMS key {resource} is disabled."
        )));
    }
    for action in actions {
        let question = Question {
            policies: vec![NamedPolicy {
                name: &key.id,
                document: &key.policy.document,
            }],
            rule: ResourceRule::ResourceMustAllow,
            ..Question::of_identity(action, &resource, owner)
        };
        if !judge.allows(&question) {
            return Err(Unusable::Denied { action, resource });
        }
    }
    Ok(())
}
