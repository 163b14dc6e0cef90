//! An emulator in this process, and the calls to it.

use super::calls::{At, Call, Grant, Revision};
use super::model::Model;
use super::sign::signed;
use bytes::Bytes;
use domain::{Clock, Millis};
use emulator::{Door, Emulator, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];
/// Two in each account.
pub(super) const USERS: usize = 4;
pub(super) const COPY_SECONDS: u32 = 10;
pub(super) const DELETE_SECONDS: u32 = 4;
/// The number of the seeded projects.
pub(super) const SEEDED_MS: u64 = 1_656_565_123_456;
pub(super) const PROJECTS: usize = 3;
pub(super) const MODELS: usize = 7;
pub(super) const POLICIES: usize = 2;

pub(super) const SECRET: &str = "customhouse-emulator-secret-0000000000003";
/// 2026-11-24T00:00:00Z.
const NOW: i64 = 1_795_478_400_000;

struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis::new(NOW)
    }
}

/// One request.
pub(super) struct Request {
    /// Nobody for the control API.
    pub(super) user: Option<usize>,
    pub(super) operation: String,
    body: Value,
}

/// What came of a call.
pub(super) struct Seen {
    pub(super) error: Option<String>,
    pub(super) body: Value,
    /// The ledger's.
    pub(super) line: Value,
}

pub(super) struct Rig {
    door: Door,
    /// Calls that stand in the ledger.
    sent: AtomicU64,
}

impl Rig {
    /// `deny` takes an action from a user.
    pub(super) fn new(deny: Option<(usize, &str)>) -> Self {
        let emulator = Emulator::new(World::parse(&world(deny)).unwrap());
        let door = emulator.with_clock(Arc::new(Still)).with_seed(1).door();
        let sent = AtomicU64::new(0);
        Self { door, sent }
    }

    /// Every version's status by ARN.
    pub(super) async fn versions(&self) -> BTreeMap<String, String> {
        let state = self.get("state").await;
        let list = |value: &Value, name: &str| value[name].as_array().unwrap().clone();
        let projects = list(&state, "accounts");
        let projects = projects.iter().flat_map(|one| list(one, "projects"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        projects
            .flat_map(|one| list(&one, "versions"))
            .map(|one| (text(&one["arn"]), text(&one["status"])))
            .collect()
    }

    pub(super) async fn make(&self, model: &Model, call: &Call) -> Option<Seen> {
        self.send(&Self::request(model, call)).await
    }

    /// Sends a request; `None` for one to the control API.
    pub(super) async fn send(&self, request: &Request) -> Option<Seen> {
        let text = request.body.to_string();
        let Some(user) = request.user else {
            let answer = http::Request::post(format!("/_emulator/{}", request.operation))
                .header("host", "localhost")
                .header("content-type", "application/json")
                .body(Bytes::from(text));
            let answer = self.door.call(answer.unwrap()).await.unwrap();
            assert!(answer.status().is_success());
            return None;
        };
        let answer = self.door.call(signed(user, &request.operation, text)).await;
        let answer = answer.unwrap();
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        let before = self.sent.fetch_add(1, Ordering::Relaxed);
        let ledger = self.get(&format!("ledger?after={before}")).await;
        let [line] = ledger["entries"].as_array().unwrap().as_slice() else {
            panic!("a call has one line")
        };
        let line = line.clone();
        Some(Seen {
            error: (answer.status() != 200).then(|| body["__type"].as_str().unwrap().to_owned()),
            body,
            line,
        })
    }

    async fn get(&self, name: &str) -> Value {
        let request = http::Request::get(format!("/_emulator/{name}")).header("host", "localhost");
        let answer = self.door.call(request.body(Bytes::new()).unwrap()).await;
        serde_json::from_slice(answer.unwrap().body()).unwrap()
    }

    /// The request that makes `call` in the world that `model` knows.
    pub(super) fn request(model: &Model, call: &Call) -> Request {
        let project = |at: At| {
            let account = ACCOUNTS[at.account];
            let missing = || {
                format!(
                    "arn:aws:rekognition:eu-west-1:{account}:project/{}/7",
                    at.project
                )
            };
            model
                .project(at)
                .map_or_else(missing, |one| one.arn.clone())
        };
        let resource = |at: At, version: Option<&str>| {
            version.map_or_else(|| project(at), |version| model.arn_of(at, version))
        };
        let revision = |at: At, name: &str, revision: Revision| {
            let current = model.project(at).and_then(|one| one.policies.get(name));
            match (revision, current) {
                (Revision::None, _) => Value::Null,
                (Revision::Current, Some((_, _, current))) => json!(current),
                _ => json!("00000000000000000000000000000000"),
            }
        };
        let (user, operation, body) = match *call {
            Call::Advance(seconds) => (None, "advance", json!({ "seconds": seconds })),
            Call::CreateProject(user, name) => {
                (Some(user), "CreateProject", json!({ "ProjectName": name }))
            }
            Call::DescribeProjects(user) => (Some(user), "DescribeProjects", json!({})),
            Call::DescribeVersions(user, at) => {
                let body = json!({ "ProjectArn": project(at) });
                (Some(user), "DescribeProjectVersions", body)
            }
            Call::ListPolicies(user, at) => {
                let body = json!({ "ProjectArn": project(at) });
                (Some(user), "ListProjectPolicies", body)
            }
            Call::DeleteVersion(user, at, version) => {
                let body = json!({ "ProjectVersionArn": model.arn_of(at, version) });
                (Some(user), "DeleteProjectVersion", body)
            }
            Call::PutPolicy(user, at, name, grant, sent) => {
                let body = json!({
                    "ProjectArn": project(at),
                    "PolicyName": name,
                    "PolicyDocument": document(grant, |version| model.arn_of(at, version)),
                    "PolicyRevisionId": revision(at, name, sent),
                });
                (Some(user), "PutProjectPolicy", body)
            }
            Call::DeletePolicy(user, at, name, sent) => {
                let body = json!({
                    "ProjectArn": project(at),
                    "PolicyName": name,
                    "PolicyRevisionId": revision(at, name, sent),
                });
                (Some(user), "DeleteProjectPolicy", body)
            }
            Call::Tag(user, at, version) => {
                let body = json!({ "ResourceArn": resource(at, version), "Tags": { "a": "b" } });
                (Some(user), "TagResource", body)
            }
            Call::Untag(user, at, version) => {
                let body = json!({ "ResourceArn": resource(at, version), "TagKeys": ["a"] });
                (Some(user), "UntagResource", body)
            }
            Call::ListTags(user, at, version) => {
                let body = json!({ "ResourceArn": resource(at, version) });
                (Some(user), "ListTagsForResource", body)
            }
            Call::Copy {
                user,
                from,
                version,
                into,
                name,
            } => {
                let body = json!({
                    "SourceProjectArn": project(from),
                    "SourceProjectVersionArn": model.arn_of(from, version),
                    "DestinationProjectArn": project(into),
                    "VersionName": name,
                    "OutputConfig": { "S3Bucket": format!("bucket-{}", user / 2) },
                });
                (Some(user), "CopyProjectVersion", body)
            }
        };
        Request {
            user,
            operation: operation.to_owned(),
            body,
        }
    }
}

fn document(grant: Grant, arn_of: impl Fn(&str) -> String) -> String {
    let account = ACCOUNTS[grant.user / 2];
    let principal = if grant.whole_account {
        format!("arn:aws:iam::{account}:root")
    } else {
        format!("arn:aws:iam::{account}:user/user-{}", grant.user)
    };
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": if grant.allow { "Allow" } else { "Deny" },
            "Principal": { "AWS": principal },
            "Action": "rekognition:CopyProjectVersion",
            "Resource": grant.version.map_or_else(|| "*".to_owned(), arn_of),
        }],
    })
    .to_string()
}

