//! Everything that asks AWS shares one budget, and what AWS refuses is not asked for again and again.

use crate::support::Seeded;
use async_trait::async_trait;
use domain::{
    BucketName, Clock, ExternalId, KeyPrefix, Millis, PolicyName, PolicyRevisionId, ProjectArn,
    ProjectVersionArn, Random, Region, RoleAccess, RolePurpose, VersionName,
};
use engine::{Budget, BudgetSettings, Precedence};
use futures::future::join_all;
use operations::ports::aws::{
    Answer, AwsError, AwsReads, AwsWrites, BucketFacts, Call, CallerIdentity, CopyRequest,
    ErrorClass, ExternalIdUse, ProjectDescription, ProjectPolicy, Refusal, Turns,
    VersionDescription, WriteScope,
};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Runs with the machine, from a fixed moment.
struct Running(Instant);

impl Clock for Running {
    fn now(&self) -> Millis {
        let passed = i64::try_from(self.0.elapsed().as_millis()).expect("a short test");
        Millis::new(1_795_515_254_000 + passed)
    }
}

/// An AWS that notes when it was asked what, and answers as it was told.
struct Noting {
    clock: Arc<Running>,
    asked: Mutex<Vec<(Millis, String)>>,
    answers: Mutex<VecDeque<Option<(ErrorClass, &'static str)>>>,
    turns: Mutex<Option<Arc<dyn Turns>>>,
}

impl Noting {
    fn asked(&self) -> Vec<(Millis, String)> {
        self.asked.lock().expect("no panic in here").clone()
    }

    fn will(&self, answers: impl IntoIterator<Item = Option<(ErrorClass, &'static str)>>) {
        let mut told = self.answers.lock().expect("no panic in here");
        *told = answers.into_iter().collect();
    }

    fn note<T>(
        &self,
        operation: &'static str,
        what: &str,
        value: T,
    ) -> Result<Answer<T>, AwsError> {
        let at = self.clock.now();
        let mut asked = self.asked.lock().expect("no panic in here");
        asked.push((at, what.to_owned()));
        let call = Call {
            operation,
            at,
            took_ms: 0,
            request_id: None,
        };
        let answer = self.answers.lock().expect("no panic in here").pop_front();
        match answer.flatten() {
            None => Ok(Answer {
                value,
                call,
                date: None,
            }),
            Some((class, code)) => Err(AwsError {
                call,
                class,
                code: Some(code.to_owned()),
                message: format!("{code} for {what}"),
            }),
        }
    }
}

#[async_trait]
impl AwsReads for Noting {
    fn ask_before_more(&self, turns: Arc<dyn Turns>) {
        *self.turns.lock().expect("no panic in here") = Some(turns);
    }

    async fn assume_role(
        &self,
        _access: &RoleAccess,
        _region: &Region,
        _external_id: ExternalIdUse,
    ) -> Result<Answer<()>, AwsError> {
        self.note("AssumeRole", "role", ())
    }

    async fn caller_identity(
        &self,
        _access: &RoleAccess,
        _region: &Region,
    ) -> Result<Answer<CallerIdentity>, AwsError> {
        unreachable!("not asked in these tests")
    }

    async fn describe_projects(
        &self,
        _access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<Vec<ProjectDescription>>, AwsError> {
        self.note("DescribeProjects", region.as_str(), Vec::new())
    }

    async fn describe_project_versions(
        &self,
        _access: &RoleAccess,
        project: &ProjectArn,
        _names: &[VersionName],
    ) -> Result<Answer<Vec<VersionDescription>>, AwsError> {
        self.note(
            "DescribeProjectVersions",
            project.name().as_str(),
            Vec::new(),
        )
    }

    async fn list_project_policies(
        &self,
        _access: &RoleAccess,
        _project: &ProjectArn,
    ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
        unreachable!("not asked in these tests")
    }

    async fn list_tags(
        &self,
        _access: &RoleAccess,
        _version: &ProjectVersionArn,
    ) -> Result<Answer<BTreeMap<String, String>>, AwsError> {
        unreachable!("not asked in these tests")
    }

    async fn head_bucket(
        &self,
        _access: &RoleAccess,
        _region: &Region,
        _bucket: &BucketName,
    ) -> Result<Answer<BucketFacts>, AwsError> {
        unreachable!("not asked in these tests")
    }
}

#[async_trait]
impl AwsWrites for Noting {
    async fn put_project_policy(
        &self,
        _scope: &WriteScope,
        _project: &ProjectArn,
        _name: &PolicyName,
        _document: &str,
        _revision: Option<&PolicyRevisionId>,
    ) -> Result<Answer<PolicyRevisionId>, AwsError> {
        unreachable!("not asked in these tests")
    }

