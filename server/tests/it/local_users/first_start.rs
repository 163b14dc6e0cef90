//! The one-time link of the first start, and those of the command line.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use super::browser::Browser;
use super::{
    BETTER, GOOD, administrator, credentials, first_link, form, link_file, path_of, place,
};
use crate::support::place::{Place, said};
use crate::support::{Program, command};

/// What a page says, without its frame.
fn main_of(body: &str) -> &str {
    let begin = body.find("<main").unwrap();
    &body[begin..body.find("</main>").unwrap()]
}

async fn serve_with_log(place: &Place, log: &Path) -> Program {
    let (folder, log) = (place.folder.path().to_owned(), log.to_owned());
    tokio::task::spawn_blocking(move || {
        let log = std::fs::File::create(log).unwrap();
        let mut serve = command(&folder);
        serve.arg("serve").stderr(Stdio::from(log));
        serve.env("CUSTOMHOUSE_LOG__FILTER", "trace");
        Program::started(&mut serve)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_is_made_by_a_link_that_is_in_no_log() {
    let place = place().await;
    let log = place.path("log");
    let mut program = serve_with_log(&place, &log).await;
    let file = link_file(&place);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    let link = std::fs::read_to_string(&file).unwrap();
    assert!(
        link.starts_with(&format!("{}/setup/", program.url)),
        "{link}"
    );
    let path = first_link(&place);
    let token = path.trim_start_matches("/setup/").to_owned();
    assert_eq!(token.len(), 64);

    let mut browser = Browser::at(&program);
    for _ in 0..2 {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.referrer_policy, "no-referrer");
        assert!(page.body.contains("Make administrator"), "{}", page.body);
        assert!(!page.body.contains(&token), "the page does not repeat it");
        assert!(page.set_cookies.is_empty(), "looking begins nothing");
    }
    let weak = form(&[
        ("account_name", "Admin"),
        ("password", "password1234"),
        ("password_again", "password1234"),
    ]);
    let refused = browser.post(&path, &weak).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.referrer_policy, "no-referrer");
    assert!(refused.body.contains("is guessed soon"));
    assert!(
        refused.body.contains("value=\"Admin\""),
        "what was typed is kept"
    );
    assert!(!refused.body.contains("password1234"), "but for passwords");

    let mut browser = administrator(&place, &program).await;
    assert!(browser.cookies.contains_key("__Host-sid"));
    assert_eq!(browser.cookies["__Host-device"].len(), 64);
    assert_eq!(browser.get("/").await.status, 200);

    // Used, wrong and mistyped links look the same, to readers and to writers.
    let mut stranger = Browser::at(&program);
    let wrong = format!("/setup/{}", "0".repeat(64));
    let used = stranger.get(&path).await;
    assert_eq!(used.status, 404);
    assert_eq!(used.referrer_policy, "no-referrer");
    for path in [&wrong, "/setup/x"] {
        let other = stranger.get(path).await;
        assert_eq!(other.status, 404);
        assert_eq!(main_of(&other.body), main_of(&used.body));
    }
    let again = form(&[
        ("account_name", "second"),
        ("password", GOOD),
        ("password_again", GOOD),
    ]);
    for path in [&path, &wrong] {
        let answer = stranger.post(path, &again).await;
        assert_eq!(answer.status, 404);
        assert!(answer.body.contains("worth nothing"));
    }

    program.kill();
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.contains("TRACE") && log.contains("/setup/{token}"),
        "it is talkative"
    );
    assert!(
        log.contains(&*file.to_string_lossy()),
        "the log names the file"
    );
    let device = browser.cookies["__Host-device"].clone();
    for secret in [&token, GOOD, "password1234", &device] {
        assert!(!log.contains(secret), "the log holds {secret}");
        for name in ["customhouse.sqlite", "customhouse.sqlite-wal"] {
            let bytes = std::fs::read(place.path(name)).unwrap_or_default();
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{name} holds {secret}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_offers_no_link_once_there_is_an_administrator() {
    let place = place().await;
    let mut program = place.serve().await;
    administrator(&place, &program).await;
    program.kill();
    std::fs::remove_file(link_file(&place)).unwrap();
    let program = place.serve().await;
    assert!(!link_file(&place).exists());
    let mut browser = Browser::at(&program);
    let signed_in = browser
        .post("/api/sign-in/local", &credentials("admin", GOOD))
        .await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sits_at_the_machine_can_always_get_in() {
    let place = place().await;
    let program = place.serve().await;
    let mut admin = administrator(&place, &program).await;
    assert_eq!(admin.get("/").await.status, 200);

    let link = place.run(&["set-up-link"]).await;
    assert!(link.status.success(), "{}", said(&link));
    let mut second = Browser::at(&program);
    let typed = form(&[
        ("account_name", "second"),
        ("password", GOOD),
        ("password_again", GOOD),
    ]);
    let made = second.post(&path_of(&said(&link)), &typed).await;
    assert_eq!(made.status, 303, "{}", made.body);

    let made = place
        .run(&[
            "person",
            "create-local",
            "Viewer-1",
            "--name",
            "Viewer",
            "--role",
            "viewer",
        ])
        .await;
    assert!(made.status.success(), "{}", said(&made));
    let path = path_of(&said(&made));
    let mut viewer = Browser::at(&program);
    assert!(
        viewer
            .get(&path)
            .await
            .body
            .contains("Password of viewer-1")
    );
    let typed = form(&[("password", BETTER), ("password_again", BETTER)]);
    assert_eq!(viewer.post(&path, &typed).await.status, 303);
    assert_eq!(viewer.get("/").await.status, 200);

    let list = said(&place.run(&["person", "list"]).await);
    for part in [
        "admin at local",
        "Viewer  viewer-1 at local  viewer",
        "second at local",
    ] {
        assert!(list.contains(part), "{list}");
    }
    assert!(!list.contains("argon2"), "{list}");

    let reset = place.run(&["person", "reset-password", "viewer-1"]).await;
    let typed = form(&[("password", GOOD), ("password_again", GOOD)]);
    let mut other = Browser::at(&program);
    assert_eq!(
        other.post(&path_of(&said(&reset)), &typed).await.status,
        303
    );
    assert_eq!(
        viewer.get("/").await.status,
        303,
        "signed out by the new password"
    );
    assert_eq!(other.get("/").await.status, 200);

    let out = place.run(&["person", "deactivate", "viewer-1"]).await;
    assert!(out.status.success(), "{}", said(&out));
    assert_eq!(other.get("/").await.status, 303);
    let refused = other
        .post("/api/sign-in/local", &credentials("viewer-1", GOOD))
        .await;
    assert_eq!(refused.status, 401);
    assert!(
        place
            .run(&["person", "activate", "viewer-1"])
            .await
            .status
            .success()
    );
    let signed_in = other
        .post("/api/sign-in/local", &credentials("viewer-1", GOOD))
        .await;
    assert_eq!(signed_in.status, 303);

    for arguments in [
        &["person", "reset-password", "nobody"][..],
        &["person", "create-local", "viewer-1"],
    ] {
        let refused = place.run(arguments).await;
        assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    }
}
