//! Versions that are deleted: from which states, how long it takes, and what it leaves.

use crate::support::{
    Aws, COPY_SECONDS, DEV, PROD, REGION, allow, code, output, start, start_assuming,
};
use aws_sdk_rekognition::error::ProvideErrorMetadata as _;
use aws_sdk_rekognition::types::ProjectVersionStatus::{
    self, CopyingCompleted, CopyingFailed, Deleting,
};
use serde_json::json;

/// A user of `account` that may do everything of Rekognition and Amazon S3.
async fn owner(aws: &Aws, account: &str) -> aws_sdk_rekognition::Client {
    let policy = allow(&["rekognition:*", "s3:*"], &["*"]);
    aws.rekognition(aws.user(account, policy).await)
}

async fn delete(
    client: &aws_sdk_rekognition::Client,
    arn: &str,
) -> Result<ProjectVersionStatus, String> {
    let request = client.delete_project_version().project_version_arn(arn);
    match request.send().await {
        Ok(answer) => Ok(answer.status().unwrap().clone()),
        Err(error) => {
            assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
            assert!(!error.message().unwrap().is_empty());
            Err(code(&error))
        }
    }
}

#[tokio::test]
async fn every_state_permits_it_or_refuses_it() {
    let aws = start().await;
    let states = [
        ("TRAINING_IN_PROGRESS", false),
        ("TRAINING_COMPLETED", true),
        ("TRAINING_FAILED", true),
        ("COPYING_IN_PROGRESS", false),
        ("COPYING_COMPLETED", true),
        ("COPYING_FAILED", true),
        ("STARTING", false),
        ("RUNNING", false),
        ("FAILED", true),
        ("STOPPING", false),
        ("STOPPED", true),
        ("DELETING", false),
        ("DEPRECATED", true),
        ("EXPIRED", true),
    ];
    let versions: Vec<_> = states
        .iter()
        .zip(1_656_611_123_456_u64..)
        .map(|((status, _), number)| {
            json!({ "name": status, "created_ms": number, "status": status })
        })
        .collect();
    aws.merge(json!({ "account": [{ "id": PROD, "project": [{
        "region": REGION, "name": "states", "created_ms": 1_656_565_123_456_u64, "version": versions,
    }] }] }))
    .await;
    let prod = owner(&aws, PROD).await;
    for (status, permitted) in states {
        let arn = aws.version(PROD, "states", status).await;
        let expected = if permitted {
            Ok(Deleting)
        } else {
            Err("ResourceInUseException".to_owned())
        };
        assert_eq!(delete(&prod, &arn).await, expected, "{status}");
    }
    aws.advance(3.0).await;
    let left = prod
        .describe_project_versions()
        .project_arn(aws.project(PROD, "states").await)
        .send()
        .await
        .unwrap();
    let refused = states.iter().filter(|(_, permitted)| !permitted).count();
    assert_eq!(left.project_version_descriptions().len(), refused);
}

#[tokio::test]
async fn it_takes_delete_seconds_and_holds_name_and_place_until_then() {
    let aws = start().await;
    aws.merge(json!({ "delete_seconds": 100.0, "quotas": { "models_per_project": 1 } }))
        .await;
    let prod = owner(&aws, PROD).await;
    let project = aws.project(PROD, "inspector").await;
    let source = aws.version(PROD, "gauges", "v1").await;
    let gauges = aws.project(PROD, "gauges").await;
    let copy = |name: &str| {
        prod.copy_project_version()
            .source_project_arn(&gauges)
            .source_project_version_arn(&source)
            .destination_project_arn(&project)
            .version_name(name)
            .output_config(output("vision-prod-models", "x"))
            .send()
    };
    let arn = aws.version(PROD, "inspector", "v6").await;
    assert_eq!(delete(&prod, &arn).await, Ok(Deleting));
    aws.advance(50.0).await;
    let seen = aws.described("v6").await.unwrap();
    assert_eq!(seen.status(), Some(&Deleting));
    assert_eq!(
        delete(&prod, &arn).await,
        Err("ResourceInUseException".to_owned())
    );
    let held = copy("v6").await.unwrap_err();
    assert_eq!(code(&held), "ResourceInUseException");
    let full = copy("v9").await.unwrap_err();
    assert_eq!(code(&full), "ServiceQuotaExceededException");

    aws.advance(51.0).await;
    assert!(aws.described("v6").await.is_none());
    assert_eq!(
        delete(&prod, &arn).await,
        Err("ResourceNotFoundException".to_owned())
    );
    let again = copy("v6").await.unwrap();
    assert_ne!(again.project_version_arn(), Some(arn.as_str()));
}

