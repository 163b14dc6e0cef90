//! Sessions: only where something is stored, and a form that was not accepted keeps its values.

use domain::Role;
use reqwest::header::COOKIE;

use crate::support::Console;
use crate::support::person::headers;

#[tokio::test]
async fn a_form_that_is_not_accepted_comes_back_with_its_values_to_its_owner() {
    let console = Console::start().await;
    console.refresh().await;
    let form = "source_version=&source_project=&destination_project=nothing&version_name=v+7\
                &bucket=b&prefix=&kms_key=&tags=&reason=canary%3Cb%3E&form_id=frm_01KATTTTTTTTTTTTTTTTTTTTTT";
    let answer = console.post_form("/api/promotions/propose", form).await;
    assert!(answer.status().is_redirection(), "{answer:?}");
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with("/promotions/new"), "{location}");
    assert!(
        !location.contains("canary"),
        "values never travel in the address: {location}"
    );
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-sid="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");

    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = |cookie: Option<String>| async {
        let mut request = console.request(reqwest::Method::GET, &location);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        request.send().await.unwrap().text().await.unwrap()
    };
    let stranger = headers(&console.operator(), "stranger", &[Role::Requester]).await;
    let stranger = page(stranger[COOKIE].to_str().ok().map(str::to_owned)).await;
    assert!(!stranger.contains("canary"), "{stranger}");
    let shown = page(Some(cookie.clone())).await;
    assert!(shown.contains("canary&lt;b"), "{shown}");
    assert!(!shown.contains("canary<b>"), "{shown}");
    let request = console.request(reqwest::Method::GET, "/promotions/new");
    let fresh = request
        .header("cookie", cookie)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!fresh.contains("canary"), "a fresh form is empty: {fresh}");
    console.stop().await.unwrap();
}

#[tokio::test]
async fn the_session_id_is_not_stored_in_clear() {
    let console = Console::start().await;
    let form = "source_version=x&source_project=&destination_project=&version_name=&bucket=&prefix=\
                &kms_key=&tags=&reason=&form_id=frm_01KATTTTTTTTTTTTTTTTTTTTTT";
    let answer = console.post_form("/api/promotions/propose", form).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let id = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    assert!(id.len() >= 22, "{cookie}");
    let mut held = Vec::new();
    for file in std::fs::read_dir(console.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            held.extend(std::fs::read(path).unwrap());
        }
    }
    assert!(!held.windows(id.len()).any(|bytes| bytes == id.as_bytes()));
    console.stop().await.unwrap();
}
