//! Bodies have an end.

use futures::stream;
use reqwest::{Body, Method};

use crate::support::Console;

const LIMIT: usize = 1024 * 1024;

#[tokio::test]
async fn a_body_over_the_limit_is_refused_whether_or_not_it_says_so() {
    let console = Console::start().await;
    for (path, content_type) in [
        ("/api/models/refresh", "application/x-www-form-urlencoded"),
        ("/v1/promotions", "application/json"),
        ("/nothing", "application/x-www-form-urlencoded"),
    ] {
        let long = vec![b'a'; LIMIT + 1];
        let pieces = long
            .chunks(64 * 1024)
            .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()));
        let pieces: Vec<_> = pieces.collect();
        for body in [
            Body::from(long.clone()),
            Body::wrap_stream(stream::iter(pieces)),
        ] {
            let answer = console
                .request(Method::POST, path)
                .header("sec-fetch-site", "same-origin")
                .header("content-type", content_type)
                .body(body)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 413, "{path}");
        }
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let console = Console::start().await;
    let mut body = String::from("{\"reason\": \"");
    body.push_str(&"a".repeat(LIMIT - body.len() - 2));
    body.push_str("\"}");
    assert_eq!(body.len(), LIMIT);
    let answer = console
        .request(Method::POST, "/v1/promotions")
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    let problem: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(
        problem["code"], "unreadable",
        "a field is missing, so the body was read"
    );
    console.stop().await.unwrap();
}
