//! KMS keys as `DescribeKey` tells of them.

use crate::support::{Aws, DEV, PROD, PROD_KEY, REGION, allow, start};
use aws_sdk_kms::error::ProvideErrorMetadata as _;
use aws_sdk_kms::types::{KeyManagerType, KeyState, KeyUsageType};
use serde_json::json;

async fn owner(aws: &Aws, account: &str) -> aws_sdk_kms::Client {
    aws.kms_in(aws.user(account, allow(&["kms:*"], &["*"])).await, REGION)
}

/// The key's ARN and state, or status, code and message.
async fn describe(client: &aws_sdk_kms::Client, key: &str) -> Result<(String, KeyState), String> {
    match client.describe_key().key_id(key).send().await {
        Ok(answer) => {
            let key = answer.key_metadata().unwrap();
            let state = key.key_state().unwrap().clone();
            Ok((key.arn().unwrap().to_owned(), state))
        }
        Err(error) => {
            let status = error.raw_response().unwrap().status().as_u16();
            let (code, message) = (error.code().unwrap(), error.message().unwrap());
            Err(format!("{status} {code}: {message}"))
        }
    }
}

#[tokio::test]
async fn a_key_is_found_by_id_alias_and_arn() {
    let aws = start().await;
    let promoter = aws.kms_in(aws.session(PROD, "promoter").await, REGION);
    let arn = format!("arn:aws:kms:{REGION}:{PROD}:key/{PROD_KEY}");
    for reference in [
        PROD_KEY.to_owned(),
        arn.clone(),
        "alias/vision-prod-models".to_owned(),
        format!("arn:aws:kms:{REGION}:{PROD}:alias/vision-prod-models"),
    ] {
        let found = describe(&promoter, &reference).await.unwrap();
        assert_eq!(found, (arn.clone(), KeyState::Enabled), "{reference}");
    }
    let answer = promoter
        .describe_key()
        .key_id(PROD_KEY)
        .send()
        .await
        .unwrap();
    let key = answer.key_metadata().unwrap();
    assert_eq!(key.aws_account_id(), Some(PROD));
    assert_eq!(key.key_id(), PROD_KEY);
    assert!(key.enabled());
    assert_eq!(key.key_usage(), Some(&KeyUsageType::EncryptDecrypt));
    assert_eq!(key.key_manager(), Some(&KeyManagerType::Customer));
    let call = aws.last_call().await;
    assert_eq!(call["service"], "kms");
    assert_eq!(call["parameters"]["KeyId"], PROD_KEY);
    let reason = call["decisions"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("\"EncryptResults\""), "{reason}");
    assert!(
        reason.contains("resource policy"),
        "the key's own: {reason}"
    );
}

#[tokio::test]
async fn a_key_that_is_switched_off_is_described_as_such() {
    let aws = start().await;
    aws.merge(json!({ "account": [{ "id": PROD,
        "key": [{ "region": REGION, "id": PROD_KEY, "enabled": false }] }] }))
        .await;
    let prod = owner(&aws, PROD).await;
    let (_, state) = describe(&prod, PROD_KEY).await.unwrap();
    assert_eq!(state, KeyState::Disabled);
    let answer = prod.describe_key().key_id(PROD_KEY).send().await.unwrap();
    assert!(!answer.key_metadata().unwrap().enabled());
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let aws = start().await;
    let prod = owner(&aws, PROD).await;
    let cases = [
        (
            "0000-none".to_owned(),
            "400 NotFoundException: Key 'arn:aws:kms:eu-west-1:333333333333:key/0000-none' does not exist",
        ),
        (
            "alias/none".to_owned(),
            "400 NotFoundException: Alias arn:aws:kms:eu-west-1:333333333333:alias/none is not found.",
        ),
        (
            format!("arn:aws:kms:us-east-1:{PROD}:key/{PROD_KEY}"),
            "400 NotFoundException: Invalid arn us-east-1",
        ),
        (
            format!("arn:aws:kms:{REGION}:{DEV}:key/none"),
            "400 NotFoundException",
        ),
        (format!("arn:{PROD_KEY}"), "400 InvalidArnException"),
        ("arn:aws:s3:::bucket".to_owned(), "400 InvalidArnException"),
        ("x".repeat(2049), "400 ValidationException"),
    ];
    for (reference, expected) in cases {
        let answer = describe(&prod, &reference).await.unwrap_err();
        assert!(answer.starts_with(expected), "{reference}: {answer}");
    }
    let virginia = aws.kms_in(aws.user(PROD, allow(&["kms:*"], &["*"])).await, "us-east-1");
    let answer = describe(&virginia, PROD_KEY).await.unwrap_err();
    assert!(answer.starts_with("400 NotFoundException"), "{answer}");
}

#[tokio::test]
async fn both_the_keys_policy_and_the_callers_count() {
    let aws = start().await;
    let reader = aws.kms_in(aws.session(PROD, "reader").await, REGION);
    let answer = describe(&reader, PROD_KEY).await.unwrap_err();
    assert!(
        answer.starts_with("400 AccessDeniedException: User: "),
        "{answer}"
    );
    let reason = aws.last_reason().await;
    assert!(
        reason.contains("no identity policy allows kms:DescribeKey"),
        "{reason}"
    );

    let foreign = format!("arn:aws:kms:{REGION}:{PROD}:key/{PROD_KEY}");
    let dev = owner(&aws, DEV).await;
    let answer = describe(&dev, &foreign).await.unwrap_err();
    assert!(answer.starts_with("400 AccessDeniedException"), "{answer}");
    let reason = aws.last_reason().await;
    assert!(reason.contains("no resource policy allows"), "{reason}");
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{DEV}:root") },
                        "Action": "kms:DescribeKey", "Resource": "*" }],
    });
    aws.merge(json!({ "account": [{ "id": PROD,
        "key": [{ "region": REGION, "id": PROD_KEY, "policy": policy.to_string() }] }] }))
        .await;
    describe(&dev, &foreign).await.unwrap();
    let prod = owner(&aws, PROD).await;
    let answer = describe(&prod, PROD_KEY).await.unwrap_err();
    assert!(answer.starts_with("400 AccessDeniedException"), "{answer}");
}

#[tokio::test]
async fn what_it_does_not_play_is_refused_by_name() {
    let aws = start().await;
    let prod = owner(&aws, PROD).await;
    let tokens = prod.describe_key().key_id(PROD_KEY).grant_tokens("x");
    let error = tokens.send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 501);
    assert!(error.message().unwrap().contains("GrantTokens"));
    let error = prod.list_keys().send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 501);
    assert!(error.message().unwrap().contains("kms:ListKeys"));
}
