//! Signing in and changing a password.

use super::browser::Browser;
use super::{BETTER, GOOD, administrator, credentials, form, place};

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_a_fresh_session_and_leads_on() {
    let place = place().await;
    let program = place.serve().await;
    let mut former = administrator(&place, &program).await;
    let mut browser = Browser::at(&program);
    // Somebody has planted their own session in this browser, and knows its device.
    browser.cookies = former.cookies.clone();
    let fixed = browser.cookies["__Host-sid"].clone();
    let mut typed = credentials(" Admin", GOOD);
    typed.push_str("&next=%2Fjobs%3Fpage%3D2");
    let signed_in = browser.post("/api/sign-in/local", &typed).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    assert_eq!(signed_in.location.as_deref(), Some("/jobs?page=2"));
    assert_ne!(browser.cookies["__Host-sid"], fixed);
    assert_eq!(browser.get("/").await.status, 200);
    assert_eq!(
        former.get("/").await.status,
        303,
        "the planted session is signed out"
    );
    for cookie in &signed_in.set_cookies {
        for part in [
            "__Host-",
            "; Secure",
            "; HttpOnly",
            "; SameSite=Lax",
            "; Path=/",
        ] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(signed_in.set_cookies.len(), 2);

    let mut typed = credentials("admin", GOOD);
    typed.push_str("&next=%2F%2Fexample.org");
    let signed_in = browser.post("/api/sign-in/local", &typed).await;
    assert_eq!(signed_in.location.as_deref(), Some("/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_why_they_are_not_let_in() {
    let place = place().await;
    let program = place.serve().await;
    administrator(&place, &program).await;
    let out = place
        .run(&["person", "create-local", "unset", "--role", "viewer"])
        .await;
    assert!(out.status.success());
    let mut browser = Browser::at(&program);
    let mut texts = Vec::new();
    for (account, password) in [
        ("admin", BETTER),
        ("nobody", GOOD),
        ("unset", GOOD),
        ("", ""),
    ] {
        let refused = browser
            .post("/api/sign-in/local", &credentials(account, password))
            .await;
        assert_eq!(refused.status, 401, "{account}");
        assert!(
            refused.set_cookies.is_empty(),
            "a stranger stores no session"
        );
        assert!(
            refused.body.contains("action=\"/api/sign-in/local\""),
            "one can go on"
        );
        assert!(!refused.body.contains(GOOD) && !refused.body.contains(BETTER));
        let begin = refused.body.find("id=\"errors\"").unwrap();
        let end = refused.body[begin..].find("<form").unwrap();
        texts.push(refused.body[begin..begin + end].to_owned());
    }
    assert!(texts[0].contains("do not fit"), "{}", texts[0]);
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");

    let unreadable = browser
        .post("/api/sign-in/local", "password=%FF&password=b")
        .await;
    assert!((400..500).contains(&unreadable.status), "{unreadable:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_other_sign_ins() {
    let place = place().await;
    let program = place.serve().await;
    let mut here = administrator(&place, &program).await;
    let mut there = Browser::at(&program);
    let signed_in = there
        .post("/api/sign-in/local", &credentials("admin", GOOD))
        .await;
    assert_eq!(signed_in.status, 303);
    let change = |current: &str, new: &str| {
        form(&[
            ("current_password", current),
            ("password", new),
            ("password_again", new),
        ])
    };
    let page = here.get("/settings/password").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("action=\"/api/settings/password\""));
    for (current, new, status, text) in [
        ("wrong", BETTER, 422, "not the present password"),
        (GOOD, "short", 422, "at least 12 characters"),
        (GOOD, "", 422, "Fill in this field"),
        (GOOD, "admin-admin-admin", 422, "little more than a name"),
    ] {
        let refused = here
            .post("/api/settings/password", &change(current, new))
            .await;
        assert_eq!(refused.status, status);
        assert!(refused.body.contains(text), "{}", refused.body);
    }
    assert_eq!(there.get("/").await.status, 200, "nothing was changed");

    let sid = here.cookies["__Host-sid"].clone();
    let changed = here
        .post("/api/settings/password", &change(GOOD, BETTER))
        .await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert_ne!(here.cookies["__Host-sid"], sid);
    let page = here.get(changed.location.as_deref().unwrap()).await;
    assert!(page.body.contains("The password was changed."));
    assert_eq!(there.get("/").await.status, 303, "signed out");
    let mut former = Browser::at(&program);
    let refused = former
        .post("/api/sign-in/local", &credentials("admin", GOOD))
        .await;
    assert_eq!(refused.status, 401);

    let mut stranger = Browser::at(&program);
    let page = stranger.get("/settings/password").await;
    assert_eq!(page.status, 303, "one signs in first");
    let refused = stranger
        .post("/api/settings/password", &change(BETTER, GOOD))
        .await;
    assert!(
        refused.status == 303 || refused.status == 401,
        "{refused:?}"
    );
    let signed_in = stranger
        .post("/api/sign-in/local", &credentials("admin", BETTER))
        .await;
    assert_eq!(signed_in.status, 303);
}
