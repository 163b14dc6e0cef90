//! What answers tell a browser.

use reqwest::{Method, Response};
use server::http::registry::RouteKind;
use server::http::routes;

use crate::support::Console;

/// A path of the route that exists nowhere, or the route itself where it has no gaps.
fn filled(path: &str) -> String {
    path.replace("{id}", "none")
        .replace("{*name}", "none.css")
        .replace("{number}", "none")
        .replace("{project}", "none")
        .replace("{version}", "none")
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_has_the_same_armour() {
    let console = Console::start().await;
    for route in routes::collect().unwrap().list() {
        let path = filled(&route.path);
        let answer = console
            .request(route.method.clone(), &path)
            .send()
            .await
            .unwrap();
        let what = format!("{} {path}: {answer:?}", route.method);
        assert_eq!(
            header(&answer, "x-content-type-options"),
            "nosniff",
            "{what}"
        );
        // The address of a one-time link is told to nobody.
        let is_link = route.method == reqwest::Method::GET && route.path == "/setup/{token}";
        let referrer = if is_link {
            "no-referrer"
        } else {
            "same-origin"
        };
        assert_eq!(header(&answer, "referrer-policy"), referrer, "{what}");
        assert_eq!(
            header(&answer, "cross-origin-opener-policy"),
            "same-origin",
            "{what}"
        );
        assert_eq!(
            header(&answer, "cross-origin-resource-policy"),
            "same-origin",
            "{what}"
        );
        assert!(
            header(&answer, "permissions-policy").contains("camera=(), clipboard-read=(), "),
            "{what}"
        );
        assert_eq!(header(&answer, "cache-control"), "no-store", "{what}");
        assert_eq!(header(&answer, "x-request-id").len(), 32, "{what}");
        let policy = header(&answer, "content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none';"), "{what}");
        assert!(policy.contains("frame-ancestors 'none'"), "{what}");
        assert!(!policy.contains("unsafe-inline"), "{what}");
        let is_page = header(&answer, "content-type").starts_with("text/html");
        assert_eq!(policy.contains("script-src"), is_page, "{what}");
        if matches!(route.kind, RouteKind::Page) && !answer.status().is_redirection() {
            assert!(is_page, "{what}");
        }
        assert!(
            answer.headers().get("set-cookie").is_none(),
            "reading starts no session: {what}"
        );
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn the_nonce_of_a_page_is_that_of_its_policy_and_used_once() {
    let console = Console::start().await;
    let mut nonces = Vec::new();
    for path in ["/", "/models", "/nothing-here"] {
        let answer = console.get(path).await;
        let policy = header(&answer, "content-security-policy").to_owned();
        let (_, rest) = policy.split_once("'nonce-").unwrap();
        let nonce = rest.split('\'').next().unwrap().to_owned();
        let html = answer.text().await.unwrap();
        assert!(
            html.contains(&format!("nonce=\"{nonce}\"")),
            "{path}: {html}"
        );
        assert_eq!(
            html.matches("nonce=\"").count(),
            html.matches(&nonce).count(),
            "{path}"
        );
        assert!(
            !html.contains("style=\""),
            "{path} has an inline style: {html}"
        );
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
    console.stop().await.unwrap();
}

#[tokio::test]
async fn files_of_the_site_are_kept_for_a_year() {
    let console = Console::start().await;
    let answer = console.get("/pkg/customhouse.0a.css").await;
    assert_eq!(
        header(&answer, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header(&answer, "content-type"), "text/css; charset=utf-8");
    assert_eq!(answer.text().await.unwrap(), "body { color: black }");
    let page = console.get("/").await.text().await.unwrap();
    assert!(page.contains("/pkg/customhouse.0a.css"), "{page}");
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_request_id_from_outside_is_not_taken_over() {
    let console = Console::start().await;
    let answer = console
        .request(Method::GET, "/healthz")
        .header("x-request-id", "chosen-by-a-stranger")
        .send()
        .await
        .unwrap();
    assert_ne!(header(&answer, "x-request-id"), "chosen-by-a-stranger");
    assert_eq!(answer.text().await.unwrap(), "ok\n");
    console.stop().await.unwrap();
}
