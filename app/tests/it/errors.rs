use http::StatusCode;

use crate::world::World;

#[tokio::test]
async fn what_does_not_exist_is_a_page_with_404() {
    let world = World::with_models().await;
    for path in [
        "/nowhere",
        "/accounts/000000000000",
        "/accounts/%3Cscript%3E",
        "/models/nothing",
        "/models/eu-west-1~111111111111~inspector~1",
        "/models/eu-west-1~111111111111~inspector~1/v7~1",
        "/policies/nothing",
        "/policies/eu-west-1~111111111111~nothing~1",
        "/promotions/prp_01KATTTTTTTTTTTTTTTTTTTTTT",
        "/promotions/x",
        "/jobs/job_01KATTTTTTTTTTTTTTTTTTTTTT",
        "/jobs/..%2F..",
    ] {
        let page = world.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.text("[role=alert]").starts_with("There is no"),
            "{path}"
        );
        assert!(!page.html.contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn every_place_opens_before_anything_was_read() {
    let world = World::start().await;
    for (path, title) in [
        ("/", "Home"),
        ("/accounts", "Accounts (3)"),
        ("/accounts/111111111111", "vision-dev"),
        ("/models", "Models"),
        ("/policies", "Policies"),
        ("/promotions", "Promotions"),
        ("/promotions/new", "New promotion"),
    ] {
        let page = world.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.text("h1"), title);
        assert!(page.text("title").ends_with(" · Customhouse"), "{path}");
        assert!(page.has("nav [aria-current]"), "{path}");
    }
    assert_eq!(
        world
            .get("/")
            .await
            .texts("#first-steps ~ * h3, .first-steps h3")
            .len(),
        3
    );
    assert_eq!(
        world.get("/models").await.text(".empty p"),
        "Nothing has been read yet"
    );
}

#[tokio::test]
async fn a_message_cannot_be_forged_with_a_link() {
    let world = World::with_models().await;
    for query in [
        "__err=eyJ4IjoiaGFja2VkIn0=&__path=/api/models/refresh",
        "form=hacked",
        "form=frm_01KATTTTTTTTTTTTTTTTTTTTTT",
    ] {
        for place in ["/models", "/promotions/new", "/accounts"] {
            let page = world.get(&format!("{place}?{query}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.has("#errors"), "{place}?{query}");
            assert!(!page.html.contains("hacked"), "{place}?{query}");
        }
    }
}
