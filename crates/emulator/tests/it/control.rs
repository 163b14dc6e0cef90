//! The control API and its guards.

use crate::support::{DEV, demo, home, start};
use emulator::{Emulator, World};
use serde_json::json;
use tokio::net::TcpListener;

#[tokio::test]
async fn it_answers_only_this_machine_and_no_web_page() {
    let aws = start().await;
    let url = |name: &str| format!("{}/_emulator/{name}", aws.url());
    let get = || aws.http().get(url("health"));
    let post = || aws.http().post(url("reset")).body("{}");
    let cases = [
        ("plain", get(), 200),
        (
            "foreign Host",
            get().header("host", "emulator.example"),
            403,
        ),
        (
            "rebound Host",
            get().header("host", "127.0.0.1.example:80"),
            403,
        ),
        ("localhost", get().header("host", "localhost:1"), 200),
        (
            "web page",
            get().header("origin", "http://127.0.0.1:3000"),
            403,
        ),
        ("form", post().header("content-type", "text/plain"), 415),
        ("no type", post(), 415),
        (
            "JSON",
            post().header("content-type", "application/json; charset=utf-8"),
            200,
        ),
        ("wrong method", aws.http().get(url("reset")), 405),
        ("unknown", aws.http().get(url("nothing")), 404),
    ];
    for (what, request, status) in cases {
        assert_eq!(
            request.send().await.unwrap().status().as_u16(),
            status,
            "{what}"
        );
    }
}

#[tokio::test]
async fn it_can_be_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let handle = Emulator::new(World::parse(&demo()).unwrap())
        .without_control()
        .serve(listener)
        .unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .get(format!("{}/_emulator/health", handle.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 404);
    handle.shutdown().await;
}

#[tokio::test]
async fn no_secret_is_in_ledger_or_state() {
    let aws = start().await;
    let session = aws.session(DEV, "reader").await;
    aws.rekognition(session.clone())
        .describe_projects()
        .send()
        .await
        .unwrap();
    let shown = format!("{}{}", aws.get("ledger").await, aws.get("state").await);
    for secret in [
        home().secret_access_key(),
        session.secret_access_key(),
        session.session_token().unwrap(),
    ] {
        assert!(!shown.contains(secret));
    }
    assert!(shown.contains("AssumeRole"));
}

#[tokio::test]
async fn the_ledger_goes_on_from_a_number() {
    let aws = start().await;
    for _ in 0..3 {
        aws.sts(home()).get_caller_identity().send().await.unwrap();
    }
    let all = aws.get("ledger").await;
    assert_eq!(all["entries"].as_array().unwrap().len(), 3);
    let rest = aws.get("ledger?after=2").await;
    let [last] = rest["entries"].as_array().unwrap().as_slice() else {
        panic!("one entry")
    };
    assert_eq!(last["number"], 3);
    assert!(aws.get("ledger?before=2").await["error"].is_string());
}

#[tokio::test]
async fn a_reset_forgets_everything_since_the_start() {
    let aws = start().await;
    aws.merge(json!({ "copy_seconds": 1.0, "account": [{ "id": "123412341234" }] }))
        .await;
    aws.advance(1000.0).await;
    let session = aws.session(DEV, "reader").await;
    aws.post("reset", json!({})).await;
    let state = aws.get("state").await;
    assert!(!state.to_string().contains("123412341234"));
    assert_eq!(state["sessions"], 0);
    assert_eq!(aws.get("health").await["ahead_ms"], 0);
    assert_eq!(aws.get("ledger").await["entries"], json!([]));
    aws.rekognition(session)
        .describe_projects()
        .send()
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_fragment_that_is_wrong_changes_nothing() {
    let aws = start().await;
    let before = aws.get("state").await["accounts"].clone();
    let wrong = [
        json!([]),
        json!({ "unknown": 1 }),
        json!({ "account": [{ "alias": "no id" }] }),
        json!({ "account": [{ "id": "12" }] }),
        json!({ "account": [{ "id": DEV, "role": [{ "name": "customhouse-reader", "trust_policy": "{" }] }] }),
        json!({ "account": [{ "id": DEV, "bucket": [{ "name": "vision-prod-models", "region": "eu-west-1" }] }] }),
        json!({ "assumptions": { "name_reusable_after_delete": "no" } }),
    ];
    for fragment in wrong {
        let answer = aws.post("world", fragment.clone()).await;
        assert_eq!(answer.status().as_u16(), 400, "{fragment}");
    }
    assert_eq!(aws.get("state").await["accounts"], before);
}

#[tokio::test]
async fn a_fragment_leaves_what_it_does_not_name() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    aws.merge(json!({ "account": [{ "id": DEV, "project": [{
        "region": "eu-west-1", "name": "inspector",
        "version": [{ "name": "v9", "created_ms": 1_790_000_000_000_u64, "status": "TRAINING_COMPLETED" }],
    }] }] }))
    .await;
    aws.version(DEV, "inspector", "v9").await;
    aws.version(DEV, "inspector", "v7").await;
    let state = aws.get("state").await.to_string();
    assert!(
        state.contains("\"name\":\"grant\""),
        "a policy made meanwhile stays"
    );
    aws.session(DEV, "reader").await;
}

#[tokio::test]
async fn it_listens_on_this_machine_alone() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let error = Emulator::new(World::parse("").unwrap())
        .serve(listener)
        .err()
        .unwrap();
    assert!(error.to_string().contains("loopback"), "{error}");
}
