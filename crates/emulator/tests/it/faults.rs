//! Calls that go wrong on request.

use crate::support::{COPY_SECONDS, DEV, PROD, code, home, start};
use aws_sdk_rekognition::error::SdkError;
use aws_sdk_rekognition::types::ProjectVersionStatus::CopyingFailed;
use aws_sdk_sts::error::ProvideErrorMetadata;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn errors_come_under_each_services_names() {
    let aws = start().await;
    let reader = aws.as_role(DEV, "reader").await;
    for (kind, name, status) in [
        ("throttle", "ThrottlingException", 500),
        ("internal_error", "InternalServerError", 500),
        ("expired_credentials", "ExpiredTokenException", 400),
    ] {
        aws.faults(json!([{ "operation": "DescribeProjects", "effect": { "kind": kind } }]))
            .await;
        let error = reader.describe_projects().send().await.unwrap_err();
        assert_eq!(
            error.raw_response().unwrap().status().as_u16(),
            status,
            "{kind}"
        );
        assert_eq!(code(&error), name, "{kind}");
        reader.describe_projects().send().await.unwrap();
    }
    for (kind, name) in [
        ("throttle", "Throttling"),
        ("internal_error", "InternalFailure"),
        ("expired_credentials", "ExpiredToken"),
    ] {
        aws.faults(json!([{ "effect": { "kind": kind } }])).await;
        let error = aws
            .sts(home())
            .get_caller_identity()
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some(name), "{kind}");
    }
}

#[tokio::test]
async fn a_reset_leaves_the_call_undone_or_done() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let prod = aws.as_role(PROD, "promoter").await;
    for (kind, done) in [("reset_before", false), ("reset_after", true)] {
        aws.faults(json!([{ "operation": "CopyProjectVersion", "account": PROD, "effect": { "kind": kind } }]))
            .await;
        let error = aws
            .copy(&prod, &source, "v7")
            .await
            .send()
            .await
            .unwrap_err();
        assert!(
            matches!(error, SdkError::DispatchFailure(_)),
            "{kind}: {error:?}"
        );
        assert_eq!(aws.described("v7").await.is_some(), done, "{kind}");
        let calls = aws.calls("CopyProjectVersion").await;
        let outcome = &calls.last().unwrap()["outcome"];
        assert_eq!(outcome["executed"], done, "{kind}");
        assert_eq!(outcome["answered"], false, "{kind}");
        assert_eq!(outcome["status"] == 200, done, "{kind}");
        assert_eq!(calls.last().unwrap()["fault"], kind);
    }
}

#[tokio::test]
async fn a_garbled_answer_hides_what_was_done() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let prod = aws.as_role(PROD, "promoter").await;
    aws.faults(
        json!([{ "operation": "CopyProjectVersion", "effect": { "kind": "garbage_body" } }]),
    )
    .await;
    let error = aws
        .copy(&prod, &source, "v7")
        .await
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "no code", "{error:?}");
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 200);
    assert!(aws.described("v7").await.is_some());
}

#[tokio::test]
async fn a_delayed_call_is_carried_out_after_its_wait() {
    let aws = start().await;
    aws.faults(json!([{ "effect": { "kind": "delay", "milliseconds": 300 } }]))
        .await;
    let before = Instant::now();
    aws.sts(home()).get_caller_identity().send().await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_copy_can_be_made_to_fail_later() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let prod = aws.as_role(PROD, "promoter").await;
    let message = "Amazon Rekognition ran out of <patience>.";
    aws.faults(json!([{ "operation": "CopyProjectVersion", "effect": { "kind": "copy_fails", "message": message } }]))
        .await;
    aws.copy(&prod, &source, "v7").await.send().await.unwrap();
    aws.advance(COPY_SECONDS + 1.0).await;
    let failed = aws.described("v7").await.unwrap();
    assert_eq!(failed.status(), Some(&CopyingFailed));
    assert_eq!(failed.status_message(), Some(message));
    let error = aws
        .copy(&prod, &source, "v7")
        .await
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        code(&error),
        "ResourceInUseException",
        "a failed copy holds its name"
    );
}
