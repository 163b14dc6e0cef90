//! Joins database, clock, fake AWS and engines, and proposes through the use cases that people use.

use super::{FakeAws, Fault, ManualClock, Seeded};
use domain::job::CopyState;
use domain::{
    Account, AccountNumber, Actor, Clock, Environment, EnvironmentColour, ExternalId,
    InstallationId, JobId, JobState, JobWord, ProjectArn, ProjectVersionArn, Random, RequestVerb,
    Role, RoleArn, RoleAssignment, Rule, RuleRef,
};
use engine::{
    Checkpoints, Engine, EngineParts, EngineSettings, EventHub, HubParts, HubSettings,
    NoCheckpoints,
};
use operations::accounts::Registry;
use operations::jobs::{JobRequestForm, JobView};
use operations::ports::aws::{AwsReads, AwsWrites};
use operations::promotions::PromotionForm;
use operations::{Caller, OpContext, OpError};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::audit::{self, AuditEntry, Phase, Subject, SubjectKind};
use store::{DatabaseUrl, Store};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const PERSON: &str = "usr_01K5TTTTTTTTTTTTTTTTTTTTTT";

pub(crate) const SOURCE: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456";
pub(crate) const SOURCE_VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456";
pub(crate) const DESTINATION: &str =
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1656705098765";

/// Everything one test needs. Each has a database of its own.
pub(crate) struct Rig {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) aws: Arc<FakeAws>,
    /// How many copies may run into one project at once.
    pub(crate) copies_per_project: u32,
    /// What happens to engines between two effects.
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    folder: TempDir,
}

impl Rig {
    /// Two accounts, dev and prod, one trained version in dev, a project in each.
    pub(crate) async fn new() -> Self {
        Self::seeded(7).await
    }

    pub(crate) async fn seeded(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = DatabaseUrl::sqlite(folder.path().join("test.sqlite"));
        let store = Store::open(&url).await.expect("the database opens");
        let clock = Arc::new(ManualClock::new());
        let random: Arc<dyn Random> = Arc::new(Seeded::new(seed));
        let aws = Arc::new(FakeAws::new(Arc::clone(&clock)));
        aws.add_project(&source());
        aws.add_project(&destination());
        aws.add_trained(&source(), &source_version());
        let rig = Self {
            store,
            clock,
            random,
            aws,
            copies_per_project: 50,
            checkpoints: Arc::new(NoCheckpoints),
            folder,
        };
        rig.register().await;
        rig
    }

    async fn register(&self) {
        let mut tx = self.store.begin().await.expect("a transaction");
        let fresh = InstallationId::generate(&*self.random);
        store::installation::ensure(&mut tx, &fresh, self.clock.now())
            .await
            .expect("an installation");
        tx.commit().await.expect("a commit");
        let registry = Registry {
            environments: vec![environment("dev", 0), environment("prod", 1)],
            accounts: vec![
                account("111111111111", "vision-dev", "dev", &*self.random),
                account("333333333333", "vision-prod", "prod", &*self.random),
            ],
        };
        operations::accounts::fill_from_config(&self.cx(Actor::Configuration), &registry)
            .await
            .expect("the registry is filled");
        operations::models::refresh(&self.person(), None)
            .await
            .expect("AWS is looked at");
        self.forget();
    }

    /// Forgets which calls were made so far.
    pub(crate) fn forget(&self) {
        self.aws.world().calls.clear();
    }

    /// What somebody asks who may do everything.
    pub(crate) fn person(&self) -> OpContext {
        let roles = Role::ALL.into_iter().map(RoleAssignment::everywhere);
        self.called_by(Caller::person(
            PERSON.parse().expect("an id"),
            roles.collect(),
        ))
    }

    pub(crate) fn cx(&self, actor: Actor) -> OpContext {
        self.called_by(Caller::of(actor))
    }

    fn called_by(&self, caller: Caller) -> OpContext {
        OpContext {
            caller,
            request_id: "test".to_owned(),
            store: self.store.clone(),
            aws: Arc::clone(&self.aws) as Arc<dyn AwsReads>,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            random: Arc::clone(&self.random),
            settings: self.operation_settings(),
        }
    }

    fn operation_settings(&self) -> Arc<operations::Settings> {
        Arc::new(operations::Settings {
            copies_per_project: self.copies_per_project,
            ..operations::Settings::default()
        })
    }

    pub(crate) fn engine(&self, instance: &str) -> Engine {
        self.engine_with(instance, EngineSettings::default(), None)
    }

