//! A folder with a configuration and a database, an emulated AWS, and processes that serve there.

use serde_json::Value;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

use super::{FakeAws, Program, configuration, promotion, run, until, write_site};

/// What processes of `customhouse` share.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) aws: FakeAws,
}

impl Place {
    /// Copies take `copy_seconds`.
    pub(crate) async fn new(copy_seconds: f64) -> Self {
        Self::changed(copy_seconds, |text| text).await
    }

    /// With another configuration.
    pub(crate) async fn changed(copy_seconds: f64, change: impl Fn(String) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let aws = FakeAws::start(copy_seconds).await;
        write_site(&folder.path().join("site"));
        let config = change(configuration(folder.path(), &aws));
        std::fs::write(folder.path().join("customhouse.toml"), config).unwrap();
        Self { folder, aws }
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn serve(&self) -> Program {
        serve(self.folder.path()).await
    }

    /// Runs a command beside the emulator, which answers in this process meanwhile.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Output {
        let folder = self.folder.path().to_owned();
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let run = move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            run(&folder, &arguments)
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    /// Promotes inspector v7 to prod under `name` and gives the job's id.
    pub(crate) async fn promote(&self, program: &Program, name: &str) -> String {
        let body = promotion(&self.aws.destination().await, name);
        let asked = program
            .person()
            .await
            .post(format!("{}/v1/promotions", program.url))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(asked.status(), 201);
        let asked: Value = asked.json().await.unwrap();
        asked["job"].as_str().unwrap().to_owned()
    }
}

async fn serve(folder: &Path) -> Program {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || Program::serve(&folder))
        .await
        .unwrap()
}

/// Looks at AWS, so that projects and versions are known.
pub(crate) async fn refresh(program: &Program) {
    let refreshed = program
        .person()
        .await
        .post(format!("{}/api/models/refresh", program.url))
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("account=")
        .send()
        .await
        .unwrap();
    assert!(refreshed.status().is_redirection(), "{refreshed:?}");
}

pub(crate) async fn get(program: &Program, path: &str) -> Value {
    let url = format!("{}{path}", program.url);
    program
        .person()
        .await
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

/// Waits until the job has ended and gives it.
pub(crate) async fn ended(program: &Program, job: &str) -> Value {
    let path = format!("/v1/jobs/{job}");
    until(&format!("{job} ends"), 150, || async {
        let job = get(program, &path).await;
        (job["ended"] == true).then_some(job)
    })
    .await
}

/// What a command said, on both outputs.
pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}