fn world(deny: Option<(usize, &str)>) -> String {
    let mut world = format!(
        "copy_seconds = {COPY_SECONDS}.0\ndelete_seconds = {DELETE_SECONDS}.0\nquota_tps = 0\n\
         [quotas]\nprojects = {PROJECTS}\nmodels_per_project = {MODELS}\n\
         policies_per_project = {POLICIES}\n"
    );
    for (account, id) in ACCOUNTS.iter().enumerate() {
        writeln!(world, "[[account]]\nid = \"{id}\"").unwrap();
        for user in [account * 2, account * 2 + 1] {
            let mut statements = vec![if user % 2 == 0 {
                json!({ "Effect": "Allow", "Action": ["rekognition:*", "s3:*"], "Resource": "*" })
            } else {
                json!({ "Effect": "Allow", "Resource": "*", "Action": [
                    "rekognition:Describe*", "rekognition:List*", "rekognition:CopyProjectVersion",
                    "rekognition:DeleteProjectVersion", "s3:PutObject",
                ] })
            }];
            if let Some((_, action)) = deny.filter(|(denied, _)| *denied == user) {
                let action = format!("rekognition:{action}");
                statements.push(json!({ "Effect": "Deny", "Action": action, "Resource": "*" }));
            }
            let policy = json!({ "Version": "2012-10-17", "Statement": statements });
            let key = access_key(user);
            writeln!(
                world,
                "[[account.user]]\nname = \"user-{user}\"\naccess_key_id = \"{key}\"\n\
                 secret_access_key = \"{SECRET}\"\npolicy = '''{policy}'''"
            )
            .unwrap();
        }
        writeln!(
            world,
            "[[account.bucket]]\nname = \"bucket-{account}\"\nregion = \"eu-west-1\"\n\
             [[account.project]]\nregion = \"eu-west-1\"\nname = \"seeded\"\ncreated_ms = {SEEDED_MS}"
        )
        .unwrap();
        for (name, status) in [
            ("trained", "TRAINING_COMPLETED"),
            ("stopped", "STOPPED"),
            ("running", "RUNNING"),
            ("failed", "TRAINING_FAILED"),
        ] {
            writeln!(
                world,
                "[[account.project.version]]\nname = \"{name}\"\ncreated_ms = 1656611123456\n\
                 status = \"{status}\""
            )
            .unwrap();
        }
    }
    world
}

pub(super) fn access_key(user: usize) -> String {
    format!("CHEMULATORSEQ000000{user}")
}
