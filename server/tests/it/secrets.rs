//! Secrets stay where they are kept: one of each kind is planted, then everything that the console
//! shows, says and stores is searched for it (CVE-2025-55190).

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use futures::StreamExt as _;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap};
use reqwest::{Client, Method};
use server::http::registry::RouteKind;
use server::http::routes;

use crate::support::person::headers_beside;
use crate::support::{
    FakeAws, SECRET, client, client_with, command, configuration, until, write_site,
};

const CLIENT_SECRET: &str = "canary-client-secret-8e1d";
const PASSWORD: &str = "canary three grey boats sail";
const MISTYPED: &str = "canary seven loud clocks fall";
/// Of a form that was not accepted: kept for its owner, and told to nobody else.
const TYPED: &str = "canary-value";

/// Posts a form as a browser does, and gives the status.
async fn post(client: &Client, address: String, form: &[(&str, &str)]) -> u16 {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    let request = client
        .post(address)
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.finish());
    request.send().await.unwrap().status().as_u16()
}

/// What every readable address answers: heads, bodies, and the beginning of streams.
async fn everything(url: &str, who: &Client) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    let reads = routes::collect().unwrap().list().into_iter();
    for route in reads.filter(|route| route.method == Method::GET) {
        let path = route
            .path
            .replace("{number}", "111111111111")
            .replace(
                "{project}",
                "eu-west-1~111111111111~inspector~1756890000000",
            )
            .replace("{version}", "v7~1780304400000")
            .replace("{*name}", "customhouse.0a.css");
        let answer = who.get(format!("{url}{path}")).send().await.unwrap();
        let mut text = format!("{:?}", answer.headers());
        if route.kind == RouteKind::Stream {
            let mut bytes = answer.bytes_stream();
            let first = tokio::time::timeout(Duration::from_secs(20), bytes.next());
            let first = first.await.unwrap().unwrap().unwrap();
            text.push_str(std::str::from_utf8(&first).unwrap());
        } else {
            text.push_str(&answer.text().await.unwrap());
        }
        answers.push((path, text));
    }
    assert!(answers.len() > 30, "{}", answers.len());
    answers
}

/// The files of a folder but for those in which a secret is meant to be.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let names = paths.filter(|path| path.is_file()).map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    });
    let kept = |name: &str| {
        name == "customhouse.toml" || name.contains("set-up-link") || name.contains("key")
    };
    names.filter(|(name, _)| !kept(name)).collect()
}

/// The last part of the one-time link that the first start has written.
async fn link(folder: &Path) -> String {
    let file = until("the link is written", 30, || async {
        let mut entries = std::fs::read_dir(folder).unwrap();
        entries.find_map(|entry| {
            let path = entry.unwrap().path();
            path.to_str()
                .unwrap()
                .contains("set-up-link")
                .then_some(path)
        })
    })
    .await;
    let link = std::fs::read_to_string(file).unwrap();
    link.trim().rsplit('/').next().unwrap().to_owned()
}

fn value(headers: &HeaderMap, name: reqwest::header::HeaderName, before: char) -> String {
    let text = headers[name].to_str().unwrap();
    text.split_once(before).unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_shown_said_or_stored() {
    let folder = tempfile::tempdir().unwrap();
    let aws = FakeAws::start(1.0).await;
    write_site(&folder.path().join("site"));
    let config = configuration(folder.path(), &aws)
        .replace("filter = \"warn\"", "filter = \"debug\"")
        + &format!(
            "[sign_in.oidc]\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"console\"\n\
             client_secret = \"{CLIENT_SECRET}\"\n"
        );
    std::fs::write(folder.path().join("customhouse.toml"), config).unwrap();
    let log = folder.path().join("log");
    let mut child = command(folder.path())
        .arg("serve")
        .stdout(std::fs::File::create(folder.path().join("output")).unwrap())
        .stderr(std::fs::File::create(&log).unwrap())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let url = until("it listens", 30, || async {
        let said = std::fs::read_to_string(folder.path().join("output")).unwrap();
        said.lines()
            .next()?
            .strip_prefix("Customhouse is at ")
            .map(str::to_owned)
    })
    .await;

    let setup = link(folder.path()).await;
    let new = [
        ("account_name", "admin-1"),
        ("name", ""),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    let nobody = client();
    assert_eq!(
        post(&nobody, format!("{url}/setup/{setup}"), &new).await,
        303
    );
    let wrong = [("account_name", "admin-1"), ("password", MISTYPED)];
    let refused = post(&nobody, format!("{url}/api/sign-in/local"), &wrong).await;
    assert_eq!(refused, 401);
    let sent = headers_beside(folder.path()).await;
    let everybody = client_with(sent.clone());
    let form = [("source_version", TYPED), ("form_id", "none")];
    post(&everybody, format!("{url}/api/promotions/propose"), &form).await;
    post(
        &everybody,
        format!("{url}/api/models/refresh"),
        &[("account", "")],
    )
    .await;
    let mut answers = everything(&url, &everybody).await;
    answers.extend(everything(&url, &nobody).await);
    assert!(!aws.executed("AssumeRole").await.is_empty());
    child.kill().unwrap();
    child.wait().unwrap();

    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.contains("DEBUG"),
        "the log is as talkative as it should be: {log}"
    );
    let files = files(folder.path());
    assert!(files.iter().any(|(name, _)| name == "customhouse.sqlite"));
    let (session, token) = (value(&sent, COOKIE, '='), value(&sent, AUTHORIZATION, ' '));
    for secret in [
        SECRET,
        CLIENT_SECRET,
        PASSWORD,
        MISTYPED,
        &setup,
        &session,
        &token,
        "X-Amz-Security-Token: ",
    ] {
        for (name, bytes) in &files {
            let holds = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!holds, "{name} holds {secret}");
        }
        for (path, text) in &answers {
            assert!(!text.contains(secret), "{path} shows {secret}");
        }
    }
    assert!(!log.contains(TYPED), "what people type is not logged");
}
