//! Whether a bucket is there.

use crate::support::{DEV, PROD, home, role, start};
use aws_sdk_s3::error::SdkError;
use serde_json::json;

#[tokio::test]
async fn a_bucket_tells_its_region_to_whoever_may_list_it() {
    let aws = start().await;
    let client = aws.s3(aws.session(PROD, "promoter").await);
    let answer = client
        .head_bucket()
        .bucket("vision-prod-models")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.bucket_region(), Some("eu-west-1"));
}

#[tokio::test]
async fn refusals_have_a_status_and_no_body() {
    let aws = start().await;
    let client = aws.s3(aws.session(PROD, "promoter").await);
    let cases = [
        ("no-such-bucket", 404, None),
        ("vision-dev-models", 403, Some("eu-west-1")),
        ("vision-prod-models-us-east-1", 301, Some("us-east-1")),
    ];
    for (bucket, status, region) in cases {
        let error = client
            .head_bucket()
            .bucket(bucket)
            .send()
            .await
            .unwrap_err();
        let response = error.raw_response().unwrap();
        assert_eq!(response.status().as_u16(), status, "{bucket}");
        assert_eq!(
            response.headers().get("x-amz-bucket-region"),
            region,
            "{bucket}"
        );
        assert_eq!(response.body().bytes(), Some(&b""[..]), "{bucket}");
    }
    let wrong = aws.s3(crate::support::home_with(
        "another-secret-of-sufficient-length-00000",
    ));
    let error = wrong
        .head_bucket()
        .bucket("vision-prod-models")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 403);
}

#[tokio::test]
async fn a_bucket_policy_opens_a_bucket_to_another_account() {
    let aws = start().await;
    aws.merge(json!({ "account": [
        { "id": DEV, "bucket": [{ "name": "vision-dev-models", "policy": json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": { "AWS": role(PROD, "promoter") },
                            "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::vision-dev-models" }],
        }).to_string() }] },
        { "id": PROD, "role": [{ "name": "customhouse-promoter", "policy": json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::vision-dev-models" }],
        }).to_string() }] },
    ] }))
    .await;
    let client = aws.s3(aws.session(PROD, "promoter").await);
    client
        .head_bucket()
        .bucket("vision-dev-models")
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn other_operations_say_that_the_emulator_does_not_have_them() {
    let aws = start().await;
    let error = aws.s3(home()).list_buckets().send().await.unwrap_err();
    let SdkError::ServiceError(error) = error else {
        panic!("a service error: {error:?}")
    };
    assert_eq!(error.raw().status().as_u16(), 501);
    let text = String::from_utf8_lossy(error.raw().body().bytes().unwrap()).into_owned();
    assert!(text.contains("<Code>NotEmulated</Code>"), "{text}");
    assert!(text.contains("`aws-emulator operations`"), "{text}");
    assert_eq!(
        aws.last_call().await["parameters"],
        json!({ "Method": "GET", "Path": "/", "Query": "x-id" })
    );
}

#[tokio::test]
async fn ids_of_requests_have_the_shape_that_amazon_s3_gives_them() {
    let aws = start().await;
    let client = aws.s3(aws.session(PROD, "promoter").await);
    let get = client.get_object().bucket("no-such-bucket").key("x");
    let error = get.send().await.unwrap_err();
    let answer = error.raw_response().unwrap();
    let id = answer.headers().get("x-amz-request-id").unwrap();
    assert_eq!(id.len(), 16);
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    assert!(id.bytes().all(upper), "{id}");
    let host = answer.headers().get("x-amz-id-2").unwrap();
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    assert!(host.len() == 64 && host.bytes().all(base64), "{host}");
    assert!(host.bytes().any(|byte| byte.is_ascii_uppercase()), "{host}");
    let body = String::from_utf8_lossy(answer.body().bytes().unwrap()).into_owned();
    for element in [
        format!("<RequestId>{id}</RequestId>"),
        format!("<HostId>{host}</HostId>"),
    ] {
        assert!(body.contains(&element), "{body}");
    }
    assert_eq!(aws.last_call().await["request_id"], id);
}
