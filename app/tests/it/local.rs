//! Pages on which a password is typed.

use domain::Actor;
use http::StatusCode;
use operations::people::local;

use crate::world::World;

#[tokio::test]
async fn a_link_opens_the_form_that_it_is_for() {
    let world = World::start().await;
    let operator = world.cx.acting_as(Actor::LocalOperator);
    let token = local::new_administrator(&operator).await;
    let path = format!("/setup/{}", token.expect("a link is made").reveal());
    let page = world.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text("h1"), "Set up Customhouse");
    for (field, autocomplete) in [
        ("#account_name", "username"),
        ("#password", "new-password"),
        ("#password_again", "new-password"),
    ] {
        let found = page.attribute(field, "autocomplete");
        assert_eq!(found.as_deref(), Some(autocomplete), "{field}");
    }
    assert_eq!(
        page.attribute("#password", "type").as_deref(),
        Some("password")
    );

    let account = "viewer-1".parse().expect("an account name");
    let made = local::create(&operator, &account, None, &[]).await;
    let (_, token) = made.expect("a local user is made");
    let page = world.get(&format!("/setup/{}", token.reveal())).await;
    assert_eq!(page.text("h2"), "Password of viewer-1");
    assert!(!page.has("#account_name"));

    let page = world.get("/setup/x").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.text("h1"), "Link not valid");
}

#[tokio::test]
async fn signing_in_asks_for_two_things_and_leads_on() {
    let world = World::start().await;
    let page = world.get("/sign-in?next=%2Fjobs%2F%22%3E").await;
    assert_eq!(page.status, StatusCode::OK);
    let next = page.attribute(
        "form[action='/api/sign-in/local'] input[name=next]",
        "value",
    );
    assert_eq!(next.as_deref(), Some("/jobs/\">"));
    for (field, autocomplete) in [
        ("#account_name", "username"),
        ("#password", "current-password"),
    ] {
        let found = page.attribute(field, "autocomplete");
        assert_eq!(found.as_deref(), Some(autocomplete), "{field}");
    }
}

#[tokio::test]
async fn whom_an_issuer_vouches_for_has_no_password_to_change() {
    let world = World::start().await;
    let page = world.get("/settings/password").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has(".empty"), "{}", page.html);
    assert!(!page.has("form[action='/api/settings/password']"));
}
