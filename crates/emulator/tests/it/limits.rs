//! Shapes, counts, pages and the quota of calls.

use crate::support::{
    Aws, DEV, PROD, REGION, code, demo, grant_document, output, role, start, start_world,
};
use serde_json::json;

#[tokio::test]
async fn every_member_of_a_copy_is_held_to_its_shape() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    let prod = aws.as_role(PROD, "promoter").await;
    let copy = || aws.copy(&prod, &source, "v7");
    let long = "x".repeat(256);
    let wrong = [
        (
            "source project",
            copy()
                .await
                .source_project_arn("arn:aws:rekognition:eu-west-1:1:project/x/1"),
        ),
        (
            "source version",
            copy()
                .await
                .source_project_version_arn("inspector/v7 of the source"),
        ),
        (
            "destination",
            copy().await.destination_project_arn(source.clone()),
        ),
        ("empty name", copy().await.version_name("")),
        ("long name", copy().await.version_name(&long)),
        ("name with a space", copy().await.version_name("v 7")),
        (
            "short bucket",
            copy().await.output_config(output("ab", "x")),
        ),
        (
            "bucket with a slash",
            copy().await.output_config(output("a/bc", "x")),
        ),
        (
            "long prefix",
            copy()
                .await
                .output_config(output("vision-prod-models", &"x".repeat(1025))),
        ),
        ("key", copy().await.kms_key_id("a b")),
        ("tag key", copy().await.tags("a<b", "x")),
        ("reserved tag key", copy().await.tags("aws:team", "x")),
        ("long tag value", copy().await.tags("team", "x".repeat(257))),
        (
            "201 tags",
            (0..201).fold(copy().await, |copy, n| copy.tags(format!("t{n}"), "x")),
        ),
    ];
    for (what, request) in wrong {
        let error = request.send().await.unwrap_err();
        assert_eq!(code(&error), "InvalidParameterException", "{what}");
        assert!(error.to_string().len() < 5000, "{what}");
    }
    let empty = aws_sdk_rekognition::types::OutputConfig::builder().build();
    let error = copy().await.output_config(empty).send().await.unwrap_err();
    assert_eq!(code(&error), "InvalidParameterException", "no bucket");
    let error = prod.copy_project_version().send().await.unwrap_err();
    assert_eq!(code(&error), "InvalidParameterException");
    let message = aws_sdk_rekognition::error::ProvideErrorMetadata::message(&error).unwrap();
    assert!(
        message.starts_with("5 validation errors detected: "),
        "{message}"
    );
}

#[tokio::test]
async fn too_many_results_have_an_error_of_their_own() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let reader = aws.as_role(DEV, "reader").await;
    for (size, expected) in [(0, "InvalidParameterException"), (6, "ValidationException")] {
        let error = reader
            .list_project_policies()
            .project_arn(&project)
            .max_results(size)
            .send()
            .await
            .unwrap_err();
        assert_eq!(code(&error), expected, "{size} policies");
    }
    for (size, expected) in [
        (0, "InvalidParameterException"),
        (101, "ValidationException"),
    ] {
        let error = reader
            .describe_projects()
            .max_results(size)
            .send()
            .await
            .unwrap_err();
        assert_eq!(code(&error), expected, "{size} projects");
    }
    let error = reader
        .describe_project_versions()
        .project_arn(&project)
        .set_version_names(Some((0..11).map(|n| format!("v{n}")).collect()))
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "InvalidParameterException", "eleven names");
}

#[tokio::test]
async fn lists_come_in_pages_and_in_order() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let reader = aws.as_role(DEV, "reader").await;
    let mut names = Vec::new();
    let mut pages = reader
        .describe_project_versions()
        .project_arn(&project)
        .into_paginator()
        .page_size(2)
        .send();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.project_version_descriptions().len() <= 2);
        names.extend(page.project_version_descriptions().iter().map(|version| {
            version
                .project_version_arn()
                .unwrap()
                .rsplit('/')
                .nth(1)
                .unwrap()
                .to_owned()
        }));
    }
    assert_eq!(names, ["v8", "v7", "v6", "v5", "v4"], "newest first");

    let first = reader
        .describe_projects()
        .max_results(1)
        .send()
        .await
        .unwrap();
    let token = first.next_token().unwrap();
    let error = reader
        .describe_project_versions()
        .project_arn(&project)
        .next_token(token)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        code(&error),
        "InvalidPaginationTokenException",
        "another list's token"
    );
}

