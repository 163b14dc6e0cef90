//! Shapes of members, and operations that are not there.

use crate::support::{DEV, PROD, code, output, start};

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
