use http::StatusCode;

use crate::world::World;

#[tokio::test]
async fn only_a_few_forms_are_kept_and_each_fills_only_its_own_page() {
    let world = World::with_models().await;
    let mut pages = Vec::new();
    for number in 0..5 {
        let name = format!("v {number}");
        let answer = world
            .post("/api/promotions/propose", &[("version_name", &name)])
            .await;
        pages.push((name, answer.path().to_owned()));
    }
    let (oldest, path) = &pages[0];
    assert!(!world.get(path).await.html.contains(oldest), "forgotten");
    for (name, path) in &pages[1..] {
        let page = world.get(path).await;
        assert_eq!(
            page.attribute("#version_name", "value").as_ref(),
            Some(name)
        );
        // Reloading keeps it.
        assert_eq!(
            world
                .get(path)
                .await
                .attribute("#version_name", "value")
                .as_ref(),
            Some(name)
        );
    }
    let (_, path) = &pages[4];
    let query = path
        .split_once('?')
        .expect("a query")
        .1
        .split('#')
        .next()
        .unwrap_or_default();
    let page = world.get(&format!("/accounts?{query}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.has("#errors"));
}

#[tokio::test]
async fn the_id_of_a_form_that_came_back_is_fresh() {
    let world = World::with_models().await;
    let page = world
        .submit("/api/promotions/propose", &[("form_id", "frm_x")])
        .await;
    let id = page
        .attribute("input[name=form_id]", "value")
        .expect("a form id");
    assert!(id.parse::<domain::FormId>().is_ok(), "{id}");
}
