//! kill -9 at a bad moment, then a new start.

use serde_json::Value;
use std::path::Path;

use crate::support::{FakeAws, Program, client, configuration, promotion, until, write_site};

struct Place {
    folder: tempfile::TempDir,
    aws: FakeAws,
}

impl Place {
    async fn new(copy_seconds: f64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let aws = FakeAws::start(copy_seconds).await;
        write_site(&folder.path().join("site"));
        let config = configuration(folder.path(), &aws);
        std::fs::write(folder.path().join("customhouse.toml"), config).unwrap();
        Self { folder, aws }
    }

    async fn serve(&self) -> Program {
        serve(self.folder.path()).await
    }
}

async fn serve(folder: &Path) -> Program {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || Program::serve(&folder))
        .await
        .unwrap()
}

async fn get(program: &Program, path: &str) -> Value {
    let url = format!("{}{path}", program.url);
    client()
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

async fn promote(program: &Program, aws: &FakeAws) -> String {
    let url = |path: &str| format!("{}{path}", program.url);
    let refreshed = client()
        .post(url("/api/models/refresh"))
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("account=")
        .send()
        .await
        .unwrap();
    assert!(refreshed.status().is_redirection(), "{refreshed:?}");
    let body = promotion(&aws.destination().await, "v7");
    let asked = client()
        .post(url("/v1/promotions"))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), 201);
    let asked: Value = asked.json().await.unwrap();
    asked["job"].as_str().unwrap().to_owned()
}

/// Promotes, kills the server once `moment` has come, starts it again, and wants the same job to
/// succeed with one copy and no grant.
async fn survives(copy_seconds: f64, moment: impl Fn(&Value) -> bool) {
    let place = Place::new(copy_seconds).await;
    let before = place.aws.grants().await;
    let mut program = place.serve().await;
    let job = promote(&program, &place.aws).await;
    let path = format!("/v1/jobs/{job}");
    until("the moment comes", 30, || async {
        let job = get(&program, &path).await;
        assert_ne!(job["ended"], true, "the moment has passed: {job:#}");
        moment(&job).then_some(())
    })
    .await;
    program.kill();

    let program = place.serve().await;
    let ended = until("the same job ends", 120, || async {
        let job = get(&program, &path).await;
        (job["ended"] == true).then_some(job)
    })
    .await;
    assert_eq!(ended["state"], "Succeeded", "{ended:#}");
    let copies = place.aws.executed("CopyProjectVersion").await;
    let [copy] = copies.as_slice() else {
        panic!("{copies:#?}")
    };
    assert_eq!(copy["outcome"]["result"], ended["version"]);
    assert_eq!(place.aws.grants().await, before, "no grant is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_copy_runs() {
    survives(6.0, |job| job["aws_status"] == "COPYING_IN_PROGRESS").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_as_soon_as_the_job_is_queued() {
    survives(2.0, |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_grant_is_put_or_just_after() {
    survives(4.0, |job| {
        job["state"] == "Granting" || job["state"] == "Copying"
    })
    .await;
}
