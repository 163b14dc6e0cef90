//! A promotion through `/v1`, with AWS's ledger as the judge.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Console, SOURCE_VERSION, promotion};

async fn post(console: &Console, body: &Value, key: Option<&str>) -> (u16, Value, bool) {
    let mut request = console.request(Method::POST, "/v1/promotions").json(body);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let replayed = answer.headers().contains_key("idempotency-replayed");
    (status, answer.json().await.unwrap(), replayed)
}

#[tokio::test]
async fn a_promotion_is_carried_out_once_and_leaves_no_grant() {
    let console = Console::start().await;
    console.refresh().await;
    let before = console.aws.grants().await;
    let destination = console.aws.destination().await;
    let (status, asked, _) = post(&console, &promotion(&destination, "v7"), None).await;
    assert_eq!(status, 201, "{asked:#}");
    assert_eq!(asked["kind"], "promotion");
    assert_eq!(asked["plan"]["source_version"], SOURCE_VERSION);
    assert_eq!(asked["digest"].as_str().unwrap().len(), 64);

    let job = console.ended(asked["job"].as_str().unwrap()).await;
    assert_eq!(job["state"], "Succeeded", "{job:#}");
    assert_eq!(job["digest"], asked["digest"]);
    let steps: Vec<_> = job["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["check", "grant", "copy", "verify", "revoke"]);

    let copies = console.aws.executed("CopyProjectVersion").await;
    let [copy] = copies.as_slice() else {
        panic!("{copies:#?}")
    };
    let principal = copy["principal"].as_str().unwrap();
    let session = format!("customhouse-promoter/ch-{}", job["id"].as_str().unwrap());
    assert!(principal.ends_with(&session), "{principal}");
    assert_eq!(copy["outcome"]["result"], job["version"]);
    assert_eq!(console.aws.grants().await, before);

    let id = asked["id"].as_str().unwrap();
    let later = console.json(&format!("/v1/promotions/{id}")).await;
    assert_eq!(later["id"], asked["id"]);
    let list = console.json("/v1/promotions").await;
    assert_eq!(list["items"][0]["id"], asked["id"]);
    let jobs = console.json("/v1/jobs").await;
    assert_eq!(jobs["items"][0]["state"], "Succeeded");
    let page = console
        .get(&format!("/jobs/{}", job["id"].as_str().unwrap()))
        .await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("Succeeded"));
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_job_that_fails_in_its_first_step_took_as_long_as_that() {
    let console = Console::start().await;
    console.refresh().await;
    let mut body = promotion(&console.aws.destination().await, "v7");
    body["bucket"] = "no-such-bucket".into();
    let (status, asked, _) = post(&console, &body, None).await;
    assert_eq!(status, 201, "{asked:#}");
    let id = asked["job"].as_str().unwrap();
    let job = console.ended(id).await;
    assert_eq!(job["state"], "Failed", "{job:#}");
    let check = &job["steps"][0];
    assert_ne!(check["started_at"], check["ended_at"], "it asked AWS");
    let page = console.get(&format!("/jobs/{id}")).await;
    // Pieces of one text are marked off from each other.
    let page = page.text().await.unwrap().replace("<!>", "");
    assert!(page.contains(", took "), "{page}");
    assert!(!page.contains("took 0 ms"), "{page}");
    console.stop().await.unwrap();
}

#[tokio::test]
async fn the_same_request_under_the_same_key_is_carried_out_once() {
    let console = Console::start().await;
    console.refresh().await;
    let destination = console.aws.destination().await;
    let body = promotion(&destination, "v7");
    let (status, first, replayed) = post(&console, &body, Some("nightly-7")).await;
    assert_eq!((status, replayed), (201, false), "{first:#}");

    let (status, again, replayed) = post(&console, &body, Some("nightly-7")).await;
    assert_eq!((status, replayed), (200, true));
    assert_eq!((&again["id"], &again["job"]), (&first["id"], &first["job"]));

    let other = promotion(&destination, "v7-other");
    let (status, problem, _) = post(&console, &other, Some("nightly-7")).await;
    assert_eq!(status, 409);
    assert_eq!(problem["code"], "idempotency_mismatch");

    for key in ["", "a b", &"k".repeat(201)] {
        let (status, problem, _) = post(&console, &body, Some(key)).await;
        assert_eq!(
            (status, &problem["code"]),
            (400, &"idempotency_key".into()),
            "{key:?}"
        );
    }
    console.ended(first["job"].as_str().unwrap()).await;
    assert_eq!(console.aws.executed("CopyProjectVersion").await.len(), 1);
    assert_eq!(
        console.json("/v1/promotions").await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    console.stop().await.unwrap();
}

#[tokio::test]
async fn reading_and_refused_requests_write_nothing_to_aws() {
    let console = Console::start().await;
    console.refresh().await;
    let (status, _, _) = post(&console, &promotion("nothing", "v7"), None).await;
    assert_eq!(status, 422);
    for path in [
        "/",
        "/accounts",
        "/models",
        "/policies",
        "/promotions/new",
        "/v1/jobs",
    ] {
        assert_eq!(console.get(path).await.status(), 200, "{path}");
    }
    for write in [
        "PutProjectPolicy",
        "DeleteProjectPolicy",
        "CopyProjectVersion",
    ] {
        assert_eq!(console.aws.executed(write).await.len(), 0, "{write}");
    }
    console.stop().await.unwrap();
}
