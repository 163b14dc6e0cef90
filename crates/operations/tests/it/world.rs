//! An installation with three accounts, on a database of its own.

use crate::fake_aws::FakeAws;
use domain::{
    Account, Actor, Clock, Environment, EnvironmentColour, Millis, ProjectArn, Random, Role,
    RoleAssignment, Roles, Rule, RuleRef,
};
use operations::accounts::{FillOutcome, Registry, fill_from_config};
use operations::promotions::PromotionForm;
use operations::{Caller, OpContext, Settings, models};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{DatabaseUrl, Store};
use tempfile::TempDir;

pub(crate) const DEV: &str = "111111111111";
pub(crate) const STAGING: &str = "222222222222";
pub(crate) const PROD: &str = "333333333333";
pub(crate) const START: i64 = 1_795_514_000_000;
pub(crate) const HOUR: i64 = 3_600_000;

pub(crate) const V7: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456";
pub(crate) const V8_TRAINING: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v8/1656611123499";
pub(crate) const PROD_V6: &str =
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v6/1656611123411";

pub(crate) struct World {
    pub(crate) cx: OpContext,
    pub(crate) aws: Arc<FakeAws>,
    pub(crate) clock: Arc<HandClock>,
    _folder: TempDir,
}

/// A clock that is moved by hand.
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Millis {
        Millis::new(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that never repeat and are the same in every run.
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        let length = bytes.len();
        for (index, byte) in bytes.iter_mut().rev().enumerate() {
            *byte = number.iter().rev().nth(index).copied().unwrap_or(0);
        }
        assert!(length > 0);
    }
}

pub(crate) fn project(account: &str) -> ProjectArn {
    format!("arn:aws:rekognition:eu-west-1:{account}:project/inspector/1656565123456")
        .parse()
        .unwrap()
}

pub(crate) fn environment(name: &str, position: u16, approvals: u16) -> Environment {
    let colour = match name {
        "dev" => EnvironmentColour::Dev,
        "staging" => EnvironmentColour::Staging,
        _ => EnvironmentColour::Prod,
    };
    let name = domain::EnvironmentName::new(name).unwrap();
    Environment {
        position,
        colour,
        protected: colour == EnvironmentColour::Prod,
        rule: Rule {
            reference: RuleRef {
                environment: name.clone(),
                version: 1,
            },
            approvals,
            run_within_ms: 48 * HOUR,
        },
        name,
    }
}

pub(crate) fn account(number: &str, alias: &str, environment: &str) -> Account {
    let role = |name: &str| {
        format!("arn:aws:iam::{number}:role/customhouse-{name}")
            .parse()
            .unwrap()
    };
    Account {
        number: number.parse().unwrap(),
        alias: alias.parse().unwrap(),
        environment: environment.parse().unwrap(),
        regions: vec!["eu-west-1".parse().unwrap(), "us-east-1".parse().unwrap()],
        reader: role("reader"),
        promoter: role("promoter"),
        external_id: format!("ch-{number}8c1f8c1f8c1f8c1f8c1f").parse().unwrap(),
    }
}

/// Dev and staging ask for no approval, prod for as many as given.
pub(crate) fn registry(prod_approvals: u16) -> Registry {
    Registry {
        environments: vec![
            environment("dev", 0, 0),
            environment("staging", 1, 0),
            environment("prod", 2, prod_approvals),
        ],
        accounts: vec![
            account(DEV, "vision-dev", "dev"),
            account(STAGING, "vision-staging", "staging"),
            account(PROD, "vision-prod", "prod"),
        ],
    }
}

pub(crate) const PERSON: &str = "usr_01K5TTTTTTTTTTTTTTTTTTTTTT";

/// Every role, everywhere.
pub(crate) fn everything() -> Roles {
    let roles = Role::ALL.into_iter();
    roles.map(RoleAssignment::everywhere).collect()
}

impl World {
    /// An installation without accounts.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::sqlite(folder.path().join("customhouse.sqlite"));
        let store = Store::open(&url).await.unwrap();
        let aws = Arc::new(FakeAws::default());
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let cx = OpContext {
            caller: Caller::person(PERSON.parse().unwrap(), everything()),
            request_id: "req-1".to_owned(),
            store,
            aws: aws.clone(),
            clock: clock.clone(),
            random: Arc::new(Counted(AtomicU64::new(1))),
            settings: Arc::new(Settings {
                principal: Some("arn:aws:iam::999999999999:user/customhouse".to_owned()),
                ..Settings::default()
            }),
        };
        Self {
            cx,
            aws,
            clock,
            _folder: folder,
        }
    }

    /// Three accounts with `inspector` in each, seen once.
    pub(crate) async fn new(prod_approvals: u16) -> Self {
        let world = Self::empty().await;
        let configuration = world.cx.acting_as(Actor::Configuration);
        let filled = fill_from_config(&configuration, &registry(prod_approvals)).await;
        assert!(matches!(filled, Ok(FillOutcome::Filled { .. })));
        world
            .aws
            .add_version(&project(DEV), V7, "TRAINING_COMPLETED");
        world
            .aws
            .add_version(&project(DEV), V8_TRAINING, "TRAINING_IN_PROGRESS");
        world
            .aws
            .add_version(&project(PROD), PROD_V6, "COPYING_COMPLETED");
        models::refresh(&world.cx, None).await.unwrap();
        world
    }

    pub(crate) fn engine(&self) -> OpContext {
        self.cx.acting_as(Actor::Engine)
    }

    /// Everything that was written: events and audit entries.
    pub(crate) async fn written(&self) -> (i64, i64) {
        let mut reader = self.cx.store.read().await.unwrap();
        let events = store::ledger::head(&mut reader).await.unwrap().seq;
        let audit = store::audit::list(&mut reader, None, 1).await.unwrap();
        (events, audit.first().map_or(0, |row| row.n))
    }

    /// The newest audit entries' actions with their phases, newest first.
    pub(crate) async fn audit(&self, limit: i64) -> Vec<String> {
        let mut reader = self.cx.store.read().await.unwrap();
        let rows = store::audit::list(&mut reader, None, limit).await.unwrap();
        rows.iter()
            .map(|row| {
                let entry = &row.entry;
                format!("{} {} {:?}", entry.actor, entry.action, entry.phase)
            })
            .collect()
    }
}

/// A promotion that can be proposed.
pub(crate) fn promotion() -> PromotionForm {
    PromotionForm {
        source_version: V7.to_owned(),
        destination_project: project(PROD).to_string(),
        version_name: "v7".to_owned(),
        bucket: "vision-prod-models".to_owned(),
        prefix: "inspector".to_owned(),
        tags: "team=vision\n\nline = 4".to_owned(),
        reason: "Line 4 needs the crack recall.".to_owned(),
        ..PromotionForm::default()
    }
}
