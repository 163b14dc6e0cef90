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
        (Method::GET, "/v1/jobs?limit=0", 400, "unreadable"),
        (Method::GET, "/v1/promotions?limit=0", 400, "unreadable"),
        (Method::GET, "/v1/promotions?limit=201", 400, "unreadable"),
        (Method::PUT, "/v1/promotions", 405, "method_not_allowed"),
        (Method::POST, "/v1/nothing", 404, "not_found"),
        (Method::DELETE, "/v1/nothing", 404, "not_found"),
        (Method::POST, "/v1/promotions", 415, "content_type"),
    ] {
        // Without a type: what is not there is not there in any form.
        let answer = console.request(method.clone(), path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        assert_eq!(
            answer.headers().contains_key("allow"),
            status == 405,
            "{method} {path}"
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
    let mut missing = promotion("a", "b");
    missing.as_object_mut().unwrap().remove("bucket");
    let mut number = promotion("a", "b");
    number["version_name"] = 7.into();
    for (body, status, code, words) in [
        ("{".to_owned(), 400, "unreadable", "no JSON from line 1"),
        ("[]".to_owned(), 400, "unreadable", "one JSON object"),
        (
            "{}".to_owned(),
            400,
            "unreadable",
            "The field source_version is missing. The field destination_project is missing.",
        ),
        (
            unknown.to_string(),
            400,
            "unreadable",
            "There is no field \"versionName\".",
        ),
        (
            missing.to_string(),
            400,
            "unreadable",
            "The field bucket is missing.",
        ),
        (
            number.to_string(),
            400,
            "unreadable",
            "The field version_name must be a text.",
        ),
        (tags.to_string(), 422, "invalid", "A field is not accepted."),
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
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{body}: {detail}");
        for never in ["deserialize", "expected", "line 1 column"] {
            assert!(!detail.contains(never), "{body}: {detail}");
        }
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_key_of_another_region_is_refused_with_what_to_give() {
    let console = Console::start().await;
    console.refresh().await;
    let mut body = promotion(&console.aws.destination().await, "v7");
    body["kms_key"] = "arn:aws:kms:us-east-1:333333333333:key/1234abcd".into();
    let request = console.request(Method::POST, "/v1/promotions").json(&body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let problem: serde_json::Value = answer.json().await.unwrap();
    let error = &problem["errors"][0];
    assert_eq!(error["field"], "kms_key");
    assert_eq!(error["code"], "kms_key_other_region");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("Give a key of the destination"),
        "{message}"
    );
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
