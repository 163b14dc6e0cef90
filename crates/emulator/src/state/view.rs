//! The state as JSON, for people and tests. No secret is in it.

use super::State;
use super::model::{Project, Version};
use crate::clock::exact;
use domain::Millis;
use serde_json::{Value, json};

impl State {
    /// Accounts, roles, buckets, keys, projects, policies and versions, also those that no
    /// description shows yet, and how many sessions are running at `now`.
    pub(crate) fn view(&self, now: Millis) -> Value {
        let accounts: Vec<Value> = self
            .accounts
            .iter()
            .map(|(number, account)| {
                json!({
                    "id": number,
                    "alias": account.alias,
                    "users": account.users.values().map(|user| &user.arn).collect::<Vec<_>>(),
                    "roles": account.roles.values().map(|role| &role.arn).collect::<Vec<_>>(),
                    "buckets": account.buckets.keys().collect::<Vec<_>>(),
                    "keys": account.keys.iter().map(|key| key.arn(number)).collect::<Vec<_>>(),
                    "projects": account.projects.iter().map(|one| project(one, now)).collect::<Vec<_>>(),
                })
            })
            .collect();
        let sessions = self.sessions.running(now);
        json!({ "time_ms": now, "time": exact(now), "accounts": accounts, "sessions": sessions })
    }
}

fn project(project: &Project, now: Millis) -> Value {
    let policies: Vec<Value> = project
        .policies
        .iter()
        .map(|policy| {
            json!({
                "name": policy.name,
                "revision": policy.revision,
                "document": policy.document.text,
            })
        })
        .collect();
    let versions: Vec<Value> = project
        .versions
        .iter()
        .map(|one| version(project, one, now))
        .collect();
    json!({
        "arn": project.arn().to_string(),
        "tags": project.tags,
        "policies": policies,
        "versions": versions,
    })
}

fn version(project: &Project, version: &Version, now: Millis) -> Value {
    json!({
        "arn": project.version_arn(version).to_string(),
        "name": version.name,
        "status": version.status,
        "status_message": version.status_message,
        "visible": version.visible(now),
        "source_version_arn": version.source_version_arn,
        "output": version.output,
        "kms_key": version.kms_key,
        "f1": version.details.f1,
        "labels": version.details.labels,
        "tags": version.tags,
        "copy_ends_ms": version.copy.as_ref().map(|copy| copy.ends),
        "gone_at_ms": version.gone_at,
    })
}
