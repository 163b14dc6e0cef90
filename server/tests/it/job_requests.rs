//! What programs ask of jobs through `/v1`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Console, promotion};

async fn ask(console: &Console, job: &str, what: &str, body: Option<Value>) -> (u16, Value) {
    let path = format!("/v1/jobs/{job}/{what}");
    let body = body.unwrap_or_else(|| json!({}));
    let request = console.request(Method::POST, &path).json(&body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn promoted(console: &Console, name: &str) -> String {
    let body = promotion(&console.aws.destination().await, name);
    let request = console.request(Method::POST, "/v1/promotions").json(&body);
    let asked: Value = request.send().await.unwrap().json().await.unwrap();
    asked["job"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_job_is_stopped_and_leaves_no_grant() {
    let console = Console::start().await;
    console.refresh().await;
    let before = console.aws.grants().await;
    // The second waits for the first, so that it is stopped before anything was sent for it.
    let first = promoted(&console, "v7").await;
    let second = promoted(&console, "v9").await;
    let (status, job) = ask(&console, &second, "stop", None).await;
    assert_eq!(status, 202, "{job:#}");
    assert_eq!(job["requests"][0]["verb"], "stop");
    let job = console.ended(&second).await;
    assert_eq!(job["state"], "Stopped", "{job:#}");
    assert_eq!(job["requests"][0]["accepted"], true);
    let (status, problem) = ask(&console, &second, "stop", None).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("job_ended")));

    let job = console.ended(&first).await;
    assert_eq!(job["state"], "Succeeded", "{job:#}");
    assert_eq!(console.aws.executed("CopyProjectVersion").await.len(), 1);
    assert_eq!(console.aws.grants().await, before);
    console.stop().await.unwrap();
}

#[tokio::test]
async fn what_cannot_lead_to_anything_is_refused_with_its_reason() {
    let console = Console::start().await;
    console.refresh().await;
    let job = promoted(&console, "v7").await;
    for what in ["look-again", "resend", "give-up"] {
        let (status, problem) = ask(&console, &job, what, None).await;
        assert_eq!(status, 409, "{what}: {problem:#}");
        assert!(
            ["no_operator_needed", "job_ended"].contains(&problem["code"].as_str().unwrap()),
            "{problem:#}"
        );
    }
    let (status, _) = ask(&console, "job_unknown", "stop", None).await;
    assert_eq!(status, 404);
    for body in [
        json!({}),
        json!({"version": 1}),
        json!({"version": "x", "more": 1}),
    ] {
        let (status, problem) = ask(&console, &job, "adopt", Some(body)).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (400, Some("unreadable"))
        );
    }
    console.stop().await.unwrap();
}
