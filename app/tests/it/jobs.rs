use operations::promotions::PromotionForm;
use operations::{Proposed, promotions};
use serde_json::json;

use crate::promotions::{destination, source};
use crate::world::World;

/// Proposes inspector v7 from dev to prod under `name`.
async fn propose(world: &World, name: &str) -> Proposed {
    let page = world.get("/promotions/new").await;
    let form = PromotionForm {
        source_version: source(&page),
        destination_project: destination(&page),
        version_name: name.to_owned(),
        bucket: "vision-prod-models".to_owned(),
        ..PromotionForm::default()
    };
    promotions::propose(&world.cx, &form)
        .await
        .expect("a proposal")
}

fn path(proposed: &Proposed) -> String {
    format!("/jobs/{}", proposed.job.as_ref().expect("a job").id)
}

#[tokio::test]
async fn a_job_is_shown_from_its_queue_to_its_proof() {
    let world = World::with_models().await;
    let path = path(&propose(&world, "v7").await);
    let page = world.get(&path).await;
    assert_eq!(page.text(".page-head .status"), "Queued");
    assert!(
        page.html
            .contains("<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>")
    );
    assert_eq!(
        page.attribute("[data-fragment^='/fragments/jobs']", "data-fragment"),
        Some(format!("/fragments{path}"))
    );
    assert_eq!(page.texts(".stations .station-name").len(), 5);

    let mut page = world.get(&path).await;
    while !page.has(".aws-said") {
        assert!(world.step().await, "{}", page.html);
        page = world.get(&path).await;
    }
    assert_eq!(page.text(".page-head .status"), "Copying");
    assert!(
        page.text(".aws-said")
            .contains("AWS said COPYING_IN_PROGRESS"),
        "{}",
        page.text(".aws-said")
    );
    assert!(page.text("#step-copy").contains("New version"));
    assert!(page.text("#step-copy").contains("CopyProjectVersion"));
    assert!(
        page.text("#step-copy [aria-label^='Copy ARN of inspector v7']")
            .is_empty()
    );

    world.settle().await;
    let page = world.get(&path).await;
    assert_eq!(page.text(".page-head .status"), "Succeeded");
    assert!(
        page.text(".flash.is-done")
            .contains("inspector v7 is in vision-prod.")
    );
    assert!(
        page.text("section[aria-labelledby=proof]")
            .contains("Grant removed")
    );
    assert!(
        page.text("section[aria-labelledby=proof]")
            .contains("Copy asked for 1 time")
    );
    assert!(
        !page.html.contains("http-equiv"),
        "nothing reloads any more"
    );
    assert_eq!(page.texts(".station-done").len(), 5);
}

#[tokio::test]
async fn a_failed_job_says_cause_consequence_and_next_step() {
    let world = World::with_models().await;
    let message = "<img src=x onerror=alert(1)>";
    let fault = json!({
        "operation": "CopyProjectVersion",
        "effect": { "kind": "copy_fails", "message": message },
    });
    world.aws.fault(fault).await.expect("a fault");
    let path = path(&propose(&world, "v7").await);
    world.settle().await;
    let page = world.get(&path).await;
    assert_eq!(page.text(".page-head .status"), "Failed");
    let reason = page.text(".flash.is-failed");
    assert!(reason.contains("COPYING_FAILED"), "{reason}");
    assert!(
        reason.contains("Consequence") && reason.contains("Next step"),
        "{reason}"
    );
    assert!(reason.contains(message), "{reason}");
    assert!(!page.html.contains("<img"), "AWS's text is text");
    assert!(page.has(".station-failed"));
    assert!(
        page.text("section[aria-labelledby=proof]")
            .contains("Grant removed")
    );
    let promotion = page
        .attribute(".page-meta a", "href")
        .expect("a link to the promotion");
    let promotion = world.get(&promotion).await;
    let again = "a[href^='/promotions/new?source=arn:aws:rekognition:'][href*='&destination=arn:']";
    assert_eq!(promotion.text(again), "Promote again");
}

#[tokio::test]
async fn steps_that_a_failed_job_did_not_come_to_were_not_run() {
    let world = World::with_models().await;
    let page = world.get("/promotions/new").await;
    let form = PromotionForm {
        source_version: source(&page),
        destination_project: destination(&page),
        version_name: "v7".to_owned(),
        bucket: "no-such-bucket".to_owned(),
        ..PromotionForm::default()
    };
    let proposed = promotions::propose(&world.cx, &form).await;
    let path = path(&proposed.expect("a proposal"));
    world.settle().await;
    let page = world.get(&path).await;
    assert_eq!(page.text(".page-head .status"), "Failed");
    assert_eq!(page.text("#step-check .status"), "Failed");
    for step in ["grant", "copy", "verify", "revoke"] {
        let head = page.text(&format!("#step-{step} .step-head"));
        assert!(head.ends_with("Not run"), "no time behind it: {head}");
    }
    let spoken = page.texts(".station-skipped .station-name");
    assert_eq!(spoken.len(), 4);
    assert!(
        spoken.iter().all(|text| text.ends_with(": not run")),
        "{spoken:?}"
    );
    assert!(
        page.texts(".station-skipped .station-time")
            .concat()
            .is_empty()
    );
    assert!(!page.html.contains("ot needed"), "{}", page.html);
    let proof = page.text("section[aria-labelledby=proof]");
    assert!(proof.contains("Grant not put"), "{proof}");
}