#[tokio::test]
async fn name_reusable_after_delete() {
    for (setting, expected) in [("true", "accepted"), ("false", "InvalidParameterException")] {
        let aws = start_assuming(&format!(
            "name_reusable_after_delete = {setting}\n\
             duplicate_version_name = \"InvalidParameterException\""
        ))
        .await;
        let prod = owner(&aws, PROD).await;
        let source = aws.version(PROD, "gauges", "v1").await;
        let arn = aws.version(PROD, "inspector", "v6").await;
        assert_eq!(delete(&prod, &arn).await, Ok(Deleting));
        aws.advance(3.0).await;
        let again = prod
            .copy_project_version()
            .source_project_arn(aws.project(PROD, "gauges").await)
            .source_project_version_arn(source)
            .destination_project_arn(aws.project(PROD, "inspector").await)
            .version_name("v6")
            .output_config(output("vision-prod-models", "x"))
            .send()
            .await;
        let outcome = again.map_or_else(|error| code(&error), |_| "accepted".to_owned());
        assert_eq!(outcome, expected, "{setting}");
    }
}

#[tokio::test]
async fn a_source_that_is_gone_before_the_copy_ends_fails_it() {
    for (delete_seconds, status) in [
        (COPY_SECONDS - 1.0, CopyingFailed),
        (COPY_SECONDS + 1.0, CopyingCompleted),
    ] {
        let aws = start().await;
        aws.merge(json!({ "delete_seconds": delete_seconds })).await;
        let source = aws.version(DEV, "inspector", "v7").await;
        aws.grant(&source).await;
        let prod = aws.as_role(PROD, "promoter").await;
        aws.copy(&prod, &source, "v7").await.send().await.unwrap();
        let dev = owner(&aws, DEV).await;
        assert_eq!(delete(&dev, &source).await, Ok(Deleting));
        let second = aws.copy(&prod, &source, "late").await.send().await;
        assert_eq!(
            code(&second.unwrap_err()),
            "InvalidParameterException",
            "a version that is being deleted cannot be copied"
        );
        // Both fall due in one step and happen in their own order.
        aws.advance(COPY_SECONDS + 10.0).await;
        let copy = aws.described("v7").await.unwrap();
        assert_eq!(copy.status(), Some(&status), "{delete_seconds}");
        if status == CopyingFailed {
            assert!(copy.status_message().unwrap().contains("deleted"));
        }
    }
}

#[tokio::test]
async fn a_failed_copy_keeps_its_message_and_its_name_until_it_is_deleted() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    aws.faults(json!([{ "operation": "CopyProjectVersion",
        "effect": { "kind": "copy_fails", "message": "The bucket went away." } }]))
        .await;
    let promoter = aws.as_role(PROD, "promoter").await;
    let copy = || async { aws.copy(&promoter, &source, "v7").await.send().await };
    let arn = copy().await.unwrap();
    let arn = arn.project_version_arn().unwrap();
    let prod = owner(&aws, PROD).await;
    assert_eq!(
        delete(&prod, arn).await,
        Err("ResourceInUseException".to_owned()),
        "while it is being copied"
    );
    aws.advance(COPY_SECONDS + 1.0).await;
    let failed = aws.described("v7").await.unwrap();
    assert_eq!(failed.status(), Some(&CopyingFailed));
    assert_eq!(failed.status_message(), Some("The bucket went away."));
    assert_eq!(code(&copy().await.unwrap_err()), "ResourceInUseException");
    assert_eq!(delete(&prod, arn).await, Ok(Deleting));
    aws.advance(3.0).await;
    copy().await.unwrap();
}

#[tokio::test]
async fn only_the_versions_own_account_deletes_it() {
    let aws = start().await;
    let arn = aws.version(PROD, "inspector", "v6").await;
    let reader = aws.as_role(PROD, "reader").await;
    let denied = Err("AccessDeniedException".to_owned());
    assert_eq!(delete(&reader, &arn).await, denied);
    let dev = owner(&aws, DEV).await;
    assert_eq!(delete(&dev, &arn).await, denied);
    let reason = aws.last_reason().await;
    assert!(reason.contains("no resource policy allows"), "{reason}");

    let prod = owner(&aws, PROD).await;
    let wrong_number = format!("{arn}0");
    let elsewhere = arn.replace(REGION, "us-east-1");
    let other_partition = arn.replace("arn:aws:", "arn:aws-cn:");
    for gone in [wrong_number, elsewhere, other_partition] {
        assert_eq!(
            delete(&prod, &gone).await,
            Err("ResourceNotFoundException".to_owned()),
            "{gone}"
        );
    }
    for wrong in ["", "v6", "arn:aws:rekognition:eu-west-1:1:project/x/1"] {
        assert_eq!(
            delete(&prod, wrong).await,
            Err("InvalidParameterException".to_owned()),
            "{wrong}"
        );
    }
}
