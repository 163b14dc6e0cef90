use crate::html::Page;
use crate::world::{PROD, World};

/// The page of the policies of inspector in dev.
async fn inspector(world: &World) -> String {
    let page = world.get("/policies").await;
    let document = scraper::Html::parse_document(&page.html);
    let selector = scraper::Selector::parse("tbody tr").expect("a selector");
    let link = scraper::Selector::parse("a").expect("a selector");
    let row = document.select(&selector).find(|row| {
        let text: String = row.text().collect();
        ["inspector", "vision-dev", "eu-west-1"]
            .iter()
            .all(|word| text.contains(word))
    });
    let link = row
        .and_then(|row| row.select(&link).next())
        .and_then(|link| link.attr("href"));
    link.expect("inspector in vision-dev").to_owned()
}

fn project(page: &Page) -> String {
    page.attribute(
        "#attach ~ * input[name=project], input[name=project]",
        "value",
    )
    .expect("a project")
}

#[tokio::test]
async fn a_policy_is_shown_as_it_will_be_sent_then_attached_then_removed() {
    let world = World::with_models().await;
    let path = inspector(&world).await;
    let page = world.get(&path).await;
    assert!(!page.has("#preview"), "no document before the choices");
    let project = project(&page);
    let version = page
        .attribute("input[name='versions[]']", "value")
        .expect("a version");
    let choices = [
        ("project", project.as_str()),
        ("account", PROD),
        ("versions[]", &version),
    ];
    let answer = world.post("/api/policies/preview", &choices).await;
    assert!(answer.path().ends_with("#preview"), "{answer:?}");
    let page = world.get(answer.path()).await;
    let document = page.text("#preview pre");
    assert!(
        document.contains(&version) && document.contains(PROD),
        "{document}"
    );
    assert!(page.text("#preview").contains("of 2,000 characters"));
    assert!(
        page.has("input[name='versions[]'][checked]"),
        "the choices are kept"
    );

    let mut fields = choices.to_vec();
    let id = page
        .attribute("#preview input[name=form_id]", "value")
        .expect("a form id");
    fields.extend([("policy_name", "export"), ("form_id", &id)]);
    let job = world
        .post("/api/policies/attach", &fields)
        .await
        .path()
        .to_owned();
    assert!(job.starts_with("/jobs/job_"), "{job}");
    world.settle().await;
    assert_eq!(
        world.get(&job).await.text(".page-head .status"),
        "Succeeded"
    );
    // The page that was opened before the job is told, and asks for this.
    let followed = page.attribute("[data-fragment^='/fragments/policies']", "data-follows");
    let followed = followed.unwrap_or_default();
    assert!(
        followed.split(' ').any(|topic| topic == "job"),
        "{followed}"
    );
    let fragment = page.attribute("[data-fragment^='/fragments/policies']", "data-fragment");
    assert_eq!(fragment, Some(format!("/fragments{path}")));
    let key = path.trim_start_matches("/policies/");
    let assets = app::assets::AssetManifest::default();
    let fragment = app::fragments::project_policies(&world.cx, &assets, key).await;
    let fragment = fragment.expect("a fragment");
    assert!(fragment.contains("export"), "{fragment}");
    assert!(!fragment.contains("id=\"attach\""), "the form stays alone");
    let page = world.get(&path).await;
    let sent = page
        .texts(".rows pre")
        .into_iter()
        .find(|text| text.contains(&version));
    assert_eq!(sent.as_deref(), Some(document.as_str()), "byte for byte");
    assert!(
        page.text("section[aria-labelledby=policies]")
            .contains("export")
    );
    assert!(page.html.contains("revision"));

    let revision = page.attribute("input[name=revision]", "value");
    let revision = revision.expect("the revision that is shown");
    let removal = [
        ("project", project.as_str()),
        ("policy_name", "export"),
        ("revision", &revision),
    ];
    let job = world
        .post("/api/policies/remove", &removal)
        .await
        .path()
        .to_owned();
    world.settle().await;
    assert_eq!(
        world.get(&job).await.text(".page-head .status"),
        "Succeeded"
    );
    let page = world.get(&path).await;
    assert!(
        !page
            .text("section[aria-labelledby=policies]")
            .contains("export")
    );
}

#[tokio::test]
async fn wrong_choices_stand_beside_their_fields() {
    let world = World::with_models().await;
    let path = inspector(&world).await;
    let project = project(&world.get(&path).await);
    let page = world
        .submit("/api/policies/preview", &[("project", &project)])
        .await;
    assert!(!page.text("#account-error").is_empty());
    assert!(!page.text("#versions-error").is_empty());
    assert_eq!(page.texts("#errors li").len(), 2);
    let wildcard = [
        ("project", project.as_str()),
        ("account", PROD),
        ("every_version", "on"),
        ("policy_name", "a b"),
    ];
    let page = world.submit("/api/policies/attach", &wildcard).await;
    assert!(!page.text("#policy_name-error").is_empty());
    assert_eq!(
        page.attribute("#policy_name", "value").as_deref(),
        Some("a b")
    );
    assert!(page.text("#preview pre").contains("/version/*"));
    assert!(page.has("input[name=every_version][checked]"));
}

#[tokio::test]
async fn nothing_is_removed_that_is_not_there() {
    let world = World::with_models().await;
    let path = inspector(&world).await;
    let project = project(&world.get(&path).await);
    let removal = [("project", project.as_str()), ("policy_name", "nothing")];
    let page = world.submit("/api/policies/remove", &removal).await;
    assert!(page.text("#errors").contains("no policy of this name"));
    let page = world
        .submit(
            "/api/policies/remove",
            &[("project", "x"), ("policy_name", "y")],
        )
        .await;
    assert_eq!(page.text("h1"), "Policies");
}