#[tokio::test]
async fn projects_and_versions_are_filtered_by_name_and_region() {
    let aws = start().await;
    let reader = aws.as_role(DEV, "reader").await;
    let all = reader.describe_projects().send().await.unwrap();
    assert_eq!(all.project_descriptions().len(), 2, "those of this Region");
    let one = reader
        .describe_projects()
        .project_names("gauges")
        .send()
        .await
        .unwrap();
    assert_eq!(one.project_descriptions().len(), 1);
    let none = reader
        .describe_projects()
        .project_names("nothing")
        .send()
        .await
        .unwrap();
    assert!(none.project_descriptions().is_empty());
    let adapters = reader
        .describe_projects()
        .features(aws_sdk_rekognition::types::CustomizationFeature::ContentModeration)
        .send()
        .await
        .unwrap();
    assert!(adapters.project_descriptions().is_empty());
    let gone = format!("arn:aws:rekognition:{REGION}:{DEV}:project/inspector/1");
    let error = reader
        .describe_project_versions()
        .project_arn(gone)
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ResourceNotFoundException");
    let elsewhere = aws
        .project(DEV, "inspector")
        .await
        .replace(REGION, "us-east-1");
    let error = reader
        .describe_project_versions()
        .project_arn(elsewhere)
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ResourceNotFoundException");
}

#[tokio::test]
async fn a_project_holds_so_many_models_and_no_more() {
    let aws = start().await;
    aws.merge(json!({ "quotas": { "models_per_project": 2 } }))
        .await;
    aws.put_policy(&grant_document(&role(PROD, "promoter"), "*"))
        .await
        .unwrap();
    let source = aws.version(DEV, "inspector", "v7").await;
    let prod = aws.as_role(PROD, "promoter").await;
    aws.copy(&prod, &source, "second")
        .await
        .send()
        .await
        .unwrap();
    let error = aws
        .copy(&prod, &source, "third")
        .await
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ServiceQuotaExceededException");
}

/// Calls until one is refused; at most `most`.
async fn calls_until_refused(aws: &Aws, most: usize) -> (usize, String) {
    let reader = aws.as_role(DEV, "reader").await;
    for taken in 0..most {
        if let Err(error) = reader.describe_projects().send().await {
            return (taken, code(&error));
        }
    }
    (most, "none".to_owned())
}

#[tokio::test]
async fn calls_beyond_the_quota_are_refused_and_time_gives_them_back() {
    // A rate low enough that the calls of this test fall well within one second's share.
    let aws = start_world(&demo().replace("quota_tps = 0", "quota_tps = 1")).await;
    let (taken, error) = calls_until_refused(&aws, 50).await;
    assert!((1..50).contains(&taken), "{taken}");
    assert_eq!(error, "ProvisionedThroughputExceededException");
    aws.advance(2.0).await;
    aws.as_role(DEV, "reader")
        .await
        .describe_projects()
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn operations_that_are_not_there_are_told_from_those_that_never_were() {
    let aws = start().await;
    let reader = aws.as_role(DEV, "reader").await;
    let error = reader
        .delete_project()
        .project_arn(aws.project(DEV, "inspector").await)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 501);
    assert_eq!(code(&error), "NotEmulated");

    let answer = aws
        .http()
        .post(aws.url())
        .header("x-amz-target", "RekognitionService.Nothing")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.status().as_u16(),
        400,
        "unsigned requests hear about the signature first"
    );
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("MissingAuthenticationTokenException")
    );
}
