//! The evaluation summaries that lie in buckets.

use crate::support::{Aws, COPY_SECONDS, DEV, PROD, PROD_KEY, REGION, allow, start};
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::types::ServerSideEncryption;
use serde_json::{Value, json};

const DEV_BUCKET: &str = "vision-dev-models";
const DEV_OBJECT: &str = "inspector/v7/EvaluationResultSummary-inspector-v7.json";

/// The object's JSON, or status and code of the refusal.
async fn read(client: &aws_sdk_s3::Client, bucket: &str, key: &str) -> Result<Value, String> {
    match client.get_object().bucket(bucket).key(key).send().await {
        Ok(answer) => {
            let bytes = answer.body.collect().await.unwrap().into_bytes();
            Ok(serde_json::from_slice(&bytes).unwrap())
        }
        Err(error) => {
            let status = error.raw_response().unwrap().status().as_u16();
            Err(format!("{status} {}", error.code().unwrap_or_default()))
        }
    }
}

async fn as_user(aws: &Aws, account: &str, policy: Value) -> aws_sdk_s3::Client {
    aws.s3(aws.user(account, policy).await)
}

#[tokio::test]
async fn a_summary_lies_where_the_description_says_and_has_awss_shape() {
    let aws = start().await;
    let described = aws
        .as_role(DEV, "reader")
        .await
        .describe_project_versions()
        .project_arn(aws.project(DEV, "inspector").await)
        .version_names("v7")
        .send()
        .await
        .unwrap();
    let version = &described.project_version_descriptions()[0];
    let place = version.evaluation_result().unwrap().summary().unwrap();
    let place = place.s3_object().unwrap();
    assert_eq!(place.bucket(), Some(DEV_BUCKET));
    assert_eq!(place.name(), Some(DEV_OBJECT));

    let reader = aws.s3(aws.session(DEV, "reader").await);
    let summary = read(&reader, DEV_BUCKET, DEV_OBJECT).await.unwrap();
    assert_eq!(summary["Version"], 1);
    let whole = &summary["AggregatedEvaluationResults"];
    assert_eq!(whole["F1Score"], 0.931);
    let mean = (0.951 + 0.936 + 0.921) / 3.0;
    assert!((whole["Precision"].as_f64().unwrap() - mean).abs() < 1e-9);
    let details = &summary["EvaluationDetails"];
    let arn = aws.version(DEV, "inspector", "v7").await;
    assert_eq!(details["ProjectVersionArn"], arn.as_str());
    assert_eq!(details["Labels"], json!(["scratch", "dent", "stain"]));
    assert_eq!(details["EvaluationEndTimestamp"], "2026-06-01T10:55:00");
    let labels = summary["LabelEvaluationResults"].as_array().unwrap();
    assert_eq!(labels.len(), 3);
    assert_eq!(labels[0]["Label"], "scratch");
    assert_eq!(
        labels[0]["Metrics"],
        json!({ "F1Score": 0.936, "Precision": 0.951, "Recall": 0.921, "Threshold": 0.5 })
    );

    let call = aws.last_call().await;
    assert_eq!(call["operation"], "GetObject");
    assert_eq!(call["parameters"]["Key"], DEV_OBJECT);
    let reason = call["decisions"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("\"ReadEvaluations\""), "{reason}");
}

#[tokio::test]
async fn refusals_tell_a_missing_object_only_to_whoever_may_list() {
    let aws = start().await;
    let all = format!("arn:aws:s3:::{DEV_BUCKET}/*");
    let bucket = format!("arn:aws:s3:::{DEV_BUCKET}");
    let reads = as_user(&aws, DEV, allow(&["s3:GetObject"], &[&all])).await;
    assert!(read(&reads, DEV_BUCKET, DEV_OBJECT).await.is_ok());
    let denied = Err("403 AccessDenied".to_owned());
    assert_eq!(read(&reads, DEV_BUCKET, "nothing").await, denied);
    let reason = aws.last_reason().await;
    assert!(reason.contains("s3:ListBucket"), "{reason}");

    let lists = as_user(&aws, DEV, allow(&["s3:*"], &[&all, &bucket])).await;
    for key in [
        "nothing",
        // A version that is still training, and one whose training failed.
        "inspector/v8/EvaluationResultSummary-inspector-v8.json",
        "inspector/v4/EvaluationResultSummary-inspector-v4.json",
    ] {
        let answer = read(&lists, DEV_BUCKET, key).await;
        assert_eq!(answer, Err("404 NoSuchKey".to_owned()), "{key}");
    }

    let none = as_user(&aws, DEV, allow(&["s3:ListBucket"], &[&bucket])).await;
    assert_eq!(read(&none, DEV_BUCKET, DEV_OBJECT).await, denied);
    let reason = aws.last_reason().await;
    assert!(reason.contains("s3:GetObject"), "{reason}");

    let elsewhere = read(&lists, "vision-dev-models-us-east-1", "x").await;
    assert_eq!(elsewhere, Err("301 PermanentRedirect".to_owned()));
    let nowhere = read(&lists, "no-such-bucket", "x").await;
    assert_eq!(nowhere, Err("404 NoSuchBucket".to_owned()));
}

