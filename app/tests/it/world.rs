//! One console without its server: the app's handlers on a database and an AWS of their own.

use std::sync::Arc;

use app::assets::AssetManifest;
use axum::body::Body;
use domain::{Actor, Clock, Millis};
use engine::{Engine, EngineParts, EngineSettings, NoCheckpoints};
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use leptos::prelude::provide_context;
use operations::accounts::{Registry, fill_from_config};
use operations::{OpContext, Settings};
use testkit::emulated::DEMO_WORLD;
use testkit::{EmulatedAws, ManualClock, SeededRandom, TemporaryStore};
use tower_sessions::{MemoryStore, Session};

use crate::html::Page;

/// When tests begin.
const START: Millis = Millis::new(1_795_515_254_000);

pub(crate) const DEV: &str = "111111111111";
pub(crate) const PROD: &str = "333333333333";

/// The demonstration's world and a console on it, seen by one browser.
pub(crate) struct World {
    pub(crate) aws: EmulatedAws,
    pub(crate) clock: ManualClock,
    pub(crate) cx: OpContext,
    engine: Engine,
    session: Session,
    _store: TemporaryStore,
}

impl World {
    /// Accounts are registered; nothing has been read yet.
    pub(crate) async fn start() -> Self {
        // The server lists its routes before it renders; the executor is set up with that.
        assert!(!leptos_axum::generate_route_list(app::App).is_empty());
        // Nothing here waits for its share of AWS's quota, as the server's calls do.
        let world = DEMO_WORLD.replace("quota_tps = 5", "quota_tps = 0");
        let aws = EmulatedAws::start(&world).await;
        let aws = aws.expect("the emulator starts");
        let store = TemporaryStore::open().await.expect("the store opens");
        let clock = ManualClock::new(START);
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let adapter = Arc::new(aws.adapter(Arc::clone(&shared)).await);
        let cx = OpContext {
            caller: testkit::everything(),
            request_id: "req-test".to_owned(),
            store: store.store.clone(),
            aws: adapter.clone(),
            clock: Arc::clone(&shared),
            random: Arc::new(SeededRandom::new(7)),
            settings: Arc::new(Settings {
                principal: Some("arn:aws:iam::999999999999:user/customhouse".to_owned()),
                ..Settings::default()
            }),
        };
        let engine = Engine::new(EngineParts {
            store: store.store.clone(),
            reads: adapter.clone(),
            looks: adapter.clone(),
            writes: adapter,
            clock: shared,
            random: Arc::new(SeededRandom::new(8)),
            operations: Arc::new(Settings::default()),
            settings: EngineSettings::default(),
            instance: "test".to_owned(),
            hub: None,
            checkpoints: Arc::new(NoCheckpoints),
        });
        let filled = fill_from_config(&cx.acting_as(Actor::Configuration), &registry()).await;
        filled.expect("the registry is taken");
        let session = Session::new(None, Arc::new(MemoryStore::default()), None);
        Self {
            aws,
            clock,
            cx,
            engine,
            session,
            _store: store,
        }
    }

    /// As [`World::start`], and the models of all accounts have been read.
    pub(crate) async fn with_models() -> Self {
        let world = Self::start().await;
        assert_eq!(
            world.post("/api/models/refresh", &[]).await.path(),
            "/models"
        );
        world
    }

    /// What the server gives to every request.
    fn provider(&self) -> impl Fn() + Clone + Send + Sync + 'static {
        let (cx, session) = (self.cx.clone(), self.session.clone());
        move || {
            provide_context(cx.clone());
            provide_context(session.clone());
            provide_context(AssetManifest::default());
        }
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Page {
        let request = Request::get(path).header(ACCEPT, "text/html");
        let request = request.body(Body::empty()).expect("a request");
        let render = leptos_axum::render_app_async_with_context(self.provider(), app::shell);
        let response = render(request).await;
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        Page::new(status, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    /// Sends a form as a browser without scripts does, and gives where it leads.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(ACCEPT, "text/html,application/xhtml+xml")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from(body)).expect("a request");
        let response = axum::response::IntoResponse::into_response(
            leptos_axum::handle_server_fns_with_context(self.provider(), request).await,
        );
        let location = response
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok());
        Answer {
            status: response.status(),
            location: location.map(str::to_owned),
        }
    }

    /// Sends a form and opens the page that it leads to.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.get(self.post(path, fields).await.path()).await
    }

    /// Lets the engine and AWS work until nothing is to be done any more.
    pub(crate) async fn settle(&self) {
        for _ in 0..500 {
            if !self.step().await {
                return;
            }
        }
        panic!("the engine never comes to rest");
    }

    /// Lets time pass until the next job is due, and visits it once. False when none is.
    pub(crate) async fn step(&self) -> bool {
        let due = self.engine.next_due().await.expect("the engine looks");
        let Some(due) = due else { return false };
        let wait = due.since(self.clock.now()).max(0);
        self.clock.advance(wait);
        let wait = u32::try_from(wait).expect("minutes at most");
        let passed = self.aws.advance(f64::from(wait) / 1000.0).await;
        passed.expect("time passes in AWS");
        Box::pin(self.engine.run_once())
            .await
            .expect("the engine works");
        true
    }
}

/// How a form was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    location: Option<String>,
}

impl Answer {
    /// Where the browser goes next.
    pub(crate) fn path(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        self.location.as_deref().expect("a redirect says where to")
    }
}

/// The accounts of the demonstration.
fn registry() -> Registry {
    let environment = |name: &str, position: u16, protected: bool| {
        serde_json::from_value(serde_json::json!({
            "name": name,
            "position": position,
            "colour": name,
            "protected": protected,
            "rule": {
                "reference": { "environment": name, "version": 1 },
                "approvals": 0,
                "run_within_ms": 259_200_000,
            },
        }))
        .expect("an environment")
    };
    let account = |number: &str, alias: &str, environment: &str, regions: &[&str], id: &str| {
        serde_json::from_value(serde_json::json!({
            "number": number,
            "alias": alias,
            "environment": environment,
            "regions": regions,
            "reader": format!("arn:aws:iam::{number}:role/customhouse-reader"),
            "promoter": format!("arn:aws:iam::{number}:role/customhouse-promoter"),
            "external_id": id,
        }))
        .expect("an account")
    };
    let both = ["eu-west-1", "us-east-1"];
    Registry {
        environments: vec![
            environment("dev", 1, false),
            environment("staging", 2, false),
            environment("prod", 3, true),
        ],
        accounts: vec![
            account(
                DEV,
                "vision-dev",
                "dev",
                &both,
                "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e",
            ),
            account(
                "222222222222",
                "vision-staging",
                "staging",
                &both[..1],
                "ch-2e7b9c4f1d6a48308b5f6e7d8c9b0a1f",
            ),
            account(
                PROD,
                "vision-prod",
                "prod",
                &both,
                "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92",
            ),
        ],
    }
}
