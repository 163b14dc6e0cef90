//! Calls that go wrong on request.

use crate::support::{
    Aws, COPY_SECONDS, DEV, PROD, PROD_KEY, REGION, code, demo, external_id, home, role, start,
};
use aws_sdk_rekognition::error::SdkError;
use aws_sdk_rekognition::types::ProjectVersionStatus::CopyingFailed;
use aws_sdk_sts::error::ProvideErrorMetadata;
use emulator::{Emulator, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

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
async fn keys_permissions_and_buckets_have_errors_of_their_own() {
    let aws = start().await;
    let promoter = aws.session(PROD, "promoter").await;
    let kms = aws.kms_in(promoter.clone(), REGION);
    let iam = aws.iam(promoter.clone());
    let s3 = aws.s3(promoter);
    for (kind, of_kms, of_iam, of_s3) in [
        ("throttle", "ThrottlingException", "Throttling", 503),
        (
            "internal_error",
            "KMSInternalException",
            "ServiceFailure",
            500,
        ),
        (
            "expired_credentials",
            "ExpiredTokenException",
            "ExpiredToken",
            400,
        ),
    ] {
        aws.faults(json!([{ "times": 0, "effect": { "kind": kind } }]))
            .await;
        let key = kms.describe_key().key_id(PROD_KEY).send().await;
        assert_eq!(key.unwrap_err().code(), Some(of_kms), "{kind}");
        let simulated = iam
            .simulate_principal_policy()
            .policy_source_arn(role(PROD, "promoter"))
            .action_names("s3:PutObject")
            .send()
            .await;
        assert_eq!(simulated.unwrap_err().code(), Some(of_iam), "{kind}");
        let bucket = s3.head_bucket().bucket("vision-prod-models").send().await;
        let status = bucket
            .unwrap_err()
            .raw_response()
            .unwrap()
            .status()
            .as_u16();
        assert_eq!(status, of_s3, "{kind}");
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

/// Forty calls on a fresh emulator with this seed: the fault and the request id of each.
async fn run(seed: u64) -> (Vec<Value>, Vec<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emulator = Emulator::new(World::parse(&demo()).unwrap())
        .with_seed(seed)
        .with_fault_rate(0.4)
        .unwrap();
    let aws = Aws::around(emulator.serve(listener).unwrap());
    let sts = aws.sts(home());
    for _ in 0..20 {
        // Some of them fail: that is what they are for.
        let _ = sts.get_caller_identity().send().await;
        let _ = sts
            .assume_role()
            .role_arn(role(DEV, "reader"))
            .role_session_name("test")
            .external_id(external_id(DEV))
            .send()
            .await;
    }
    let ledger = aws.get("ledger").await;
    assert_eq!(ledger["seed"], seed);
    assert_eq!(aws.get("faults").await["seed"], seed);
    let entries = ledger["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 40);
    entries
        .iter()
        .map(|entry| (entry["fault"].clone(), entry["request_id"].clone()))
        .unzip()
}

#[tokio::test]
async fn a_seed_decides_which_calls_go_wrong_how_and_every_id() {
    let first = run(4).await;
    assert_eq!(first, run(4).await);
    assert_ne!(first.0, run(5).await.0);
    let kinds: BTreeSet<&str> = first.0.iter().filter_map(Value::as_str).collect();
    assert!(kinds.len() > 3, "faults of several kinds: {kinds:?}");
}

#[tokio::test]
async fn a_random_rule_shows_its_seed_and_repeats_with_it() {
    let aws = start().await;
    let rule = |random: Value| json!([{ "operation": "GetCallerIdentity", "random": random, "effect": { "kind": "throttle" } }]);
    aws.faults(rule(json!({ "rate": 0.5 }))).await;
    let hits = async |calls: usize| {
        let sts = aws.sts(home());
        let mut hits = Vec::new();
        for _ in 0..calls {
            hits.push(sts.get_caller_identity().send().await.is_err());
        }
        hits
    };
    let first = hits(30).await;
    assert!(first.contains(&true) && first.contains(&false));
    let shown = aws.get("faults").await["rules"][0].clone();
    assert_eq!(shown["seen"], 30);
    assert_eq!(shown["hit"], first.iter().filter(|hit| **hit).count());
    let seed = shown["random"]["seed"].as_u64().unwrap();
    aws.faults(rule(json!({ "rate": 0.5, "seed": seed }))).await;
    assert_eq!(hits(30).await, first);
}

#[tokio::test]
async fn a_wrong_rule_is_refused_with_its_place() {
    let aws = start().await;
    let answer = aws
        .post(
            "faults",
            json!({ "rules": [{ "effect": { "kind": "throttle" } }, { "effect": 1 }] }),
        )
        .await;
    assert_eq!(answer.status().as_u16(), 400);
    let text = answer.text().await.unwrap();
    assert!(text.contains("rules[1]"), "{text}");
    assert_eq!(aws.get("faults").await["rules"], json!([]));
}

#[tokio::test]
async fn a_fault_rate_comes_back_with_a_reset_and_ends_with_other_rules() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emulator = Emulator::new(World::parse(&demo()).unwrap())
        .with_fault_rate(1.0)
        .unwrap();
    let seed = emulator.seed();
    let aws = Aws::around(emulator.serve(listener).unwrap());
    let rule = async || aws.get("faults").await["rules"][0].clone();
    assert_eq!(rule().await["random"], json!({ "rate": 1.0, "seed": seed }));
    let _ = aws.sts(home()).get_caller_identity().send().await;
    assert_eq!(rule().await["hit"], 1);
    aws.faults(json!([])).await;
    aws.sts(home()).get_caller_identity().send().await.unwrap();
    aws.post("reset", json!({})).await;
    assert_eq!(rule().await["hit"], 0);
    let problem = Emulator::new(World::parse("").unwrap()).with_fault_rate(f64::NAN);
    assert_eq!(problem.err().unwrap(), "a rate takes 0 to 1");
}

#[tokio::test]
async fn a_rule_for_an_operation_that_is_not_played_is_refused() {
    let aws = start().await;
    for name in ["CopyModelVersion", "copyProjectVersion", "DetectLabels"] {
        let rule = json!({ "operation": name, "effect": { "kind": "throttle" } });
        let answer = aws.post("faults", json!({ "rules": [rule] })).await;
        assert_eq!(answer.status().as_u16(), 400);
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let problem = answer["error"].as_str().unwrap();
        assert!(problem.contains("rules[0].operation: "), "{problem}");
        assert!(problem.contains(&format!("`{name}`")), "{problem}");
        for played in ["`CopyProjectVersion`", "`AssumeRole`", "`GetObject`"] {
            assert!(problem.contains(played), "{problem}");
        }
    }
}