#[tokio::test]
async fn an_owner_that_is_not_the_expected_one_is_refused() {
    let aws = start().await;
    let client = as_user(&aws, DEV, allow(&["s3:*"], &["*"])).await;
    for (owner, expected) in [(DEV, 200), (PROD, 403)] {
        let head = client.head_bucket().bucket(DEV_BUCKET);
        let head = head.expected_bucket_owner(owner).send().await;
        let get = client.get_object().bucket(DEV_BUCKET).key(DEV_OBJECT);
        let get = get.expected_bucket_owner(owner).send().await;
        let head = head.map_or_else(
            |error| error.raw_response().unwrap().status().as_u16(),
            |_| 200,
        );
        let get = get.map_or_else(
            |error| error.raw_response().unwrap().status().as_u16(),
            |_| 200,
        );
        assert_eq!((head, get), (expected, expected));
    }
    let reason = aws.last_reason().await;
    assert!(reason.contains(PROD) && reason.contains(DEV), "{reason}");
}

#[tokio::test]
async fn a_bucket_policy_opens_an_object_to_another_account() {
    let aws = start().await;
    let prod = as_user(&aws, PROD, allow(&["s3:GetObject"], &["*"])).await;
    let denied = Err("403 AccessDenied".to_owned());
    assert_eq!(read(&prod, DEV_BUCKET, DEV_OBJECT).await, denied);
    let reason = aws.last_reason().await;
    assert!(reason.contains("no resource policy allows"), "{reason}");
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "Open", "Effect": "Allow", "Action": "s3:GetObject",
            "Principal": { "AWS": format!("arn:aws:iam::{PROD}:user/tester") },
            "Resource": format!("arn:aws:s3:::{DEV_BUCKET}/*") }],
    });
    aws.merge(json!({ "account": [{ "id": DEV,
        "bucket": [{ "name": DEV_BUCKET, "policy": policy.to_string() }] }] }))
        .await;
    assert!(read(&prod, DEV_BUCKET, DEV_OBJECT).await.is_ok());
}

#[tokio::test]
async fn a_copy_writes_its_own_summary_which_outlives_the_version() {
    const KEY: &str = "inspector/p1/EvaluationResultSummary-inspector-v7.json";
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let promoter = aws.as_role(PROD, "promoter").await;
    let copy = aws.copy(&promoter, &source, "v7").await;
    let copy = copy.kms_key_id(PROD_KEY).send().await.unwrap();
    let policy = allow(&["s3:*", "kms:Decrypt", "rekognition:*"], &["*"]);
    let user = aws.user(PROD, policy).await;
    let prod = aws.s3(user.clone());
    let missing = Err("404 NoSuchKey".to_owned());
    assert_eq!(read(&prod, "vision-prod-models", KEY).await, missing);
    aws.advance(COPY_SECONDS + 1.0).await;
    let summary = read(&prod, "vision-prod-models", KEY).await.unwrap();
    assert_eq!(
        summary["EvaluationDetails"]["ProjectVersionArn"],
        source.as_str(),
        "the version that was trained"
    );
    assert_eq!(
        summary["LabelEvaluationResults"].as_array().unwrap().len(),
        3
    );
    let answer = prod.get_object().bucket("vision-prod-models").key(KEY);
    let answer = answer.send().await.unwrap();
    assert_eq!(
        answer.server_side_encryption(),
        Some(&ServerSideEncryption::AwsKms)
    );
    let key_arn = format!("arn:aws:kms:{REGION}:{PROD}:key/{PROD_KEY}");
    assert_eq!(answer.ssekms_key_id(), Some(key_arn.as_str()));

    let delete = aws.rekognition(user).delete_project_version();
    let delete = delete.project_version_arn(copy.project_version_arn().unwrap());
    delete.send().await.unwrap();
    aws.advance(3.0).await;
    assert!(aws.described("v7").await.is_none());
    assert!(read(&prod, "vision-prod-models", KEY).await.is_ok());
}

