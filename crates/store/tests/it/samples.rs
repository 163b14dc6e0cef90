//! Values to store.

use domain::plan::{Output, PlannedGrant, Verification};
use domain::{
    Account, Actor, Environment, EnvironmentColour, JobId, JobKind, KeyPrefix, Millis, Plan,
    ProjectArn, PromotionPlan, ProposalId, ProposalState, Random, RequestVerb, Rule, RuleRef, Tags,
    VersionName,
};
use std::collections::BTreeMap;
use store::audit::{AuditEntry, Phase, Subject, SubjectKind};
use store::events::{EventKind, NewEvent};
use store::job_requests::{self, NewRequest};
use store::jobs::NewJob;
use store::proposals::NewProposal;
use store::{StoreError, Tx, accounts, environments, jobs, proposals};

/// Gives the same bytes each time; ids differ by their moment.
pub(crate) struct Fixed(pub(crate) u8);

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

pub(crate) fn at(milliseconds: i64) -> Millis {
    Millis::new(1_795_515_254_000 + milliseconds)
}

pub(crate) fn proposal_id(n: i64) -> ProposalId {
    ProposalId::generate(Millis::new(n), &Fixed(1))
}

pub(crate) fn job_id(n: i64) -> JobId {
    JobId::generate(Millis::new(n), &Fixed(2))
}

pub(crate) fn entry(n: i64) -> AuditEntry {
    AuditEntry {
        at: at(n),
        actor: Actor::Engine,
        actor_name: None,
        on_behalf_of: Some(Actor::LocalOperator),
        action: "aws.copy_project_version".to_owned(),
        phase: Phase::Intended,
        subject: Subject {
            kind: SubjectKind::Job,
            id: job_id(n).to_string(),
        },
        details: BTreeMap::from([("version".to_owned(), "v7 \u{20ac} \"x\"".to_owned())]),
        request_id: None,
        channel: Some("engine".to_owned()),
        address: None,
    }
}

pub(crate) fn event(n: i64) -> NewEvent {
    NewEvent {
        kind: EventKind::Job,
        subject: job_id(n).to_string(),
        environment: Some("prod".parse().unwrap()),
        view: serde_json::json!({ "n": n }),
        at: at(n),
    }
}

pub(crate) fn environment(name: &str, position: u16) -> Environment {
    Environment {
        name: name.parse().unwrap(),
        position,
        colour: EnvironmentColour::Prod,
        protected: true,
        rule: rule(name, 1),
    }
}

pub(crate) fn rule(environment: &str, version: u32) -> Rule {
    Rule {
        reference: RuleRef {
            environment: environment.parse().unwrap(),
            version,
        },
        approvals: 0,
        run_within_ms: 3_600_000,
    }
}

pub(crate) fn account(number: &str, alias: &str, environment: &str) -> Account {
    let role = |name: &str| {
        format!("arn:aws:iam::{number}:role/{name}")
            .parse()
            .unwrap()
    };
    Account {
        number: number.parse().unwrap(),
        alias: alias.parse().unwrap(),
        environment: environment.parse().unwrap(),
        regions: vec!["eu-west-1".parse().unwrap(), "us-east-1".parse().unwrap()],
        reader: role("customhouse-reader"),
        promoter: role("customhouse-promoter"),
        external_id: "ch-0123456789abcdef0123456789abcdef".parse().unwrap(),
    }
}

pub(crate) fn project(account: &str, name: &str) -> ProjectArn {
    format!("arn:aws:rekognition:eu-west-1:{account}:project/{name}/1656565123456")
        .parse()
        .unwrap()
}

pub(crate) fn plan(proposal: ProposalId) -> Plan {
    let source = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector";
    let version: domain::ProjectVersionArn = format!("{source}/version/v7/1656611123456")
        .parse()
        .unwrap();
    Plan::Promotion(Box::new(PromotionPlan {
        proposal,
        source_project: project("111111111111", "inspector"),
        source_version: version.clone(),
        destination_project: project("333333333333", "inspector"),
        version_name: "v7".parse().unwrap(),
        output: Output {
            bucket: "vision-prod-models".parse().unwrap(),
            prefix: KeyPrefix::new("inspector")
                .unwrap()
                .for_proposal(proposal)
                .unwrap(),
        },
        kms_key: None,
        tags: Tags::default(),
        grant: PlannedGrant {
            sid: PlannedGrant::sid_for(proposal),
            principal: "arn:aws:iam::333333333333:role/customhouse-promoter"
                .parse()
                .unwrap(),
            resource: version,
            ends: at(86_400_000),
        },
        grantor: "arn:aws:iam::111111111111:role/customhouse-promoter"
            .parse()
            .unwrap(),
        verification: Verification::ReadBack,
        rule: rule("prod", 1).reference,
        run_before: at(3_600_000),
    }))
}

/// The environments and accounts that the other rows need.
pub(crate) async fn registry(tx: &mut Tx) {
    for (position, name) in [(1, "dev"), (2, "prod")] {
        environments::insert(tx, &environment(name, position), at(0))
            .await
            .unwrap();
    }
    for (number, alias, environment) in [
        ("111111111111", "vision-dev", "dev"),
        ("333333333333", "vision-prod", "prod"),
    ] {
        accounts::insert(tx, &account(number, alias, environment), at(0))
            .await
            .unwrap();
    }
}

pub(crate) async fn propose(tx: &mut Tx, n: i64) -> Result<i64, StoreError> {
    let id = proposal_id(n);
    proposals::insert(
        tx,
        &NewProposal {
            id,
            state: &ProposalState::Checking,
            environment: &"prod".parse().unwrap(),
            requester: &Actor::LocalOperator,
            reason: Some(&"Better on scratches".parse().unwrap()),
            plan: &plan(id),
            at: at(n),
        },
    )
    .await
}

/// Stores copy job `n` of proposal `n`, which brings a version of this name into the project.
pub(crate) async fn enqueue(tx: &mut Tx, n: i64, name: &str) -> Result<i64, StoreError> {
    let destination = project("333333333333", "inspector");
    let name: VersionName = name.parse().unwrap();
    jobs::insert(
        tx,
        &NewJob {
            id: job_id(n),
            proposal: proposal_id(n),
            kind: JobKind::Copy,
            environment: &"prod".parse().unwrap(),
            source_account: &"111111111111".parse().unwrap(),
            destination_account: Some(&"333333333333".parse().unwrap()),
            destination: Some((&destination, &name)),
            next_run_at: at(n),
            at: at(n),
        },
    )
    .await
}

/// A request about job `n`, by the local operator.
pub(crate) async fn ask(tx: &mut Tx, n: i64, verb: RequestVerb) -> i64 {
    let request = NewRequest {
        job: job_id(n),
        verb,
        actor: &Actor::LocalOperator,
        version: None,
        vouched: false,
        at: at(n),
    };
    job_requests::insert(tx, &request).await.unwrap()
}