    pub(crate) fn engine_with(
        &self,
        instance: &str,
        settings: EngineSettings,
        hub: Option<EventHub>,
    ) -> Engine {
        Engine::new(EngineParts {
            store: self.store.clone(),
            reads: Arc::clone(&self.aws) as Arc<dyn AwsReads>,
            looks: Arc::clone(&self.aws) as Arc<dyn AwsReads>,
            writes: Arc::clone(&self.aws) as Arc<dyn AwsWrites>,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            random: Arc::clone(&self.random),
            operations: self.operation_settings(),
            settings,
            instance: instance.to_owned(),
            hub,
            checkpoints: Arc::clone(&self.checkpoints),
        })
    }

    pub(crate) fn hub(&self, settings: HubSettings, stop: CancellationToken) -> EventHub {
        EventHub::new(HubParts {
            store: self.store.clone(),
            operations: self.cx(Actor::Engine),
            random: Arc::clone(&self.random),
            settings,
            stop,
        })
    }

    /// Proposes the copy of v7 from dev to prod; the rule approves it at once.
    pub(crate) async fn propose(&self) -> JobId {
        self.propose_named("v7").await
    }

    pub(crate) async fn propose_named(&self, name: &str) -> JobId {
        self.propose_into(&destination(), name).await
    }

    pub(crate) async fn propose_into(&self, project: &ProjectArn, name: &str) -> JobId {
        let form = PromotionForm {
            source_version: SOURCE_VERSION.to_owned(),
            source_project: SOURCE.to_owned(),
            destination_project: project.to_string(),
            version_name: name.to_owned(),
            bucket: "vision-prod-models".to_owned(),
            prefix: "inspector".to_owned(),
            tags: "team=vision".to_owned(),
            ..PromotionForm::default()
        };
        let proposed = operations::promotions::propose(&self.person(), &form)
            .await
            .expect("the form is good");
        proposed
            .job
            .expect("a rule of 0 approvals makes the job")
            .id
    }

    /// Changes one row behind everybody's back.
    pub(crate) async fn tamper(&self, statement: &'static str, values: &[&str]) {
        let path = self.folder.path().join("test.sqlite");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let pool = sqlx::SqlitePool::connect_with(options)
            .await
            .expect("the database opens");
        let mut query = sqlx::query(statement);
        for value in values {
            query = query.bind(*value);
        }
        let changed = query.execute(&pool).await.expect("the row is changed");
        assert_eq!(changed.rows_affected(), 1);
        pool.close().await;
    }

    pub(crate) async fn view(&self, job: JobId) -> JobView {
        operations::jobs::get(&self.person(), &job.to_string())
            .await
            .expect("the job is there")
    }

    pub(crate) async fn word(&self, job: JobId) -> JobWord {
        self.view(job).await.word
    }

    pub(crate) async fn state(&self, job: JobId) -> JobState {
        let mut reader = self.store.read().await.expect("a reader");
        store::jobs::find(&mut reader, job)
            .await
            .expect("the job is read")
            .expect("the job is there")
            .state
    }

    pub(crate) async fn copy_state(&self, job: JobId) -> CopyState {
        match self.state(job).await {
            JobState::Copy(state) => state,
            JobState::Policy(_) => panic!("a copy job was expected"),
        }
    }

    /// Lets `engine` work and moves the clock to whatever is due next, until the job has ended or
    /// waits for a person.
    pub(crate) async fn finish(&self, engine: &Engine, job: JobId) -> JobWord {
        for _ in 0..2_000 {
            engine.drain().await.expect("the engine works");
            let word = self.word(job).await;
            if word.is_terminal() || word == JobWord::NeedsOperator {
                return word;
            }
            self.to_next(engine).await;
        }
        panic!("the job never ended: {:?}", self.state(job).await);
    }

    /// Works until the job's word is `word`.
    pub(crate) async fn until(&self, engine: &Engine, job: JobId, word: JobWord) {
        for _ in 0..2_000 {
            if self.word(job).await == word {
                return;
            }
            if engine.run_once().await.expect("the engine works") == 0 {
                self.to_next(engine).await;
            }
        }
        panic!("the job never was {word:?}: {:?}", self.state(job).await);
    }

    /// Moves the clock to the moment at which the next job falls due.
    pub(crate) async fn to_next(&self, engine: &Engine) {
        let due = engine.next_due().await.expect("the engine works");
        self.clock.forward_to(due.expect("a job has not ended"));
    }

    /// Lets an engine work until the fake says that it is stuck in a call, then kills it there.
    pub(crate) async fn work_until_killed(
        &self,
        instance: &str,
        operation: &'static str,
        fault: Fault,
    ) {
        let engine = self.engine(instance);
        self.aws.script(operation, [fault]);
        let killed = tokio::select! {
            () = self.aws.stuck.notified() => true,
            () = self.work_for_ever(&engine) => false,
        };
        assert!(killed, "the engine never called {operation}");
    }

