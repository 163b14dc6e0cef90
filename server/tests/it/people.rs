//! People: what takes access away takes it at once, from open streams too.

use std::time::Duration;

use domain::{Reach, Role, RoleAssignment};
use futures::StreamExt as _;
use operations::OpContext;
use operations::people::{self, PersonView};
use reqwest::header::HeaderMap;
use reqwest::{Method, Response};

use crate::support::person::headers;
use crate::support::{Console, client_with, promotion};

async fn named(cx: &OpContext, name: &str) -> PersonView {
    let people = people::list(cx).await.unwrap();
    people.into_iter().find(|one| one.name == name).unwrap()
}

async fn follow(console: &Console, who: &HeaderMap, path: &str) -> Response {
    let request = client_with(who.clone()).get(console.url(path));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer
}

/// Reads a stream until the server ends it. The bound is the one that people are promised.
async fn ends(answer: Response) {
    let mut bytes = answer.bytes_stream();
    let end = async { while let Some(Ok(_)) = bytes.next().await {} };
    tokio::time::timeout(Duration::from_secs(1), end)
        .await
        .expect("the stream ends within a second");
}

async fn open(console: &Console, who: &HeaderMap, path: &str) -> u16 {
    let request = client_with(who.clone()).get(console.url(path));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_taken_or_given_ends_pages_and_streams_at_once() {
    let console = Console::start().await;
    let cx = console.operator();
    let viewer = RoleAssignment::everywhere(Role::Viewer);
    for given in [false, true] {
        let who = headers(&cx, "somebody", &[Role::Viewer]).await;
        let (page, program) = (
            follow(&console, &who, "/events").await,
            follow(&console, &who, "/v1/events").await,
        );
        let id = named(&cx, "somebody").await.id;
        if given {
            let auditor = RoleAssignment::everywhere(Role::Auditor);
            assert!(people::give_role(&cx, id, &auditor).await.unwrap());
        } else {
            assert!(people::take_role(&cx, id, &viewer).await.unwrap());
        }
        tokio::join!(ends(page), ends(program));
        assert_eq!(open(&console, &who, "/models").await, 303, "signed out");
        let of_token = if given { 200 } else { 404 };
        assert_eq!(open(&console, &who, "/v1/jobs").await, of_token);
        if !given {
            people::give_role(&cx, id, &viewer).await.unwrap();
        }
    }
    console.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_kept_out_loses_everything_at_once_and_comes_back_only_when_let_in() {
    let console = Console::start().await;
    let cx = console.operator();
    let who = headers(&cx, "somebody", &[Role::Viewer]).await;
    let (page, program) = (
        follow(&console, &who, "/events").await,
        follow(&console, &who, "/v1/events").await,
    );
    let id = named(&cx, "somebody").await.id;
    assert!(people::set_active(&cx, id, false).await.unwrap());
    tokio::join!(ends(page), ends(program));
    assert_eq!(open(&console, &who, "/models").await, 303);
    assert_eq!(open(&console, &who, "/v1/jobs").await, 401);
    assert!(people::set_active(&cx, id, true).await.unwrap());
    assert_eq!(
        open(&console, &who, "/models").await,
        303,
        "the sign-in stays ended"
    );
    assert_eq!(open(&console, &who, "/v1/jobs").await, 200);
    console.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_ended_elsewhere_ends_its_stream_and_no_other() {
    let console = Console::start().await;
    let cx = console.operator();
    let here = headers(&cx, "somebody", &[Role::Viewer]).await;
    let there = headers(&cx, "somebody", &[Role::Viewer]).await;
    let (kept, lost) = (
        follow(&console, &here, "/events").await,
        follow(&console, &there, "/events").await,
    );
    let page = client_with(here.clone()).get(console.url("/settings"));
    let page = page.send().await.unwrap().text().await.unwrap();
    let own = page.split("name=\"sign_in\" value=\"").skip(1);
    let ids: Vec<_> = own.map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.len(), 2, "{page}");
    // The list has the one used last first; the page itself says which is its own.
    let other = ids.iter().find(|id| {
        let row = page.split("<tr").find(|row| row.contains(**id)).unwrap();
        !row.contains("(this one)")
    });
    let ended = client_with(here.clone())
        .request(Method::POST, console.url("/api/settings/end-sign-in"))
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("sign_in={}", other.unwrap()))
        .send()
        .await
        .unwrap();
    assert_eq!(ended.headers()["location"], "/settings");
    ends(lost).await;
    assert_eq!(open(&console, &there, "/settings").await, 303);
    assert_eq!(open(&console, &here, "/settings").await, 200);
    drop(kept);
    console.stop().await.unwrap();
}

/// Roles of one environment show nothing of the others: neither in lists nor by address.
#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_another_environment_is_not_there() {
    let console = Console::start().await;
    console.refresh().await;
    let body = promotion(&console.aws.destination().await, "v7-elsewhere");
    let asked = console.request(Method::POST, "/v1/promotions").json(&body);
    let asked: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
    let (proposal, job) = (
        asked["id"].as_str().unwrap(),
        asked["job"].as_str().unwrap(),
    );
    let cx = console.operator();
    let who = headers(&cx, "of-dev", &[]).await;
    let id = named(&cx, "of-dev").await.id;
    for role in [Role::Viewer, Role::Requester] {
        let dev = RoleAssignment {
            role,
            reach: Reach::Environment("dev".parse().unwrap()),
        };
        people::give_role(&cx, id, &dev).await.unwrap();
    }
    drop(who);
    let who = headers(&cx, "of-dev", &[]).await;
    for path in [
        format!("/promotions/{proposal}"),
        format!("/jobs/{job}"),
        format!("/fragments/jobs/{job}"),
        format!("/fragments/promotions/{proposal}"),
        "/accounts/333333333333".to_owned(),
        "/models/eu-west-1~333333333333~inspector~1757408400000".to_owned(),
        "/policies/eu-west-1~333333333333~inspector~1757408400000".to_owned(),
    ] {
        assert_eq!(open(&console, &who, &path).await, 404, "{path}");
    }
    for path in ["/", "/promotions", "/models", "/accounts", "/policies"] {
        let page = client_with(who.clone()).get(console.url(path));
        let page = page.send().await.unwrap().text().await.unwrap();
        assert!(!page.contains("vision-prod"), "{path} tells of prod");
    }
    assert_eq!(open(&console, &who, "/accounts/111111111111").await, 200);
    // Nor can anything be sent there.
    let sent = client_with(who)
        .post(console.url("/api/promotions/propose"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!(
            "source_version={}&destination_project={}&version_name=v7-x&bucket=vision-prod-models&prefix=x",
            body["source_version"].as_str().unwrap(),
            body["destination_project"].as_str().unwrap()
        ))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 422);
    assert_eq!(console.ended(job).await["state"], "Succeeded");
    assert_eq!(console.aws.executed("CopyProjectVersion").await.len(), 1);
    console.stop().await.unwrap();
}
