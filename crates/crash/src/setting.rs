//! What a round starts from: the emulated world, the registry, the promotions.

use anyhow::{Context as _, Result};
use domain::{Account, Actor, Clock, Environment, Random};
use engine::{DoubtSettings, EngineSettings, LookSchedule, RetrySettings};
use operations::accounts::{Registry, fill_from_config};
use operations::promotions::PromotionForm;
use operations::{Caller, OpContext, Settings};
use serde_json::{Value, json};
use std::sync::Arc;
use store::Store;
use testkit::EmulatedAws;
use testkit::emulated::DEMO_WORLD;

/// The project that versions are copied from.
pub const SOURCE: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1756890000000";

/// Each version that is copied, and the name of its copy.
pub const COPIES: [(&str, &str); 3] = [
    ("v5", "copy-of-v5"),
    ("v6", "copy-of-v6"),
    ("v7", "copy-of-v7"),
];

/// The demonstration's world with quick copies, no limit on calls, and these assumptions.
pub fn world(assumptions: &str) -> Result<String> {
    let quick = DEMO_WORLD
        .replace("copy_seconds = 8.0", "copy_seconds = 0.4")
        .replace(
            "quota_tps = 5",
            &format!("quota_tps = 0\n[assumptions]\n{assumptions}"),
        );
    anyhow::ensure!(
        quick.contains("copy_seconds = 0.4") && quick.contains("[assumptions]"),
        "the demonstration's world has other settings than expected"
    );
    Ok(quick)
}

/// Settings of an engine that waits as little as its rules allow.
pub fn engine_settings() -> EngineSettings {
    EngineSettings {
        lease_ms: LEASE_MS,
        poll_ms: 100,
        call_timeout_ms: 2_000,
        look: LookSchedule::every(100),
        doubt: DoubtSettings {
            look_ms: 100,
            resend_after_ms: 3_000,
            proof_ms: 1_000,
            watch_ms: 200,
            ..DoubtSettings::default()
        },
        retry: RetrySettings {
            base_ms: 20,
            cap_ms: 200,
            attempts: 20,
        },
        hold_ms: 200,
        ..EngineSettings::default()
    }
}

/// How long a claimed job stays with a process that was ended: the shortest that an engine takes.
pub const LEASE_MS: i64 = 30_000;

/// The context of a use case.
pub fn context(
    caller: Caller,
    store: &Store,
    aws: Arc<dyn operations::ports::aws::AwsReads>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> OpContext {
    OpContext {
        caller,
        request_id: "crash".to_owned(),
        store: store.clone(),
        aws,
        clock,
        random,
        settings: Arc::new(Settings::default()),
    }
}

/// Registers the accounts, reads their models, and approves one promotion for each of [`COPIES`].
pub async fn approve_promotions(cx: &OpContext, aws: &EmulatedAws) -> Result<()> {
    let mut tx = cx.store.begin().await?;
    let fresh = domain::InstallationId::generate(&*cx.random);
    store::installation::ensure(&mut tx, &fresh, cx.now()).await?;
    tx.commit().await?;
    fill_from_config(&cx.acting_as(Actor::Configuration), &registry()?)
        .await
        .context("the registry is not taken")?;
    operations::models::refresh(cx, None)
        .await
        .context("the models are not read")?;
    let state = aws.state().await?;
    let source = project(&state, "111111111111")?;
    let destination = project(&state, "333333333333")?;
    for (copied, name) in COPIES {
        let version = versions(source)
            .find(|version| version["name"] == copied)
            .and_then(|version| version["arn"].as_str())
            .context("a version of the world is missing")?;
        let form = PromotionForm {
            source_version: version.to_owned(),
            source_project: SOURCE.to_owned(),
            destination_project: text(&destination["arn"])?,
            version_name: name.to_owned(),
            bucket: "vision-prod-models".to_owned(),
            prefix: "inspector".to_owned(),
            tags: "team=vision".to_owned(),
            ..PromotionForm::default()
        };
        let proposed = operations::promotions::propose(cx, &form)
            .await
            .with_context(|| format!("the promotion of {copied} is refused"))?;
        proposed.job.context("a rule of 0 approvals makes a job")?;
    }
    Ok(())
}

/// The project `inspector` of `account` in eu-west-1, as the emulator holds it.
pub fn project<'a>(state: &'a Value, account: &str) -> Result<&'a Value> {
    let start = format!("arn:aws:rekognition:eu-west-1:{account}:project/inspector/");
    let accounts = state["accounts"].as_array().into_iter().flatten();
    let mut projects = accounts.flat_map(|one| one["projects"].as_array().into_iter().flatten());
    projects
        .find(|project| {
            project["arn"]
                .as_str()
                .is_some_and(|arn| arn.starts_with(&start))
        })
        .context("a project of the world is missing")
}

/// The versions of a project.
pub fn versions(project: &Value) -> impl Iterator<Item = &Value> {
    project["versions"].as_array().into_iter().flatten()
}

/// A JSON string.
pub fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("a text is missing")?.to_owned())
}

fn registry() -> Result<Registry> {
    Ok(Registry {
        environments: vec![environment("dev", 1)?, environment("prod", 2)?],
        accounts: vec![
            account(
                ("111111111111", "vision-dev", "dev"),
                "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e",
            )?,
            account(
                ("333333333333", "vision-prod", "prod"),
                "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92",
            )?,
        ],
    })
}

fn environment(name: &str, position: u16) -> Result<Environment> {
    Ok(serde_json::from_value(json!({
        "name": name,
        "position": position,
        "colour": name,
        "protected": false,
        "rule": {
            "reference": { "environment": name, "version": 1 },
            "approvals": 0,
            "run_within_ms": 259_200_000,
        },
    }))?)
}

fn account((number, alias, environment): (&str, &str, &str), external_id: &str) -> Result<Account> {
    Ok(serde_json::from_value(json!({
        "number": number,
        "alias": alias,
        "environment": environment,
        "regions": ["eu-west-1"],
        "reader": format!("arn:aws:iam::{number}:role/customhouse-reader"),
        "promoter": format!("arn:aws:iam::{number}:role/customhouse-promoter"),
        "external_id": external_id,
    }))?)
}
