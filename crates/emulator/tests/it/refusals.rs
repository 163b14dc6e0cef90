//! What a copy is refused for. Each refusal leaves no version behind.

use crate::support::{
    Aws, DEV, PROD, PROD_KEY, REGION, STAGING, code, grant_document, output, role, start,
};
use serde_json::json;

/// Sends a copy of `source` that must be refused, and gives the error's code.
async fn refused(aws: &Aws, source: &str, name: &str) -> String {
    let prod = aws.as_role(PROD, "promoter").await;
    let error = aws
        .copy(&prod, source, name)
        .await
        .send()
        .await
        .unwrap_err();
    let raw = error.raw_response().unwrap().status().as_u16();
    assert_eq!(raw, 400, "Rekognition answers refusals with 400");
    code(&error)
}

async fn last_reason(aws: &Aws) -> String {
    let calls = aws.calls("CopyProjectVersion").await;
    let decisions = calls.last().unwrap()["decisions"]
        .as_array()
        .unwrap()
        .clone();
    decisions.last().unwrap()["reason"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn without_a_project_policy() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    assert_eq!(refused(&aws, &source, "v7").await, "AccessDeniedException");
    assert!(aws.described("v7").await.is_none());
    let reason = last_reason(&aws).await;
    assert!(reason.contains("no resource policy"), "{reason}");
}

#[tokio::test]
async fn with_a_policy_that_names_another_role() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.put_policy(&grant_document(&role(STAGING, "promoter"), &source))
        .await
        .unwrap();
    assert_eq!(refused(&aws, &source, "v7").await, "AccessDeniedException");
    let reason = last_reason(&aws).await;
    assert!(reason.contains("names other principals"), "{reason}");
}

#[tokio::test]
async fn with_a_policy_for_another_version() {
    let aws = start().await;
    let granted = aws.version(DEV, "inspector", "v6").await;
    aws.grant(&granted).await;
    let source = aws.version(DEV, "inspector", "v7").await;
    assert_eq!(refused(&aws, &source, "v7").await, "AccessDeniedException");
    let reason = last_reason(&aws).await;
    assert!(reason.contains("about other resources"), "{reason}");
}

#[tokio::test]
async fn with_a_grant_that_has_ended() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    let mut document: serde_json::Value =
        serde_json::from_str(&grant_document(&role(PROD, "promoter"), &source)).unwrap();
    let state = aws.get("state").await;
    let now = domain::Millis::new(state["time_ms"].as_i64().unwrap());
    let ends = now.plus(60_000).whole_second().to_string();
    document["Statement"][0]["Condition"] = json!({ "DateLessThan": { "aws:CurrentTime": ends } });
    aws.put_policy(&document.to_string()).await.unwrap();
    let prod = aws.as_role(PROD, "promoter").await;
    aws.copy(&prod, &source, "in-time")
        .await
        .send()
        .await
        .unwrap();
    aws.advance(61.0).await;
    assert_eq!(
        refused(&aws, &source, "late").await,
        "AccessDeniedException"
    );
}

#[tokio::test]
async fn from_another_region() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let credentials = aws.session(PROD, "promoter").await;
    let virginia = aws.rekognition_in(credentials, "us-east-1");
    let error = aws
        .copy(&virginia, &source, "v7")
        .await
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "InvalidParameterException");
}

#[tokio::test]
async fn under_a_name_that_is_taken() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    assert_eq!(refused(&aws, &source, "v6").await, "ResourceInUseException");
    let prod = aws.as_role(PROD, "promoter").await;
    aws.copy(&prod, &source, "v7").await.send().await.unwrap();
    assert_eq!(refused(&aws, &source, "v7").await, "ResourceInUseException");
    let calls = aws.calls("CopyProjectVersion").await;
    let executed = calls
        .iter()
        .filter(|call| call["outcome"]["executed"] == true)
        .count();
    assert_eq!(executed, 1, "the ledger shows one accepted copy");
}

#[tokio::test]
async fn of_a_version_that_is_not_ready_or_not_there() {
    let aws = start().await;
    aws.put_policy(&grant_document(&role(PROD, "promoter"), "*"))
        .await
        .unwrap();
    for name in ["v4", "v8"] {
        let source = aws.version(DEV, "inspector", name).await;
        assert_eq!(
            refused(&aws, &source, "new").await,
            "InvalidParameterException",
            "{name}"
        );
    }
    let gone = format!("arn:aws:rekognition:{REGION}:{DEV}:project/inspector/version/v9/1");
    assert_eq!(
        refused(&aws, &gone, "new").await,
        "ResourceNotFoundException"
    );
    let other = aws.version(DEV, "gauges", "v1").await;
    assert_eq!(
        refused(&aws, &other, "new").await,
        "InvalidParameterException",
        "a version of another project than the source project"
    );
}

