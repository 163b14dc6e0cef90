//! `DescribeProjectVersions`: the versions of one project, newest first.

use super::input::Input;
use super::operation::Operation;
use super::page::{Paging, page};
use super::shape::{NAME, PAGINATION_TOKEN, PROJECT_ARN};
use super::{Call, wire};
use crate::error::ApiError;
use crate::state::model::{Project, Version};
use crate::world::file::OutputFile;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(body);
    let arn = input.text("ProjectArn", &PROJECT_ARN);
    let names = input.optional_texts("VersionNames", &NAME, 1..=10);
    let token = input.optional_text("NextToken", &PAGINATION_TOKEN);
    let most = input.max_results(100);
    input.finish(call.settings.assumptions.shape_violation)?;
    let arn = call.own_project(&Operation::DescribeProjectVersions.action(), &arn)?;

    let Some(project) = call.state.project(&arn) else {
        return Ok(json!({}));
    };
    let versions: Vec<&Version> = project
        .versions
        .iter()
        .filter(|version| version.visible(call.now))
        .filter(|version| {
            names
                .as_ref()
                .is_none_or(|names| names.contains(&version.name))
        })
        .collect();
    let paging = Paging {
        key: call.token_key,
        list: call.list_name(
            Operation::DescribeProjectVersions,
            &format!("{arn} {names:?}"),
        ),
        most,
        token,
    };
    let position = |version: &&Version| (-version.created.get(), version.name.clone());
    let (versions, token) = page(versions, position, &paging)?;
    let descriptions: Vec<Value> = versions
        .into_iter()
        .map(|version| describe(project, version))
        .collect();
    Ok(wire::object([
        ("ProjectVersionDescriptions", Some(json!(descriptions))),
        ("NextToken", token.map(Value::from)),
    ]))
}

fn describe(project: &Project, version: &Version) -> Value {
    let details = &version.details;
    wire::object([
        (
            "ProjectVersionArn",
            Some(json!(project.version_arn(version).to_string())),
        ),
        ("CreationTimestamp", Some(wire::timestamp(version.created))),
        ("Status", Some(json!(version.status))),
        (
            "StatusMessage",
            version.status_message.as_ref().map(|text| json!(text)),
        ),
        (
            "BillableTrainingTimeInSeconds",
            details.training_seconds.map(|seconds| json!(seconds)),
        ),
        (
            "TrainingEndTimestamp",
            details.training_ended.map(wire::timestamp),
        ),
        (
            "EvaluationResult",
            details.f1.map(|f1| evaluation(project, version, f1)),
        ),
        ("OutputConfig", version.output.as_ref().map(output)),
        ("KmsKeyId", version.kms_key.as_ref().map(|key| json!(key))),
        (
            "SourceProjectVersionArn",
            version.source_version_arn.as_ref().map(|arn| json!(arn)),
        ),
        (
            "VersionDescription",
            details.description.as_ref().map(|text| json!(text)),
        ),
        ("Feature", Some(json!("CUSTOM_LABELS"))),
    ])
}

fn evaluation(project: &Project, version: &Version, f1: f64) -> Value {
    let place = version.details.summary.as_ref();
    let summary = place
        .zip(version.summary_name(project))
        .map(|(place, name)| json!({ "S3Object": { "Bucket": place.bucket, "Name": name } }));
    wire::object([("F1Score", Some(json!(f1))), ("Summary", summary)])
}

fn output(place: &OutputFile) -> Value {
    json!({ "S3Bucket": place.bucket, "S3KeyPrefix": place.prefix })
}
