//! The server in this process.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use customhouse_aws::Aws;
use domain::{Actor, Clock, Role};
use operations::{Caller, OpContext};
use reqwest::header::COOKIE;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use server::config::Config;
use server::http::layers::request_id::RequestId;
use server::http::state::AppState;
use server::machine::{MachineClock, MachineRandom};
use server::startup::{Machine, ServeError, Server};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::person::headers;
use super::{FakeAws, client_with, until};

pub(crate) const ACCESS_KEY: &str = "CHEMULATORDEV0000001";
pub(crate) const SECRET: &str = "customhouse-emulator-secret-0000000000001";

/// A running console with its own database and its own AWS.
pub(crate) struct Console {
    pub(crate) aws: FakeAws,
    pub(crate) state: AppState,
    pub(crate) folder: TempDir,
    url: String,
    stop: CancellationToken,
    running: JoinSet<Result<(), ServeError>>,
    client: reqwest::Client,
    /// What the browser of the one who is signed in sends.
    pub(crate) cookie: String,
}

/// A site of two files, as the build lays it out.
pub(crate) fn write_site(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let manifest = r#"{"customhouse.css": "customhouse.0a.css"}"#;
    std::fs::write(folder.join("manifest.json"), manifest).unwrap();
    std::fs::write(folder.join("customhouse.0a.css"), "body { color: black }").unwrap();
}

/// The configuration of a console that keeps everything in `folder`.
pub(crate) fn configuration(folder: &Path, aws: &FakeAws) -> String {
    let mut text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nsite = \"{}\"\n\
         [database]\nurl = \"{}\"\n\
         [aws]\nendpoint_url = {:?}\nhome_region = \"eu-west-1\"\n\
         [engine]\nlook_ms = 300\nlease_ms = 30000\nidle_ms = 200\n\
         [log]\nfilter = \"warn\"\n",
        folder.join("site").display(),
        folder.join("customhouse.sqlite").display(),
        aws.url(),
    );
    for name in ["dev", "staging", "prod"] {
        let _ = write!(
            text,
            "[[environment]]\nname = \"{name}\"\ncolour = \"{name}\"\n"
        );
    }
    for (number, name, external_id) in [
        ("111111111111", "dev", "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e"),
        (
            "222222222222",
            "staging",
            "ch-2e7b9c4f1d6a48308b5f6e7d8c9b0a1f",
        ),
        ("333333333333", "prod", PROD_EXTERNAL_ID),
    ] {
        let _ = write!(
            text,
            "[[account]]\nnumber = \"{number}\"\nalias = \"vision-{name}\"\n\
             environment = \"{name}\"\nregions = [\"eu-west-1\", \"us-east-1\"]\n\
             external_id = \"{external_id}\"\n"
        );
    }
    text
}

impl Console {
    /// Copies take a second.
    pub(crate) async fn start() -> Self {
        Self::with_setting("").await
    }

    /// With one more line in `[server]`.
    pub(crate) async fn with_setting(line: &str) -> Self {
        let aws = FakeAws::start(1.0).await;
        let folder = tempfile::tempdir().unwrap();
        write_site(&folder.path().join("site"));
        let text = configuration(folder.path(), &aws);
        let text = text.replace("[server]\n", &format!("[server]\n{line}\n"));
        let config = Config::from_toml(&text).unwrap();
        let server = Server::start(&config, machine(&aws).await).await.unwrap();
        let (url, state) = (server.url().to_owned(), server.state().clone());
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        running.spawn(server.run(stop.clone().cancelled_owned()));
        let cx = machine(&aws).await;
        let cx = cx.context(&config, &state.store, Actor::LocalOperator);
        let person = headers(&cx, "everybody", &Role::ALL).await;
        let cookie = person[COOKIE].to_str().unwrap().to_owned();
        let client = client_with(person);
        let console = Self {
            aws,
            state,
            folder,
            url,
            stop,
            running,
            client,
            cookie,
        };
        let alive = console.get("/healthz").await;
        assert_eq!(alive.status(), 200, "it answers once it has looked at AWS");
        console
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    /// Posts a form as a browser does from a page of the console.
    pub(crate) async fn post_form(&self, path: &str, form: &str) -> Response {
        self.request(Method::POST, path)
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("referer", self.url("/models"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
            .send()
            .await
            .unwrap()
    }

    /// Looks at AWS, so that projects and versions are known.
    pub(crate) async fn refresh(&self) {
        let answer = self.post_form("/api/models/refresh", "account=").await;
        assert!(answer.status().is_redirection(), "{answer:?}");
    }

    /// Waits until the job has ended and gives it.
    pub(crate) async fn ended(&self, job: &str) -> Value {
        let path = format!("/v1/jobs/{job}");
        until(&format!("{job} ends"), 60, || async {
            let job = self.json(&path).await;
            (job["ended"] == true).then_some(job)
        })
        .await
    }

    /// The context of whoever sits at the machine.
    pub(crate) fn operator(&self) -> OpContext {
        let operator = Caller::of(Actor::LocalOperator);
        self.state.context(&RequestId::default(), operator)
    }

    /// Stops as Ctrl-C does and says how it ended.
    pub(crate) async fn stop(mut self) -> Result<(), ServeError> {
        self.stop.cancel();
        self.running.join_next().await.unwrap().unwrap()
    }
}

async fn machine(aws: &FakeAws) -> Machine {
    let clock: Arc<dyn Clock> = Arc::new(MachineClock);
    let aws = Arc::new(Aws::new(aws.settings(), Arc::clone(&clock)).await);
    Machine {
        clock,
        random: Arc::new(MachineRandom),
        reads: aws.clone(),
        writes: aws,
    }
}

const PROD_EXTERNAL_ID: &str = "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92";
