use crate::html::Page;
use crate::world::{DEV, PROD, World};

const FORM: &str = "/api/promotions/propose";

/// The ARN of an option whose text holds all words.
fn option(page: &Page, select: &str, words: &[&str]) -> String {
    let document = scraper::Html::parse_document(&page.html);
    let selector = scraper::Selector::parse(&format!("#{select} option")).expect("a selector");
    let found = document.select(&selector).find(|option| {
        let group = option.parent().and_then(scraper::ElementRef::wrap);
        let group = group
            .and_then(|group| group.attr("label"))
            .unwrap_or_default();
        let text = format!("{group} {}", option.text().collect::<String>());
        words.iter().all(|word| text.contains(word))
    });
    let value = found
        .and_then(|option| option.attr("value"))
        .unwrap_or_default();
    assert!(value.starts_with("arn:"), "no {words:?} in {select}");
    value.to_owned()
}

pub(crate) fn source(page: &Page) -> String {
    option(
        page,
        "source_version",
        &["inspector v7", DEV_GROUPED, "eu-west-1"],
    )
}

const DEV_GROUPED: &str = "1111 1111 1111";

pub(crate) fn destination(page: &Page) -> String {
    option(
        page,
        "destination_project",
        &["eu-west-1", "vision-prod", "inspector"],
    )
}

#[tokio::test]
async fn a_good_form_leads_to_a_job_and_twice_to_the_same() {
    let world = World::with_models().await;
    let form = world.get("/promotions/new").await;
    let (source, destination) = (source(&form), destination(&form));
    let chosen = world
        .get(&format!(
            "/promotions/new?source={source}&destination={destination}"
        ))
        .await;
    assert!(
        chosen
            .text(".page-head .route")
            .contains("inspector v7 · dev vision-dev")
    );
    assert_eq!(
        chosen.attribute("#version_name", "value").as_deref(),
        Some("v7")
    );
    let id = chosen
        .attribute("input[name=form_id]", "value")
        .expect("a form id");
    let fields = [
        ("form_id", id.as_str()),
        ("source_version", &source),
        ("destination_project", &destination),
        ("version_name", "v7"),
        ("bucket", "vision-prod-models"),
        ("prefix", "inspector"),
        ("kms_key", ""),
        ("tags", "team=vision"),
        ("reason", "the line needs it"),
    ];
    let first = world.post(FORM, &fields).await;
    assert!(first.path().starts_with("/jobs/job_"), "{first:?}");
    let again = world.post(FORM, &fields).await;
    assert_eq!(again.path(), first.path());
    let list = world.get("/promotions").await;
    assert_eq!(list.texts("tbody tr").len(), 1);
    let other = fields.map(|(name, value)| {
        (
            name,
            if name == "reason" {
                "another reason"
            } else {
                value
            },
        )
    });
    let page = world.submit(FORM, &other).await;
    assert!(
        page.text("#errors").contains("used before"),
        "{}",
        page.text("#errors")
    );
}

#[tokio::test]
async fn every_bad_field_says_so_and_nothing_typed_is_lost() {
    let world = World::with_models().await;
    let script = "<script>alert(1)</script>";
    let page = world
        .submit(
            FORM,
            &[
                ("source_version", script),
                ("destination_project", "nonsense"),
                ("version_name", "v 7"),
                ("bucket", "a"),
                ("prefix", "line\u{7}feed"),
                ("kms_key", "/alias"),
                ("tags", "\nteam"),
                ("reason", "</textarea><script>alert(1)</script>"),
            ],
        )
        .await;
    assert_eq!(
        page.texts("#errors li").len(),
        7,
        "{:?}",
        page.texts("#errors li")
    );
    for (field, value) in [
        ("version_name", "v 7"),
        ("bucket", "a"),
        ("kms_key", "/alias"),
    ] {
        let selector = format!("#{field}");
        assert_eq!(
            page.attribute(&selector, "aria-invalid").as_deref(),
            Some("true"),
            "{field}"
        );
        assert_eq!(page.attribute(&selector, "value").as_deref(), Some(value));
        let described = page
            .attribute(&selector, "aria-describedby")
            .unwrap_or_default();
        assert!(
            described.starts_with(&format!("{field}-error")),
            "{described}"
        );
        assert!(!page.text(&format!("#{field}-error")).is_empty());
        assert!(page.has(&format!("#errors a[href='#{field}']")));
    }
    assert_eq!(
        page.attribute("#source_version option[selected]", "value")
            .as_deref(),
        Some(script)
    );
    assert!(page.text("#tags-error").starts_with("Line 2:"));
    assert_eq!(page.text("#reason"), "</textarea><script>alert(1)</script>");
    assert!(!page.html.contains("<script>alert"));
    assert_eq!(
        world
            .aws
            .calls_of("CopyProjectVersion")
            .await
            .expect("a ledger")
            .len(),
        0
    );
    assert_eq!(world.get("/promotions").await.texts("tbody tr").len(), 0);
}

