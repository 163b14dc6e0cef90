//! Programs at `/v1`, with tokens that the command line makes.

use reqwest::{Method, Response};
use serde_json::Value;
use server::http::registry::RouteKind;
use server::http::routes;

use crate::support::place::Place;
use crate::support::{Program, client};

async fn ask(program: &Program, path: &str, authorization: &[&str]) -> Response {
    let mut request = client().get(format!("{}{path}", program.url));
    for value in authorization {
        request = request.header("authorization", *value);
    }
    request.send().await.unwrap()
}

/// What a command printed, which has to have worked.
async fn printed(place: &Place, arguments: &[&str]) -> String {
    let output = place.run(arguments).await;
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_command_line_opens_v1_until_it_is_revoked() {
    let place = Place::new(1.0).await;
    let program = place.serve().await;
    let create = [
        "service-account",
        "create",
        "ci",
        "--role",
        "requester",
        "--days",
        "1",
    ];
    let token = printed(&place, &create).await;
    assert_eq!(token.len(), 53, "nothing else is printed");
    let bearer = format!("Bearer {token}");

    assert_eq!(
        ask(&program, "/v1/promotions", &[&bearer]).await.status(),
        200
    );
    for authorization in [
        &[][..],
        &[&bearer[..59]],
        &["Basic YTpi"],
        &[&bearer, &bearer],
    ] {
        let answer = ask(&program, "/v1/promotions", authorization).await;
        assert_eq!(answer.status(), 401, "{}", authorization.len());
        let problem: Value = answer.json().await.unwrap();
        assert!(!problem.to_string().contains(&token[4..]));
    }
    let page = ask(&program, "/accounts", &[&bearer]).await;
    assert_ne!(page.status(), 200, "a token opens no page");

    let listed = printed(&place, &["service-account", "list"]).await;
    assert!(listed.contains("ci: requester") && !listed.contains(&token));
    let id = listed
        .split_whitespace()
        .find(|word| word.starts_with("tok_"));
    let id = id.unwrap().to_owned();
    printed(&place, &["service-account", "revoke", &id]).await;
    assert_eq!(
        ask(&program, "/v1/promotions", &[&bearer]).await.status(),
        401
    );

    let again = place.run(&create).await;
    assert_eq!(again.status.code(), Some(1));
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        said.contains("name: A service account of this name"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_every_route_of_v1_answers_401() {
    let place = Place::new(1.0).await;
    let program = place.serve().await;
    let routes = routes::collect().unwrap().list();
    let closed = routes.iter().filter(|route| {
        route.path.starts_with("/v1/")
            && matches!(route.kind, RouteKind::Api | RouteKind::Stream)
            && route.path != "/v1/openapi.json"
    });
    let mut count = 0;
    for route in closed {
        let url = format!("{}{}", program.url, route.path);
        let request = client().request(route.method.clone(), url);
        let request = match route.method {
            Method::GET => request,
            _ => request
                .header("content-type", "application/json")
                .body("{}"),
        };
        let status = request.send().await.unwrap().status();
        assert_eq!(status, 401, "{} {}", route.method, route.path);
        count += 1;
    }
    assert!(count >= 10, "{count}");
}