#[tokio::test]
async fn into_places_that_are_not_the_callers() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let prod = aws.as_role(PROD, "promoter").await;
    let staging = aws.project(STAGING, "inspector").await;
    let error = aws
        .copy(&prod, &source, "v7")
        .await
        .destination_project_arn(staging)
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
    let gone = format!("arn:aws:rekognition:{REGION}:{PROD}:project/inspector/1");
    let error = aws
        .copy(&prod, &source, "v7")
        .await
        .destination_project_arn(gone)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        code(&error),
        "ResourceNotFoundException",
        "a wrong number in the ARN"
    );
}

#[tokio::test]
async fn with_an_output_or_a_key_that_cannot_be_used() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    aws.merge(json!({ "account": [{ "id": PROD, "key": [
        { "region": REGION, "id": "switched-off", "enabled": false },
        { "region": REGION, "id": "closed", "policy": json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": { "AWS": role(PROD, "reader") },
                            "Action": "kms:*", "Resource": "*" }],
        }).to_string() },
    ] }] }))
    .await;
    let prod = aws.as_role(PROD, "promoter").await;
    let cases = [
        ("no-such-bucket", None, "InvalidParameterException"),
        (
            "vision-prod-models-us-east-1",
            None,
            "InvalidParameterException",
        ),
        ("vision-dev-models", None, "AccessDeniedException"),
        (
            "vision-prod-models",
            Some("no-such-key"),
            "InvalidParameterException",
        ),
        (
            "vision-prod-models",
            Some("switched-off"),
            "AccessDeniedException",
        ),
        (
            "vision-prod-models",
            Some("closed"),
            "AccessDeniedException",
        ),
    ];
    for (bucket, key, expected) in cases {
        let error = aws
            .copy(&prod, &source, "v7")
            .await
            .output_config(output(bucket, "x"))
            .set_kms_key_id(key.map(str::to_owned))
            .send()
            .await
            .unwrap_err();
        assert_eq!(code(&error), expected, "{bucket} {key:?}");
    }
    let spellings = [
        PROD_KEY.to_owned(),
        format!("arn:aws:kms:{REGION}:{PROD}:key/{PROD_KEY}"),
        "alias/vision-prod-models".to_owned(),
        format!("arn:aws:kms:{REGION}:{PROD}:alias/vision-prod-models"),
        format!("arn:{PROD_KEY}"),
    ];
    for (number, key) in spellings.into_iter().enumerate() {
        let copy = aws
            .copy(&prod, &source, &format!("key-{number}"))
            .await
            .kms_key_id(&key);
        copy.send()
            .await
            .unwrap_or_else(|error| panic!("{key}: {error:?}"));
    }
}

#[tokio::test]
async fn beyond_what_a_narrowed_session_may() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let policy = |bucket: &str| {
        json!({
            "Version": "2012-10-17",
            "Statement": [
                { "Effect": "Allow", "Action": "rekognition:CopyProjectVersion", "Resource": "*" },
                { "Effect": "Allow", "Action": "s3:PutObject",
                  "Resource": format!("arn:aws:s3:::{bucket}/inspector/p1/*") },
            ],
        })
        .to_string()
    };
    for (bucket, allowed) in [("other", false), ("vision-prod-models", true)] {
        let credentials = aws
            .narrowed_session(PROD, "promoter", Some(&policy(bucket)))
            .await;
        let client = aws.rekognition(credentials);
        let result = aws.copy(&client, &source, "v7").await.send().await;
        assert_eq!(result.is_ok(), allowed, "session policy for {bucket}");
    }
}

#[tokio::test]
async fn by_roles_that_lack_the_action() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.put_policy(&grant_document("arn:aws:iam::333333333333:root", &source))
        .await
        .unwrap();
    let reader = aws.as_role(PROD, "reader").await;
    let error = aws
        .copy(&reader, &source, "v7")
        .await
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
    let project = aws.project(DEV, "inspector").await;
    let error = reader
        .list_project_policies()
        .project_arn(project)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        code(&error),
        "AccessDeniedException",
        "another account's project"
    );
}