    async fn work_for_ever(&self, engine: &Engine) {
        for _ in 0..200 {
            engine.drain().await.expect("the engine works");
            self.to_next(engine).await;
        }
    }

    /// The audit log's entries about a job, oldest first.
    async fn audited(&self, job: JobId) -> Vec<AuditEntry> {
        let mut reader = self.store.read().await.expect("the store is there");
        let subject = Subject {
            kind: SubjectKind::Job,
            id: job.to_string(),
        };
        let rows = audit::of_subject(&mut reader, &subject, 10_000)
            .await
            .expect("the log is read");
        rows.into_iter().rev().map(|row| row.entry).collect()
    }

    /// The outcomes of a job's writes in the audit log, oldest first.
    pub(crate) async fn outcomes(&self, job: JobId) -> Vec<String> {
        let entries = self.audited(job).await.into_iter();
        entries
            .filter(|entry| entry.phase == Phase::Outcome)
            .map(|entry| entry.details["result"].clone())
            .collect()
    }

    /// The intended writes of a job that the audit log tells no outcome of, and the outcomes that
    /// follow no intent.
    pub(crate) async fn unpaired(&self, job: JobId) -> Vec<String> {
        let mut open: BTreeMap<String, bool> = BTreeMap::new();
        let mut unpaired = Vec::new();
        for AuditEntry { action, phase, .. } in self.audited(job).await {
            match phase {
                Phase::Intended => {
                    if open.insert(action.clone(), true) == Some(true) {
                        unpaired.push(format!("{action} twice intended"));
                    }
                }
                Phase::Outcome => match open.get_mut(&action) {
                    Some(open) => *open = false,
                    None => unpaired.push(format!("{action} without intent")),
                },
                Phase::Done | Phase::Refused => {}
            }
        }
        let left = open.into_iter().filter(|(_, open)| *open);
        unpaired.extend(left.map(|(action, _)| format!("{action} without outcome")));
        unpaired
    }

    /// Asks something of a job as somebody who may.
    pub(crate) async fn ask(
        &self,
        job: JobId,
        verb: RequestVerb,
        form: &JobRequestForm,
    ) -> Result<(), OpError> {
        let cx = self.person();
        let asked = operations::jobs::ask(&cx, &job.to_string(), verb, form).await;
        asked.map(drop)
    }

    /// The last answer to what was asked of a job: whether it was done, and what was said.
    pub(crate) async fn answered(&self, job: JobId) -> (Option<bool>, String) {
        let view = self.view(job).await;
        let request = view.requests.first().expect("something was asked");
        (request.accepted, request.answer.clone().unwrap_or_default())
    }

    /// The actions in the audit log about a job, oldest first, with who acted.
    pub(crate) async fn actions(&self, job: JobId) -> Vec<(String, Actor)> {
        let entries = self.audited(job).await.into_iter();
        entries.map(|entry| (entry.action, entry.actor)).collect()
    }

    /// Our statements on the source project.
    pub(crate) fn grants(&self) -> usize {
        self.aws
            .policies(&source())
            .iter()
            .map(|(_, document)| document.matches("\"Sid\":\"Ch").count())
            .sum()
    }

    pub(crate) fn accepted(&self) -> usize {
        self.aws.world().accepted.len()
    }
}

pub(crate) fn source() -> ProjectArn {
    SOURCE.parse().expect("a project ARN")
}

pub(crate) fn source_version() -> ProjectVersionArn {
    SOURCE_VERSION.parse().expect("a version ARN")
}

pub(crate) fn destination() -> ProjectArn {
    DESTINATION.parse().expect("a project ARN")
}

fn environment(name: &str, position: u16) -> Environment {
    let name: domain::EnvironmentName = name.parse().expect("an environment's name");
    Environment {
        name: name.clone(),
        position,
        colour: EnvironmentColour::Dev,
        protected: false,
        rule: Rule {
            reference: RuleRef {
                environment: name,
                version: 1,
            },
            approvals: 0,
            run_within_ms: 72 * 3_600_000,
        },
    }
}

fn account(number: &str, alias: &str, environment: &str, random: &dyn Random) -> Account {
    let role = |name: &str| -> RoleArn {
        format!("arn:aws:iam::{number}:role/{name}")
            .parse()
            .expect("a role ARN")
    };
    let parsed: AccountNumber = number.parse().expect("an account number");
    Account {
        number: parsed,
        alias: alias.parse().expect("an alias"),
        environment: environment.parse().expect("an environment's name"),
        regions: vec!["eu-west-1".parse().expect("a Region")],
        reader: role("customhouse-reader"),
        promoter: role("customhouse-promoter"),
        external_id: ExternalId::generate(random),
    }
}
