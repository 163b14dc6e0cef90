//! Whose word counts for where a request comes from.

use server::config::Config;
use server::http::routes;
use server::startup::{Machine, Server};

use crate::support::{Console, FakeAws, configuration, write_site};

#[tokio::test]
async fn a_trusted_proxy_that_is_not_clear_is_refused_on_every_route() {
    let console = Console::with_setting("trusted_proxies = [\"127.0.0.1\"]").await;
    for route in routes::collect().unwrap().list() {
        let answer = console
            .request(route.method.clone(), &route.path)
            .header("x-forwarded-for", "203.0.113.7")
            .header("forwarded", "for=203.0.113.8")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400, "{} {}", route.method, route.path);
        assert!(answer.headers().contains_key("content-security-policy"));
    }
    let healthz = console.request(reqwest::Method::GET, "/healthz");
    let clear = healthz.header("x-forwarded-for", "203.0.113.7");
    assert_eq!(clear.send().await.unwrap().status(), 200);
    console.stop().await.unwrap();
}

#[tokio::test]
async fn what_a_stranger_says_of_itself_is_not_read() {
    let console = Console::start().await;
    let healthz = console.request(reqwest::Method::GET, "/healthz");
    let both = healthz
        .header("x-forwarded-for", "203.0.113.7")
        .header("forwarded", "\"");
    assert_eq!(both.send().await.unwrap().status(), 200);
    console.stop().await.unwrap();
}

#[tokio::test]
async fn an_open_address_is_served_behind_tls_and_under_its_public_name_only() {
    let folder = tempfile::tempdir().unwrap();
    let aws = FakeAws::start(1.0).await;
    write_site(&folder.path().join("site"));
    let text = configuration(folder.path(), &aws).replace(
        "listen = \"127.0.0.1:0\"",
        "listen = \"0.0.0.0:0\"\npublic_url = \"https://console.example.org\"",
    );
    let config = Config::from_toml(&text).unwrap();
    let machine = Machine::real(&config).await;
    let server = Server::start(&config, machine).await.unwrap();
    assert_eq!(server.url(), "https://console.example.org");
    let names = &server.state().names;
    assert!(names.is_own_origin("https://console.example.org"));
    assert!(!names.is_own_origin("https://127.0.0.1"));
    assert!(!names.is_own_origin("http://console.example.org"));
}
