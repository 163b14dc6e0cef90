use serde_json::json;

use crate::world::{DEV, World};

#[tokio::test]
async fn versions_of_all_accounts_stand_side_by_side() {
    let world = World::with_models().await;
    let page = world.get("/models").await;
    let heads = page.texts("section[data-filter-group] h2");
    assert!(
        heads
            .iter()
            .any(|head| head.starts_with("inspector eu-west-1")),
        "{heads:?}"
    );
    let row = page.text("tr[data-filter*='inspector v7 eu-west-1']");
    assert!(row.contains("Trained"), "{row}");
    assert!(row.contains(" %"), "{row}");
    assert!(row.contains("not here"), "{row}");
    let promote = "a[aria-label='Promote inspector v7 to vision-prod']";
    let path = page.attribute(promote, "href").expect("a way to promote");
    assert!(path.starts_with("/promotions/new?source=arn:aws:rekognition:eu-west-1:111111111111:"));
    assert!(
        !page.has("a[aria-label='Promote inspector v8 to vision-prod']"),
        "v8 is in training"
    );
}

#[tokio::test]
async fn a_filter_hides_rows_without_scripts() {
    let world = World::with_models().await;
    let page = world.get("/models?q=inspector+v7").await;
    assert!(page.has("tr[data-filter*='inspector v7']:not([hidden])"));
    assert!(page.has("tr[data-filter*='inspector v6'][hidden]"));
    let page = world.get("/models?q=%22%3E%3Cscript%3E").await;
    assert!(!page.html.contains("\"><script>"));
    assert!(!page.has("tr[data-filter]:not([hidden])"));
}

#[tokio::test]
async fn every_address_on_the_grid_opens() {
    let world = World::with_models().await;
    let grid = world.get("/models").await;
    let links = grid.html.split("href=\"/models/").skip(1);
    let links: Vec<_> = links.filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() > 5, "{links:?}");
    for link in links {
        let page = world.get(&format!("/models/{link}")).await;
        assert_eq!(page.status, 200, "{link}");
        let project = link.split('/').next().unwrap_or_default();
        assert_eq!(
            world.get(&format!("/models/{project}")).await.status,
            200,
            "{project}"
        );
    }
}

#[tokio::test]
async fn a_place_that_refuses_is_named_and_its_old_data_stays() {
    let world = World::with_models().await;
    let trust = json!({ "Version": "2012-10-17", "Statement": [] });
    let role = json!({ "name": "customhouse-reader", "trust_policy": trust.to_string() });
    let fragment = json!({ "account": [{ "id": DEV, "role": [role] }] });
    world.aws.merge(fragment).await.expect("the world changes");
    world.aws.advance(7200.0).await.expect("time passes");
    world.clock.advance(7_200_000);
    let page = world.submit("/api/models/refresh", &[]).await;
    let message = page.text(".flash.is-person");
    assert!(message.contains("vision-dev"), "{message}");
    assert!(page.has("tr[data-filter*='inspector v7']"));
}