#[tokio::test]
async fn the_first_line_of_a_text_is_kept_even_when_it_is_empty() {
    let world = World::with_models().await;
    let page = world
        .submit(FORM, &[("tags", "\nteam"), ("reason", "\n\nlast")])
        .await;
    let document = scraper::Html::parse_document(&page.html);
    let selector = scraper::Selector::parse("#reason").expect("a selector");
    let text: String = document
        .select(&selector)
        .flat_map(|field| field.text())
        .collect();
    assert_eq!(text, "\n\nlast");
}

#[tokio::test]
async fn another_region_is_refused_at_its_field_and_cannot_be_chosen() {
    let world = World::with_models().await;
    let form = world.get("/promotions/new").await;
    let source = source(&form);
    let elsewhere = option(&form, "destination_project", &["us-east-1", "vision-prod"]);
    let page = world
        .submit(
            FORM,
            &[
                ("source_version", &source),
                ("destination_project", &elsewhere),
                ("version_name", "v7"),
                ("bucket", "vision-prod-models"),
            ],
        )
        .await;
    assert!(
        page.text("#destination_project-error")
            .contains("one Region")
    );
    assert!(page.has("#destination_project optgroup[data-region=us-east-1][disabled]"));
    assert!(page.has(&format!(
        "#destination_project > option[value='{elsewhere}'][selected]"
    )));
}

#[tokio::test]
async fn a_promotion_shows_its_plan_in_nine_boxes() {
    let world = World::with_models().await;
    let form = world.get("/promotions/new").await;
    let (source, destination) = (source(&form), destination(&form));
    let job = world
        .submit(
            FORM,
            &[
                ("source_version", &source),
                ("destination_project", &destination),
                ("version_name", "v7"),
                ("bucket", "vision-prod-models"),
                ("reason", "<b>why</b>"),
            ],
        )
        .await;
    let path = job
        .attribute(".page-meta a", "href")
        .expect("a link to the promotion");
    let page = world.get(&path).await;
    assert_eq!(page.texts(".decl-box").len(), 9);
    assert_eq!(
        page.text("#plan ~ .seal code, .card-head .seal code").len(),
        6
    );
    assert!(page.text(".stamp").contains("Approved"));
    assert!(page.text(".stamp").contains("approval rule"));
    assert!(page.html.contains("&lt;b&gt;why&lt;/b&gt;"));
    assert!(page.has("a[href^='/jobs/job_']"));
    assert!(page.html.contains(PROD) && page.html.contains(DEV));
}

#[tokio::test]
async fn a_blank_form_is_filled_in_as_the_link_of_a_version_does() {
    let world = World::with_models().await;
    let blank = world.get("/promotions/new").await;
    let (source, destination) = (source(&blank), destination(&blank));
    for field in ["version_name", "prefix"] {
        assert_eq!(value(&blank, field), "", "{field}");
    }
    assert!(blank.html.contains("formaction=\"/api/promotions/fill\""));
    let address = format!("/promotions/new?source={source}&destination={destination}");
    let linked = world.get(&address).await;
    assert_eq!(value(&linked, "version_name"), "v7");
    let chosen = [
        ("source_version", source.as_str()),
        ("destination_project", &destination),
        ("bucket", "vision-prod-models"),
        ("reason", "the line needs it"),
    ];
    let filled = world.submit("/api/promotions/fill", &chosen).await;
    for field in ["version_name", "prefix"] {
        assert_eq!(value(&filled, field), value(&linked, field), "{field}");
        assert_ne!(value(&filled, field), "", "{field}");
    }
    for part in ["[data-part=outline]", "[data-part=arrow]"] {
        assert_eq!(filled.text(part), linked.text(part));
        assert_ne!(filled.text(part), blank.text(part));
    }
    assert!(!filled.has("#errors"), "nothing is wrong");
    assert_eq!(value(&filled, "bucket"), "vision-prod-models");
    assert_eq!(filled.text("#reason"), "the line needs it");
    let page = world.get("/promotions").await;
    assert_eq!(page.texts("tbody tr").len(), 0, "nothing is proposed");

    let mut typed = chosen.to_vec();
    typed.extend([("version_name", "mine"), ("prefix", "here")]);
    let kept = world.submit("/api/promotions/fill", &typed).await;
    assert_eq!(value(&kept, "version_name"), "mine");
    assert_eq!(value(&kept, "prefix"), "here");
}

fn value(page: &Page, field: &str) -> String {
    page.attribute(&format!("#{field}"), "value")
        .unwrap_or_default()
}

#[tokio::test]
async fn a_key_of_another_region_is_refused_at_its_field() {
    let world = World::with_models().await;
    let form = world.get("/promotions/new").await;
    let key = format!("arn:aws:kms:us-east-1:{PROD}:key/1234abcd");
    let fields = [
        ("source_version", source(&form)),
        ("destination_project", destination(&form)),
        ("version_name", "v7".to_owned()),
        ("bucket", "vision-prod-models".to_owned()),
        ("kms_key", key.clone()),
    ];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let page = world.submit(FORM, &fields).await;
    assert_eq!(page.texts("#errors li").len(), 1);
    let error = page.text("#kms_key-error");
    assert!(error.contains("another Region"), "{error}");
    assert!(error.contains("Give a key of"), "{error}");
    assert_eq!(value(&page, "kms_key"), key);
}
