//! AWS as the emulator plays it, in this process.

use anyhow::{Context as _, ensure};
use customhouse_aws::{Aws, AwsSettings, BaseCredentials};
use domain::Clock;
use emulator::{Emulator, Handle, World};
use serde_json::Value;
use std::sync::Arc;

/// The world of the demonstration: three accounts that trust one user of a fourth.
pub const DEMO_WORLD: &str = include_str!("../../../xtask/demo/world.toml");

/// A running emulator and its control API.
pub struct EmulatedAws {
    handle: Handle,
    http: reqwest::Client,
}

impl EmulatedAws {
    /// Starts the world of the demonstration on a free port.
    pub async fn demo() -> anyhow::Result<Self> {
        Self::start(DEMO_WORLD).await
    }

    /// Starts a world given as TOML on a free port.
    pub async fn start(world: &str) -> anyhow::Result<Self> {
        let world = World::parse(world).context("the world could not be read")?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let handle = Emulator::new(world).serve(listener)?;
        Ok(Self {
            handle,
            http: reqwest::Client::new(),
        })
    }

    /// The endpoint for every service.
    pub fn url(&self) -> String {
        self.handle.url()
    }

    /// Settings of an adapter that acts as the demonstration's user.
    pub fn settings(&self) -> AwsSettings {
        AwsSettings {
            endpoint_url: Some(self.url()),
            home_region: "eu-west-1".parse().expect("a Region"),
            credentials: BaseCredentials::Fixed {
                access_key_id: "CHEMULATORDEV0000001".to_owned(),
                secret_access_key: "customhouse-emulator-secret-0000000000001".to_owned(),
            },
            connect_timeout_ms: 2_000,
            attempt_timeout_ms: 5_000,
        }
    }

    /// An adapter that acts as the demonstration's user.
    pub async fn adapter(&self, clock: Arc<dyn Clock>) -> Aws {
        Aws::new(self.settings(), clock).await
    }

    /// Every call so far, oldest first.
    pub async fn ledger(&self) -> anyhow::Result<Vec<Value>> {
        let ledger = self.get("ledger").await?;
        let calls = &ledger["entries"];
        Ok(calls.as_array().context("the ledger is no list")?.clone())
    }

    /// Calls of one operation, oldest first.
    pub async fn calls_of(&self, operation: &str) -> anyhow::Result<Vec<Value>> {
        let mut calls = self.ledger().await?;
        calls.retain(|call| call["operation"] == operation);
        Ok(calls)
    }

    /// What stands in every account.
    pub async fn state(&self) -> anyhow::Result<Value> {
        self.get("state").await
    }

    /// Replaces all fault rules by `rule`.
    pub async fn fault(&self, rule: Value) -> anyhow::Result<()> {
        self.post("faults", serde_json::json!({ "rules": [rule] }))
            .await
    }

    /// Replaces all fault rules by `rules`.
    pub async fn faults(&self, rules: &[Value]) -> anyhow::Result<()> {
        self.post("faults", serde_json::json!({ "rules": rules }))
            .await
    }

    /// Lets time pass for copies, deletes and sessions.
    pub async fn advance(&self, seconds: f64) -> anyhow::Result<()> {
        self.post("advance", serde_json::json!({ "seconds": seconds }))
            .await
    }

    /// Merges a fragment into the world.
    pub async fn merge(&self, world: Value) -> anyhow::Result<()> {
        self.post("world", world).await
    }

    /// Goes back to the world as it was started with: no session is known any more, the ledger is
    /// empty.
    pub async fn reset(&self) -> anyhow::Result<()> {
        self.post("reset", serde_json::json!({})).await
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let url = format!("{}/_emulator/{path}", self.url());
        Ok(self
            .http
            .get(url)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?)
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<()> {
        let url = format!("{}/_emulator/{path}", self.url());
        let answer = self.http.post(url).json(&body).send().await?;
        let status = answer.status();
        ensure!(
            status.is_success(),
            "{path}: {status}: {}",
            answer.text().await?
        );
        Ok(())
    }
}