#[tokio::test]
async fn a_copy_needs_the_right_to_write_exactly_what_it_writes() {
    const BUCKET: &str = "vision-prod-models";
    const KEY: &str = "inspector/p1/EvaluationResultSummary-inspector-v7.json";
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let other = "inspector/p1/EvaluationResultSummary.json";
    for (key, allowed) in [(other, false), (KEY, true)] {
        let object = format!("arn:aws:s3:::{BUCKET}/{key}");
        let mut policy = allow(&["rekognition:CopyProjectVersion"], &["*"]);
        let statements = policy["Statement"].as_array_mut().unwrap();
        statements.push(json!({ "Effect": "Allow", "Action": "s3:PutObject", "Resource": object }));
        let policy = policy.to_string();
        let session = aws.narrowed_session(PROD, "promoter", Some(&policy));
        let promoter = aws.rekognition(session.await);
        let copy = aws.copy(&promoter, &source, "v7").await.send().await;
        assert_eq!(copy.is_ok(), allowed, "{key}");
        let call = aws.last_call().await;
        let asked = call["decisions"].as_array().unwrap().last().unwrap();
        assert_eq!(asked["resource"], format!("arn:aws:s3:::{BUCKET}/{KEY}"));
    }
    aws.advance(COPY_SECONDS + 1.0).await;
    let user = aws.user(PROD, allow(&["s3:GetObject"], &["*"])).await;
    assert!(read(&aws.s3(user), BUCKET, KEY).await.is_ok());
}

#[tokio::test]
async fn an_encrypted_summary_takes_the_key() {
    const BUCKET: &str = "vision-prod-models";
    const KEY: &str = "inspector/v6/EvaluationResultSummary-inspector-v6.json";
    let aws = start().await;
    let reader = aws.s3(aws.session(PROD, "reader").await);
    let denied = Err("403 AccessDenied".to_owned());
    assert_eq!(read(&reader, BUCKET, KEY).await, denied);
    let reason = aws.last_reason().await;
    assert!(reason.contains("kms:Decrypt"), "{reason}");

    let mut policy = allow(&["s3:GetObject", "kms:Decrypt"], &["*"]);
    policy["Statement"].as_array_mut().unwrap().push(json!({
        "Effect": "Deny", "Action": "kms:*", "Resource": "*",
        "Condition": { "StringNotEquals": { "kms:ViaService": format!("s3.{REGION}.amazonaws.com") } },
    }));
    let client = as_user(&aws, PROD, policy).await;
    assert!(
        read(&client, BUCKET, KEY).await.is_ok(),
        "through Amazon S3"
    );

    let key = |enabled: bool| {
        json!({ "account": [{ "id": PROD,
            "key": [{ "region": REGION, "id": PROD_KEY, "enabled": enabled }] }] })
    };
    aws.merge(key(false)).await;
    let off = read(&client, BUCKET, KEY).await;
    assert_eq!(off, Err("400 KMS.DisabledException".to_owned()));
    let gone = json!({ "account": [{ "id": PROD, "project": [{
        "region": REGION, "name": "inspector",
        "version": [{ "name": "v6", "kms_key": "alias/gone" }],
    }] }] });
    aws.merge(gone).await;
    let gone = read(&client, BUCKET, KEY).await;
    assert_eq!(gone, Err("400 KMS.NotFoundException".to_owned()));
}

#[tokio::test]
async fn what_it_does_not_play_of_an_object_is_refused_by_name() {
    let aws = start().await;
    let client = aws.s3(aws.session(DEV, "reader").await);
    let get = || client.get_object().bucket(DEV_BUCKET).key(DEV_OBJECT);
    for (what, request) in [
        ("range", get().range("bytes=0-1")),
        ("if-none-match", get().if_none_match("x")),
        ("versionId", get().version_id("x")),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(
            error.raw_response().unwrap().status().as_u16(),
            501,
            "{what}"
        );
        let message = error.message().unwrap();
        assert!(message.contains(what), "{message}");
    }
    let head = client.head_object().bucket(DEV_BUCKET).key(DEV_OBJECT);
    let error = head.send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 501);
}
