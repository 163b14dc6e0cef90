//! What another site can make a browser send must change nothing.

use reqwest::Method;
use serde_json::json;
use server::http::registry::RouteKind;
use server::http::routes;

use crate::support::{Console, promotion};

const FORM: &str = "application/x-www-form-urlencoded";

type Headers = Vec<(&'static str, String)>;

/// Headers of a browser, and whether a form, and a request of a program, gets past the guards.
fn senders(own: &str) -> Vec<(Headers, bool, bool)> {
    let one = |name, value: &str| (name, value.to_owned());
    vec![
        (vec![one("sec-fetch-site", "same-origin")], true, true),
        (vec![one("sec-fetch-site", "none")], true, true),
        (vec![one("origin", own)], true, true),
        (vec![one("sec-fetch-site", "same-site")], false, false),
        (vec![one("sec-fetch-site", "cross-site")], false, false),
        (
            vec![one("sec-fetch-site", "cross-site"), one("origin", own)],
            false,
            false,
        ),
        (vec![one("origin", "http://example.org")], false, false),
        (vec![one("origin", "null")], false, false),
        (
            vec![one("origin", &own.replace("http:", "https:"))],
            false,
            false,
        ),
        (vec![], false, true),
    ]
}

#[tokio::test]
async fn forms_are_taken_from_our_own_pages_only() {
    let console = Console::start().await;
    let own = console.url("");
    let functions: Vec<_> = routes::collect()
        .unwrap()
        .list()
        .into_iter()
        .filter(|route| route.kind == RouteKind::ServerFunction)
        .collect();
    assert!(!functions.is_empty());
    for route in &functions {
        for (headers, passes, _) in senders(&own) {
            for method in [
                Method::POST,
                Method::PUT,
                Method::DELETE,
                Method::PATCH,
                Method::GET,
            ] {
                // Only below /api is reading refused, too.
                if method == Method::GET && !route.path.starts_with("/api/") {
                    continue;
                }
                let mut request = console
                    .request(method.clone(), &route.path)
                    .header("accept", "text/html")
                    .header("content-type", FORM)
                    .body("account=none&form_id=none");
                for (name, value) in &headers {
                    request = request.header(*name, value);
                }
                let status = request.send().await.unwrap().status();
                let what = format!("{method} {} with {headers:?}: {status}", route.path);
                assert_eq!(status == 403, !passes, "{what}");
                if passes && method == Method::POST {
                    // It got as far as the form itself.
                    let taken = !matches!(status.as_u16(), 401 | 405 | 415);
                    assert!(taken || route.path == "/api/sign-in/local", "{what}");
                } else if passes {
                    assert_eq!(status, 405, "{what}");
                }
            }
        }
    }
    assert_eq!(console.json("/v1/promotions").await["items"], json!([]));
    console.stop().await.unwrap();
}

#[tokio::test]
async fn programs_may_write_json_and_browsers_only_from_our_pages() {
    let console = Console::start().await;
    let body = promotion("not an ARN", "v7").to_string();
    for (headers, _, passes) in senders(&console.url("")) {
        let mut request = console
            .request(Method::POST, "/v1/promotions")
            .header("content-type", "application/json")
            .body(body.clone());
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.unwrap();
        let expected = if passes { 422 } else { 403 };
        assert_eq!(answer.status(), expected, "{headers:?}");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(
            problem["code"],
            if passes { "invalid" } else { "cross_origin" }
        );
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_body_of_another_type_is_not_read() {
    let console = Console::start().await;
    let body = promotion("not an ARN", "v7").to_string();
    let before = console.aws.executed("DescribeProjects").await.len();
    for (path, good) in [
        ("/v1/promotions", "application/json"),
        ("/api/models/refresh", FORM),
    ] {
        for sent in [
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/json",
            FORM,
            "",
        ] {
            let answer = console
                .request(Method::POST, path)
                .header("sec-fetch-site", "same-origin")
                .header("accept", "text/html")
                .header("content-type", sent)
                .body(body.clone())
                .send()
                .await
                .unwrap();
            assert_eq!(
                answer.status() == 415,
                sent != good,
                "{path} as {sent:?}: {answer:?}"
            );
        }
    }
    let looks = console.aws.executed("DescribeProjects").await.len() - before;
    assert!(looks <= 6, "only the one good form looks: {looks}");
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_foreign_referer_is_not_gone_back_to() {
    let console = Console::start().await;
    for referer in [Some("http://example.org/trap"), None] {
        let mut request = console
            .request(Method::POST, "/api/models/refresh")
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .header("content-type", FORM)
            .body("account=%00");
        if let Some(referer) = referer {
            request = request.header("referer", referer);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_redirection(), "{answer:?}");
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(
            location.starts_with('/') && !location.starts_with("//"),
            "{location}"
        );
    }
    console.stop().await.unwrap();
}
