//! The emulator in this process, with the demo's world.

use serde_json::{Value, json};
use testkit::EmulatedAws;
use testkit::emulated::DEMO_WORLD;

use super::SOURCE_PROJECT;

/// AWS for one test.
pub(crate) struct FakeAws {
    emulated: EmulatedAws,
}

impl FakeAws {
    /// Copies take `copy_seconds`.
    pub(crate) async fn start(copy_seconds: f64) -> Self {
        let line = format!("copy_seconds = {copy_seconds:?}");
        let world = DEMO_WORLD.replace("copy_seconds = 8.0", &line);
        assert!(world.contains(&line));
        Self {
            emulated: EmulatedAws::start(&world).await.unwrap(),
        }
    }

    pub(crate) fn url(&self) -> String {
        self.emulated.url()
    }

    pub(crate) fn settings(&self) -> customhouse_aws::AwsSettings {
        self.emulated.settings()
    }

    /// The calls of one operation, oldest first, carried out or not.
    pub(crate) async fn calls(&self, operation: &str) -> Vec<Value> {
        self.emulated.calls_of(operation).await.unwrap()
    }

    /// The calls of one operation that AWS carried out, oldest first.
    pub(crate) async fn executed(&self, operation: &str) -> Vec<Value> {
        let mut calls = self.calls(operation).await;
        calls.retain(|call| call["outcome"]["executed"] == true);
        calls
    }

    /// The next call of `operation` waits for ten minutes.
    pub(crate) async fn hold_up_next(&self, operation: &str) {
        let effect = json!({ "kind": "delay", "milliseconds": 600_000 });
        let rule = json!({ "operation": operation, "effect": effect });
        self.emulated.fault(rule).await.unwrap();
    }

    /// Changes the world by a fragment of one.
    pub(crate) async fn merge(&self, world: Value) {
        self.emulated.merge(world).await.unwrap();
    }

    /// The project in `account` and eu-west-1 that is called inspector, as AWS holds it.
    pub(crate) async fn inspector(&self, account: &str) -> Value {
        let state = self.emulated.state().await.unwrap();
        find(&state, &|value| {
            let arn = value["arn"].as_str().unwrap_or_default();
            arn.starts_with(&format!(
                "arn:aws:rekognition:eu-west-1:{account}:project/inspector/"
            )) && !arn.contains("/version/")
        })
        .unwrap_or_else(|| panic!("no inspector in {account}: {state:#}"))
    }

    /// ARN of the project that copies go to.
    pub(crate) async fn destination(&self) -> String {
        self.inspector("333333333333").await["arn"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The names of the policies on the source project.
    pub(crate) async fn grants(&self) -> Vec<Value> {
        let project = self.inspector("111111111111").await;
        assert_eq!(project["arn"], SOURCE_PROJECT);
        project["policies"].as_array().unwrap().clone()
    }
}

/// The first object anywhere in `value` that fits.
fn find(value: &Value, fits: &dyn Fn(&Value) -> bool) -> Option<Value> {
    match value {
        Value::Object(_) if fits(value) => Some(value.clone()),
        Value::Object(fields) => fields.values().find_map(|inner| find(inner, fits)),
        Value::Array(items) => items.iter().find_map(|inner| find(inner, fits)),
        _ => None,
    }
}