    async fn delete_project_policy(
        &self,
        _scope: &WriteScope,
        _project: &ProjectArn,
        _name: &PolicyName,
        _revision: &PolicyRevisionId,
    ) -> Result<Answer<()>, AwsError> {
        unreachable!("not asked in these tests")
    }

    async fn copy_project_version(
        &self,
        _scope: &WriteScope,
        copy: &CopyRequest,
    ) -> Result<Answer<ProjectVersionArn>, AwsError> {
        self.note(
            "CopyProjectVersion",
            copy.version_name.as_str(),
            copy.source_version.clone(),
        )
    }
}

struct Desk {
    aws: Arc<Noting>,
    people: Arc<dyn AwsReads>,
    background: Arc<dyn AwsReads>,
    writes: Arc<dyn AwsWrites>,
}

fn desk(settings: BudgetSettings) -> Desk {
    let clock = Arc::new(Running(Instant::now()));
    let aws = Arc::new(Noting {
        clock: Arc::clone(&clock),
        asked: Mutex::default(),
        answers: Mutex::default(),
        turns: Mutex::default(),
    });
    let random: Arc<dyn Random> = Arc::new(Seeded::new(11));
    let budget = Budget::new(settings, clock, random);
    let reads: Arc<dyn AwsReads> = Arc::clone(&aws) as Arc<dyn AwsReads>;
    let writes: Arc<dyn AwsWrites> = Arc::clone(&aws) as Arc<dyn AwsWrites>;
    Desk {
        people: budget.reads(&reads, Precedence::Interactive),
        background: budget.reads(&reads, Precedence::Background),
        writes: budget.writes(&writes),
        aws,
    }
}

fn quick() -> BudgetSettings {
    BudgetSettings {
        share: 0.5,
        quota: 100.0,
        ..BudgetSettings::default()
    }
}

fn reader() -> RoleAccess {
    RoleAccess {
        account: "333333333333".parse().expect("an account"),
        role: "arn:aws:iam::333333333333:role/customhouse-reader"
            .parse()
            .expect("a role"),
        external_id: ExternalId::generate(&Seeded::new(1)),
        purpose: RolePurpose::Reader,
    }
}

fn project(name: &str) -> ProjectArn {
    format!("arn:aws:rekognition:eu-west-1:333333333333:project/{name}/1656705098765")
        .parse()
        .expect("a project")
}

/// No span of time holds more calls than half of 100 a second and a burst of the other half.
fn assert_within_budget(asked: &[(Millis, String)]) {
    for (first, (from, _)) in asked.iter().enumerate() {
        for (last, (to, _)) in asked.iter().enumerate().skip(first) {
            let calls = i64::try_from(last - first + 1).expect("few");
            // A clock of whole milliseconds may hide one.
            let most = 50 + (to.since(*from) + 1) * 50 / 1_000 + 1;
            assert!(
                calls <= most,
                "{calls} calls in {} ms, {most} allowed",
                to.since(*from)
            );
        }
    }
}

#[tokio::test]
async fn all_who_ask_share_one_budget_and_people_go_first() {
    let desk = desk(quick());
    let (access, project) = (reader(), project("inspector"));
    let looks = (0..90).map(|_| async {
        desk.background
            .describe_project_versions(&access, &project, &[])
            .await
    });
    let pages = (0..20).map(|_| async {
        // Once the burst is used up and background work stands in line.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let asked = desk
            .people
            .describe_project_versions(&access, &project, &[]);
        asked.await.map(|_| desk.aws.asked().len())
    });
    let (looks, pages) = tokio::join!(join_all(looks), join_all(pages));
    assert!(looks.iter().all(Result::is_ok));
    let last_page = pages.into_iter().map(|asked| asked.expect("an answer"));
    let last_page = last_page.max().expect("pages");
    assert!(
        last_page < 100,
        "people waited until {last_page} calls of 110 were made"
    );
    assert_eq!(desk.aws.asked().len(), 110);
    assert_within_budget(&desk.aws.asked());
}

#[tokio::test]
async fn further_pages_of_a_read_have_their_turn_too() {
    let desk = desk(quick());
    let turns = desk.aws.turns.lock().expect("no panic in here").clone();
    let turns = turns.expect("the adapter was told whom to ask");
    let (access, project) = (reader(), project("inspector"));
    for _ in 0..70 {
        let region = project.region();
        turns
            .turn(&access.account, region, "DescribeProjectVersions")
            .await
            .expect("a turn");
        desk.aws
            .note("DescribeProjectVersions", "page", ())
            .expect("an answer");
    }
    assert_within_budget(&desk.aws.asked());
}

#[tokio::test]
async fn who_waits_too_long_or_goes_away_sends_nothing_and_takes_nobodys_turn() {
    let settings = BudgetSettings {
        share: 1.0,
        quota: 2.0,
        longest_wait_ms: 100,
        ..BudgetSettings::default()
    };
    let desk = desk(settings);
    let (access, project) = (reader(), project("inspector"));
    let ask = || {
        desk.background
            .describe_project_versions(&access, &project, &[])
    };
    ask().await.expect("the first has its turn");
    drop(tokio::time::timeout(Duration::from_millis(10), ask()).await);
    let error = ask().await.expect_err("no turn in 100 ms");
    assert!(error.is_held_back(), "{error:?}");
    assert_eq!(error.class, ErrorClass::NotSent);
    assert_eq!(desk.aws.asked().len(), 1);
    tokio::time::sleep(Duration::from_millis(400)).await;
    ask().await.expect("nobody stands before it");
}

#[tokio::test]
async fn throttling_is_told_to_nobody_slows_all_and_passes() {
    let desk = desk(quick());
    let throttled = Some((ErrorClass::Ambiguous, "ThrottlingException"));
    desk.aws.will([throttled, throttled, None]);
    let (access, project) = (reader(), project("inspector"));
    let region = project.region();
    let rate = || {
        desk.people
            .rate(&access.account, region, "DescribeProjectVersions")
            .expect("it is counted")
    };
    assert!((rate() - 50.0).abs() < 0.01);
    let asked = desk
        .background
        .describe_project_versions(&access, &project, &[]);
    asked.await.expect("the third try is answered");
    assert_eq!(desk.aws.asked().len(), 3);
    assert!(rate() < 50.0);
    let recovered = async {
        while rate() < 49.99 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), recovered)
        .await
        .expect("the rate comes back by itself");
}

#[tokio::test]
async fn a_refused_read_is_not_repeated_until_a_person_asks_and_is_answered() {
    let desk = desk(quick());
    let denied = (
        ErrorClass::Refused(Refusal::Access),
        "AccessDeniedException",
    );
    desk.aws.will(vec![Some(denied); 2]);
    let (access, here, there) = (reader(), project("inspector"), project("sorter"));
    let ask = |project| {
        desk.background
            .describe_project_versions(&access, project, &[])
    };
    let first = ask(&here).await.expect_err("refused");
    assert_eq!(first.class, denied.0);
    for _ in 0..50 {
        let error = ask(&here).await.expect_err("withheld");
        assert!(error.is_withheld(), "{error:?}");
        assert_eq!(error.code.as_deref(), Some("AccessDeniedException"));
    }
    assert_eq!(desk.aws.asked().len(), 1, "AWS was asked once");
    let withheld = desk.people.withheld(&access.account);
    assert_eq!(withheld.len(), 1);
    assert_eq!(withheld[0].operation, "DescribeProjectVersions");
    assert_eq!(
        withheld[0].resource.as_deref(),
        Some(here.to_string().as_str())
    );
    // A person is not kept from asking; the role is still wrong, then mended.
    for good in [false, true] {
        let asked = desk.people.describe_project_versions(&access, &here, &[]);
        assert_eq!(asked.await.is_ok(), good);
    }
    ask(&here).await.expect("asked again");
    ask(&there)
        .await
        .expect("another project was never refused");
    assert!(desk.people.withheld(&access.account).is_empty());
}

#[tokio::test]
async fn a_write_counts_and_is_sent_once_whatever_is_said_to_it() {
    let settings = BudgetSettings {
        share: 1.0,
        quota: 1.0,
        longest_write_wait_ms: 50,
        ..BudgetSettings::default()
    };
    let desk = desk(settings);
    let version: ProjectVersionArn =
        "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456"
            .parse()
            .expect("a version");
    let scope = WriteScope {
        access: reader(),
        region: "eu-west-1".parse().expect("a Region"),
        job: domain::JobId::generate(Millis::new(0), &Seeded::new(3)),
        session_policy: String::new(),
        send_by: Millis::new(i64::MAX),
    };
    let copy = CopyRequest {
        source_project: project("inspector"),
        source_version: version,
        destination_project: project("inspector"),
        version_name: "v7".parse().expect("a name"),
        bucket: "vision-prod-models"
            .parse::<BucketName>()
            .expect("a bucket"),
        prefix: "inspector/".parse::<KeyPrefix>().expect("a prefix"),
        kms_key: None,
        tags: BTreeMap::new(),
    };
    desk.aws
        .will([Some((ErrorClass::Ambiguous, "ThrottlingException"))]);
    let error = desk
        .writes
        .copy_project_version(&scope, &copy)
        .await
        .expect_err("throttled");
    assert_eq!(error.class, ErrorClass::Ambiguous);
    assert_eq!(desk.aws.asked().len(), 1, "never repeated");
    let error = desk
        .writes
        .copy_project_version(&scope, &copy)
        .await
        .expect_err("no turn");
    assert!(error.is_held_back());
    assert_eq!(
        desk.aws.asked().len(),
        1,
        "it is certain that it was not sent"
    );
}
