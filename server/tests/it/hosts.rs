//! Only requests that name this console are answered.

use server::http::routes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::Console;

#[tokio::test]
async fn no_route_answers_to_another_name() {
    let console = Console::start().await;
    let port = console.url("").rsplit(':').next().unwrap().to_owned();
    for route in routes::collect().unwrap().list() {
        for host in [
            "rebound.example.org".to_owned(),
            format!("rebound.example.org:{port}"),
        ] {
            let answer = console
                .request(route.method.clone(), &route.path)
                .header("host", &host)
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded")
                .send()
                .await
                .unwrap();
            assert_eq!(
                answer.status(),
                421,
                "{} {} as {host}",
                route.method,
                route.path
            );
        }
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn loopback_names_with_the_port_are_answered() {
    let console = Console::start().await;
    let port = console.url("").rsplit(':').next().unwrap().to_owned();
    for (host, status) in [
        (format!("localhost:{port}"), 200),
        (format!("LocalHost:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("localhost".to_owned(), 421),
        ("127.0.0.1:1".to_owned(), 421),
    ] {
        let request = console
            .request(reqwest::Method::GET, "/healthz")
            .header("host", &host);
        assert_eq!(request.send().await.unwrap().status(), status, "{host}");
    }
    console.stop().await.unwrap();
}

/// Sends bytes as they are and gives the status of the answer.
async fn status_of(console: &Console, request: &str) -> String {
    let address = console.url("").replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn two_names_or_none_or_a_foreign_request_line_are_refused() {
    let console = Console::start().await;
    let own = console.url("").replace("http://", "");
    for (request, status) in [
        (
            format!("GET /healthz HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n"),
            "200",
        ),
        (
            format!(
                "GET http://{own}/healthz HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n"
            ),
            "200",
        ),
        (
            format!(
                "GET http://rebound.example.org/healthz HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n"
            ),
            "421",
        ),
        (
            format!(
                "GET /healthz HTTP/1.1\r\nHost: {own}\r\nHost: rebound.example.org\r\nConnection: close\r\n\r\n"
            ),
            "421",
        ),
        ("GET /healthz HTTP/1.0\r\n\r\n".to_owned(), "421"),
    ] {
        assert_eq!(status_of(&console, &request).await, status, "{request}");
    }
    console.stop().await.unwrap();
}