#[tokio::test]
async fn the_fragment_is_what_the_page_holds() {
    let world = World::with_models().await;
    let proposed = propose(&world, "v7").await;
    let path = path(&proposed);
    let page = world.get(&path).await;
    let id = path.trim_start_matches("/jobs/");
    let assets = app::assets::AssetManifest::default();
    let fragment = app::fragments::job(&world.cx, &assets, id)
        .await
        .expect("a fragment");
    assert!(
        page.html.contains(&fragment),
        "{fragment}\n\nis not in\n\n{}",
        page.html
    );
    let missing = app::fragments::job(&world.cx, &assets, "job_x").await;
    assert!(matches!(missing, Err(operations::OpError::NotFound { .. })));
    for html in [
        app::fragments::home(&world.cx, &assets)
            .await
            .expect("a fragment"),
        app::fragments::promotions(&world.cx, &assets)
            .await
            .expect("a fragment"),
        app::fragments::models(&world.cx, &assets)
            .await
            .expect("a fragment"),
        app::fragments::policies(&world.cx, &assets)
            .await
            .expect("a fragment"),
        app::fragments::promotion(&world.cx, &assets, &proposed.proposal.id.to_string())
            .await
            .expect("a fragment"),
    ] {
        assert!(html.contains("class=") && !html.contains("<html"), "{html}");
    }
}

#[tokio::test]
async fn home_shows_what_runs_and_what_ran() {
    let world = World::with_models().await;
    propose(&world, "v7").await;
    let page = world.get("/").await;
    assert_eq!(page.texts("#running").len(), 1);
    assert_eq!(
        page.texts("section[aria-labelledby=recent] tbody tr").len(),
        1
    );
    assert!(page.html.contains("http-equiv=\"refresh\""));
    world.settle().await;
    let page = world.get("/").await;
    assert!(!page.has("#running"));
    assert!(
        page.text("section[aria-labelledby=recent]")
            .contains("Succeeded")
    );
}

/// The hidden fields of the first form that posts to `action`.
fn hidden(page: &crate::html::Page, action: &str) -> (String, String) {
    let value = |name: &str| {
        let input = format!("form[action='{action}'] input[name={name}]");
        page.attribute(&input, "value").expect("a hidden field")
    };
    (value("job"), value("form_id"))
}

/// Posts a form of the job page as a browser without scripts does.
async fn post(world: &World, path: &str, action: &str, more: &[(&str, &str)]) {
    let page = world.get(path).await;
    let (job, form_id) = hidden(&page, action);
    let mut fields = vec![("job", job.as_str()), ("form_id", form_id.as_str())];
    fields.extend(more);
    let answer = world.post(action, &fields).await;
    assert_eq!(answer.path(), path);
}

#[tokio::test]
async fn a_job_is_stopped_from_its_page_with_the_truth_told_first() {
    let world = World::with_models().await;
    let path = path(&propose(&world, "v7").await);
    let page = world.get(&path).await;
    let question = page.text("#confirm-stop");
    assert!(question.contains("no copy is made"), "{question}");
    while !world.get(&path).await.has(".aws-said") {
        assert!(world.step().await);
    }
    let question = world.get(&path).await.text("#confirm-stop");
    assert!(question.contains("AWS has no cancel"), "{question}");
    post(&world, &path, "/api/jobs/stop", &[]).await;
    let page = world.get(&path).await;
    assert!(
        page.text("section[aria-labelledby=requests]")
            .contains("Stop by usr_01K5TTTTTTTTTTTTTTTTTTTTTT")
    );
    while !world.get(&path).await.has(".page-head .badge.is-person") {
        assert!(world.step().await);
    }
    let page = world.get(&path).await;
    assert!(page.text(".page-head").contains("being stopped"));
    assert!(!page.has("#confirm-stop"), "it is not stopped twice");
    world.settle().await;
    let page = world.get(&path).await;
    assert_eq!(page.text(".page-head .status"), "Stopped");
    assert!(
        page.text(".flash")
            .contains("AWS made inspector v7 in vision-prod")
    );
    assert!(
        page.text("section[aria-labelledby=proof]")
            .contains("Grant removed")
    );
    // Too late.
    let id = path.rsplit('/').next().expect("an id");
    let page = world.submit("/api/jobs/stop", &[("job", id)]).await;
    assert!(
        page.text("#errors").contains("The job has ended."),
        "{}",
        page.html
    );
}

