//! Every registered route, asked for by everybody: signed out, without a role, and with each role.
//!
//! A console that checked only some of its ways in would be as open as the one it forgot
//! (CVE-2026-27111, CVE-2026-0545), so the list of routes is the server's own, and what each answers
//! is compared both with the permission function and with a table that is checked in for people to
//! read.

use std::fmt::Write as _;

use domain::{Authority, Decision, Place, Role, RoleAssignment, Roles, permission};
use reqwest::header::HeaderMap;
use reqwest::{Method, Response};
use server::http::registry::{Access, RouteInfo, RouteKind};
use server::http::routes;

use crate::support::person::headers;
use crate::support::{Console, SOURCE_PROJECT, client_with, promotion};

/// What a route said about being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// It does what it is for, or says why what was sent does not fit.
    In,
    /// Nobody has signed in.
    SignIn,
    /// Whoever it is may not see it.
    Missing,
    /// Whoever it is may not do it.
    Forbidden,
}

impl Answer {
    fn of(answer: &Response) -> Self {
        let to = answer.headers().get("location");
        let to = to.map(|to| to.to_str().unwrap()).unwrap_or_default();
        match answer.status().as_u16() {
            401 => Self::SignIn,
            303 if to.starts_with("/sign-in?next=") || to == "/sign-in" => Self::SignIn,
            404 => Self::Missing,
            403 => Self::Forbidden,
            _ => Self::In,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::SignIn => "sign in",
            Self::Missing => "404",
            Self::Forbidden => "403",
        }
    }
}

/// Things that are there, for the places of paths.
struct Things {
    promotion: String,
    job: String,
    person: String,
}

impl Things {
    fn path(&self, route: &RouteInfo) -> String {
        let path = &route.path;
        let id = if path.contains("/jobs/") {
            &self.job
        } else if path.contains("/people/") {
            &self.person
        } else {
            &self.promotion
        };
        path.replace("{number}", "111111111111")
            .replace(
                "{project}",
                "eu-west-1~111111111111~inspector~1756890000000",
            )
            .replace("{version}", "v7~1780304400000")
            .replace("{id}", id)
            .replace("{token}", "none")
            .replace("{*name}", "customhouse.0a.css")
    }
}

async fn ask(console: &Console, who: &HeaderMap, route: &RouteInfo, things: &Things) -> Answer {
    let request = client_with(who.clone())
        .request(route.method.clone(), console.url(&things.path(route)))
        .header("sec-fetch-site", "same-origin");
    let request = match (route.kind, &route.method) {
        (RouteKind::Api, &Method::POST) => request
            .header("content-type", "application/json")
            .body("{}"),
        (_, &Method::POST) => request
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("job=&account=&project="),
        _ => request,
    };
    Answer::of(&request.send().await.unwrap())
}

/// What the permission function says that a route must answer.
fn expected(who: &Authority, route: &RouteInfo) -> Answer {
    let Access::Action(action) = route.access else {
        return Answer::In;
    };
    if *who == Authority::Nobody {
        return Answer::SignIn;
    }
    match permission::may(who, action, Place::Somewhere) {
        Decision::Allowed => Answer::In,
        Decision::Denied if action.only_shows() => Answer::Missing,
        Decision::Denied => Answer::Forbidden,
    }
}

async fn things(console: &Console) -> Things {
    console.refresh().await;
    let body = promotion(&console.aws.destination().await, "v7-matrix");
    let asked = console
        .request(Method::POST, "/v1/promotions")
        .json(&body)
        .send()
        .await
        .unwrap();
    let asked: serde_json::Value = asked.json().await.unwrap();
    let people = operations::people::list(&console.operator()).await.unwrap();
    let text = |key: &str| asked[key].as_str().unwrap().to_owned();
    console.ended(&text("job")).await;
    Things {
        promotion: text("id"),
        job: text("job"),
        person: people[0].id.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_lets_in_exactly_whom_the_table_says() {
    assert!(SOURCE_PROJECT.contains("1756890000000"));
    let console = Console::start().await;
    let things = things(&console).await;
    let cx = console.operator();
    let mut people = vec![("signed out".to_owned(), Authority::Nobody, HeaderMap::new())];
    let none = headers(&cx, "none", &[]).await;
    people.push(("no role".to_owned(), Authority::Person(Roles::none()), none));
    for role in Role::ALL {
        let roles: Roles = [RoleAssignment::everywhere(role)].into_iter().collect();
        let sent = headers(&cx, role.as_str(), &[role]).await;
        people.push((role.to_string(), Authority::Person(roles), sent));
    }
    let list = routes::collect().unwrap().list();
    let mut table = String::new();
    for route in &list {
        let _ = write!(table, "{} {}:", route.method, route.path);
        for (name, authority, sent) in &people {
            // Signing out would end what the others need, and a person without a role has no token.
            let own = route.path == "/api/sign-out" && *authority != Authority::Nobody;
            let tokenless =
                name == "no role" && route.path.starts_with("/v1/") && route.access != Access::Open;
            if own || tokenless {
                continue;
            }
            let answer = ask(&console, sent, route, &things).await;
            let wanted = expected(authority, route);
            // An open one may say that what was sent signs nobody in, or leads nowhere; and whoever
            // comes in otherwise has no password to change.
            let open = route.access == Access::Open && answer != Answer::Forbidden;
            let otherwise = route.path == "/api/settings/password" && answer == Answer::Missing;
            assert!(
                answer == wanted || open || otherwise,
                "{name} asks {} {}: {answer:?}, not {wanted:?}",
                route.method,
                route.path
            );
            let word = match route.access {
                Access::Open => "open",
                Access::Action(_) => answer.word(),
            };
            let _ = write!(table, " {name} {word},");
        }
        table.pop();
        table.push('\n');
    }
    insta::assert_snapshot!(table);
    console.stop().await.unwrap();
}

/// What is not in the registry is not served: neither by another method, nor by another spelling.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_not_signed_in_finds_no_way_round_the_registry() {
    let console = Console::start().await;
    let nobody = client_with(HeaderMap::new());
    let list = routes::collect().unwrap().list();
    let closed = list.iter().filter(|route| route.access != Access::Open);
    for route in closed {
        let path = route.path.replace(['{', '}', '*'], "");
        for spelling in [
            path.clone(),
            format!("{path}/"),
            format!("/{path}"),
            path.replace("/v1/", "/%76%31/"),
            path.to_uppercase(),
        ] {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST] {
                let request = nobody
                    .request(method.clone(), console.url(&spelling))
                    .header("sec-fetch-site", "same-origin")
                    .header("content-type", "application/x-www-form-urlencoded");
                let status = request.send().await.unwrap().status().as_u16();
                assert!(
                    matches!(status, 303 | 400 | 401 | 403 | 404 | 405 | 415),
                    "{method} {spelling} answered {status}"
                );
            }
        }
    }
    console.stop().await.unwrap();
}
