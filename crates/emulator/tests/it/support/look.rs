//! What a test looks up and changes beside the calls it makes.

use super::{Aws, PROD, REGION};
use aws_credential_types::Credentials;
use aws_sdk_rekognition::types::ProjectVersionDescription;
use serde_json::{Value, json};

impl Aws {
    /// Gives a user of `account` with this policy alone, and its credentials.
    pub(crate) async fn user(&self, account: &str, policy: Value) -> Credentials {
        const SECRET: &str = "customhouse-emulator-secret-0000000000002";
        let key = format!("CHEMULATORTEST{account}");
        let user = json!({
            "name": "tester", "access_key_id": key, "secret_access_key": SECRET,
            "policy": policy.to_string(),
        });
        self.merge(json!({ "account": [{ "id": account, "user": [user] }] }))
            .await;
        Credentials::new(key, SECRET, None, None, "test")
    }

    /// The ledger's last line.
    pub(crate) async fn last_call(&self) -> Value {
        let ledger = self.get("ledger").await;
        ledger["entries"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone()
    }

    /// The reason of the last permission that the last call was refused for.
    pub(crate) async fn last_reason(&self) -> String {
        let call = self.last_call().await;
        let decisions = call["decisions"].as_array().unwrap();
        let refused = decisions.iter().rfind(|one| one["allowed"] == false);
        refused.unwrap()["reason"].as_str().unwrap().to_owned()
    }

    /// The ARN of a project of the demo in [`REGION`].
    pub(crate) async fn project(&self, account: &str, name: &str) -> String {
        let state = self.get("state").await;
        let prefix = format!("arn:aws:rekognition:{REGION}:{account}:project/{name}/");
        projects(&state)
            .filter_map(|project| project["arn"].as_str())
            .find(|arn| arn.starts_with(&prefix))
            .unwrap()
            .to_owned()
    }

    /// The ARN of a version of the demo in [`REGION`].
    pub(crate) async fn version(&self, account: &str, project: &str, name: &str) -> String {
        let state = self.get("state").await;
        let prefix =
            format!("arn:aws:rekognition:{REGION}:{account}:project/{project}/version/{name}/");
        projects(&state)
            .flat_map(|project| project["versions"].as_array().unwrap())
            .filter_map(|version| version["arn"].as_str())
            .find(|arn| arn.starts_with(&prefix))
            .unwrap()
            .to_owned()
    }

    /// What prod's reader sees of one version of its `inspector`.
    pub(crate) async fn described(&self, name: &str) -> Option<ProjectVersionDescription> {
        let project = self.project(PROD, "inspector").await;
        let answer = self
            .as_role(PROD, "reader")
            .await
            .describe_project_versions()
            .project_arn(project)
            .version_names(name)
            .send()
            .await
            .unwrap();
        answer.project_version_descriptions().first().cloned()
    }

    pub(crate) async fn get(&self, name: &str) -> Value {
        let url = format!("{}/_emulator/{name}", self.url());
        let text = self
            .http
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn post(&self, name: &str, body: Value) -> reqwest::Response {
        let url = format!("{}/_emulator/{name}", self.url());
        self.http.post(url).json(&body).send().await.unwrap()
    }

    pub(crate) async fn advance(&self, seconds: f64) {
        assert!(
            self.post("advance", json!({ "seconds": seconds }))
                .await
                .status()
                .is_success()
        );
    }

    pub(crate) async fn merge(&self, fragment: Value) {
        let answer = self.post("world", fragment).await;
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
    }

    pub(crate) async fn faults(&self, rules: Value) {
        let answer = self.post("faults", json!({ "rules": rules })).await;
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
    }

    /// The ledger's lines of one operation, oldest first.
    pub(crate) async fn calls(&self, operation: &str) -> Vec<Value> {
        let ledger = self.get("ledger").await;
        let entries = ledger["entries"].as_array().unwrap().clone();
        entries
            .into_iter()
            .filter(|entry| entry["operation"] == operation)
            .collect()
    }
}

fn projects(state: &Value) -> impl Iterator<Item = &Value> {
    state["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|account| account["projects"].as_array().unwrap())
}