#[tokio::test]
async fn an_operator_sees_what_aws_shows_and_decides() {
    let world = World::with_models().await;
    let hide = json!({ "assumptions": { "copy_output_config": "absent", "tags_visible": false } });
    world.aws.merge(hide).await.expect("other assumptions");
    let fault = json!({
        "operation": "CopyProjectVersion",
        "effect": { "kind": "reset_after" },
    });
    world.aws.fault(fault).await.expect("a fault");
    let path = path(&propose(&world, "v7").await);
    while world.get(&path).await.text(".page-head .status") != "Needs operator" {
        assert!(world.step().await);
    }
    assert!(world.step().await);
    let page = world.get(&path).await;
    let seen = page.text("section[aria-labelledby=operator]");
    for part in [
        "Version",
        "as planned",
        "Not adopted",
        "may stand",
        "Look again",
        "Give up",
    ] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    assert!(!page.has("#confirm-resend"), "a version is there");
    let calls = page.text("#step-copy details.calls");
    assert!(!calls.contains("not sent"), "no call was made: {calls}");
    assert!(!page.has("#confirm-stop"));
    let version = page.attribute("#confirm-adopt input[name=version]", "value");
    let version = version.expect("the version that AWS shows");
    let wrong = [("version", "arn:aws:iam::1:role/x")];
    let (job, form_id) = hidden(&page, "/api/jobs/adopt");
    let fields = [
        ("job", job.as_str()),
        ("form_id", form_id.as_str()),
        wrong[0],
    ];
    let refused = world.submit("/api/jobs/adopt", &fields).await;
    assert!(refused.text("#errors").contains("ARN of a model version"));
    post(&world, &path, "/api/jobs/adopt", &[("version", &version)]).await;
    world.settle().await;
    let page = world.get(&path).await;
    assert_eq!(page.text(".page-head .status"), "Succeeded");
    let asked = page.text("section[aria-labelledby=requests]");
    assert!(
        asked.contains("Adopt a version by usr_01K5TTTTTTTTTTTTTTTTTTTTTT"),
        "{asked}"
    );
    assert!(asked.contains("names the planned source"), "{asked}");
}

#[tokio::test]
async fn whoever_waits_for_their_turn_sees_who_is_before_them() {
    let world = World::with_models().await;
    let first = path(&propose(&world, "v7").await);
    let second = path(&propose(&world, "v9").await);
    while !world.get(&first).await.has(".aws-said") {
        assert!(world.step().await);
    }
    let page = world.get(&second).await;
    assert_eq!(page.text(".page-head .status"), "Queued");
    let queue = page.text(".flash");
    assert!(
        queue.contains("Waiting for 1 other into inspector."),
        "{queue}"
    );
    assert!(queue.contains("Place 2 in the queue"), "{queue}");
    let list = world.get("/promotions").await;
    assert!(list.html.contains("Waiting for "), "{}", list.html);
    world.settle().await;
    assert_eq!(
        world.get(&second).await.text(".page-head .status"),
        "Succeeded"
    );
}

#[tokio::test]
async fn every_page_says_that_the_installation_is_paused() {
    let world = World::with_models().await;
    let path = path(&propose(&world, "v7").await);
    assert!(!world.get("/").await.has("#paused"));
    operations::installation::pause(&world.cx)
        .await
        .expect("it can be paused");
    for page in [
        "/",
        "/accounts",
        "/models",
        "/policies",
        "/promotions",
        &path,
    ] {
        let text = world.get(page).await.text("#paused");
        assert!(
            text.contains("Nothing is granted and no copy is sent"),
            "{page}: {text}"
        );
    }
    let page = world.get(&path).await;
    assert!(page.text(".page-head").contains("paused"));
    assert!(
        page.text(".stack .flash")
            .contains("The job waits for the pause to be lifted")
    );
}

#[tokio::test]
async fn each_try_of_a_step_is_shown_with_its_cause() {
    let world = World::with_models().await;
    let fault = json!({
        "operation": "PutProjectPolicy",
        "effect": { "kind": "throttle" },
    });
    world.aws.fault(fault).await.expect("a fault");
    let path = path(&propose(&world, "v7").await);
    world.settle().await;
    let page = world.get(&path).await;
    assert_eq!(page.text(".page-head .status"), "Succeeded");
    let tries = page.text("#step-grant details.calls");
    assert!(tries.contains("1 try of step grant"), "{tries}");
    assert!(tries.contains("tried again"), "{tries}");
}

#[tokio::test]
async fn the_banner_tells_what_a_restored_database_does_not_know() {
    let world = World::with_models().await;
    operations::installation::declare_restored(&world.cx, 1, "it is a test")
        .await
        .expect("it is declared");
    let page = world.get("/").await;
    let text = page.text("#paused");
    let unseen = "projects were not looked through for such grants yet.";
    assert!(text.contains(unseen), "{text}");
    assert!(page.has("#paused a[href='/policies']"));
}
