//! What is not there.

use reqwest::Method;

use crate::support::{Console, promotion};

#[tokio::test]
async fn a_page_for_a_thing_that_does_not_exist_is_a_404_page() {
    let console = Console::start().await;
    for path in [
        "/nothing",
        "/nothing/at/all",
        "/accounts/999999999998",
        "/accounts/%3Cscript%3E",
        "/models/eu-west-1~111111111111~none~1",
        "/models/none",
        "/policies/none",
        "/promotions/prp_01KATTTTTTTTTTTTTTTTTTTTTT",
        "/promotions/none",
        "/jobs/job_01KATTTTTTTTTTTTTTTTTTTTTT",
        "/jobs/none",
        "/fragments/jobs/none",
        "/fragments/promotions/prp_01KATTTTTTTTTTTTTTTTTTTTTT",
        "/fragments/none",
    ] {
        let answer = console.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        let content_type = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            content_type.starts_with("text/html"),
            "{path}: {content_type}"
        );
        let html = answer.text().await.unwrap();
        assert!(!html.contains("<script>"), "{path}: {html}");
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn programs_get_a_problem() {
    let console = Console::start().await;
    for (method, path, status, code) in [
        (Method::GET, "/v1", 404, "not_found"),
        (Method::GET, "/v1/nothing", 404, "not_found"),
        (Method::GET, "/v1/jobs/none", 404, "not_found"),
        (
            Method::GET,
            "/v1/jobs/job_01KATTTTTTTTTTTTTTTTTTTTTT",
            404,
            "not_found",
        ),
        (Method::GET, "/v1/promotions/none", 404, "not_found"),
        (Method::POST, "/v1/jobs", 405, "method_not_allowed"),
        (
            Method::DELETE,
            "/v1/promotions/none",
            405,
            "method_not_allowed",
        ),
        (Method::GET, "/v1/jobs?limit=many", 400, "unreadable"),
        (Method::GET, "/v1/jobs?limits=1", 400, "unreadable"),
    ] {
        let answer = console
            .request(method.clone(), path)
            .header("content-type", "application/json")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        let id = answer.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], code, "{method} {path}");
        assert_eq!(problem["status"], status, "{method} {path}");
        assert_eq!(problem["type"], format!("urn:customhouse:problem:{code}"));
        assert_eq!(problem["request_id"], id);
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_wrong_with_a_promotion_is_said_for_all_fields_at_once() {
    let console = Console::start().await;
    let mut body = promotion("arn:aws:rekognition:eu-west-1:1:project/x/1", "v 7");
    body["source_version"] = "nothing".into();
    body["bucket"] = "b".into();
    body["kms_key"] = "/x".into();
    let request = console.request(Method::POST, "/v1/promotions").json(&body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let problem: serde_json::Value = answer.json().await.unwrap();
    let mut fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    fields.sort_unstable();
    fields.dedup();
    assert_eq!(
        fields,
        [
            "bucket",
            "destination_project",
            "kms_key",
            "source_version",
            "version_name"
        ]
    );
    for error in problem["errors"].as_array().unwrap() {
        assert!(!error["code"].as_str().unwrap().is_empty(), "{error}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{error}");
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn json_that_says_something_else_is_refused() {
    let console = Console::start().await;
    let mut unknown = promotion("a", "b");
    unknown["versionName"] = "v7".into();
    let mut tags = promotion("a", "b");
    tags["tags"] = serde_json::json!({ "a=b": "c" });
    for (body, status, code) in [
        ("{".to_owned(), 400, "unreadable"),
        ("[]".to_owned(), 400, "unreadable"),
        ("{}".to_owned(), 400, "unreadable"),
        (unknown.to_string(), 400, "unreadable"),
        (tags.to_string(), 422, "invalid"),
    ] {
        let answer = console
            .request(Method::POST, "/v1/promotions")
            .header("content-type", "application/json")
            .body(body.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{body}");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], code, "{body}");
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn readiness_is_told_without_reasons() {
    let console = Console::start().await;
    let answer = console.get("/readyz").await;
    assert_eq!(answer.status(), 200);
    let told: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(told["ready"], true);
    console.state.store.close().await;
    let answer = console.get("/readyz").await;
    assert_eq!(answer.status(), 503);
    let told: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(told["ready"], false);
    assert_eq!(console.get("/healthz").await.status(), 200);
}
