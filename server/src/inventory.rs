//! Reads the projects and versions of all accounts and tests all roles, now and then, so that pages
//! have something to show and a role that stopped working is found before a job needs it.
//!
//! What is asked of AWS here shares the budget of everything else and comes after people.

use std::time::Duration;

use operations::OpContext;
use operations::accounts::TestResult;
use tokio_util::sync::CancellationToken;

/// How long the first look may hold up the first answer.
const FIRST: Duration = Duration::from_secs(5);

/// How often things are read by themselves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounds {
    /// Between two looks at all projects and versions.
    pub(crate) inventory: Duration,
    /// Between two tests of every role.
    pub(crate) roles: Duration,
}

/// Looks once before the server answers, unless pages have something to show already: then running
/// jobs need the calls that AWS allows, and people need the pages. An AWS that does not answer
/// delays it by five seconds and no more; pages then say what was not seen.
pub(crate) async fn first_look(cx: &OpContext) {
    if age(cx).await.is_some() {
        return;
    }
    if tokio::time::timeout(FIRST, look(cx)).await.is_err() {
        tracing::warn!("AWS has not answered in time; projects and versions are looked at later");
    }
}

/// Looks and tests again after each pause, until `stop`. The first pause before a look is the shorter
/// the older the last look is. Replicas, and the two kinds of rounds, do not go in step: a pause is
/// up to a tenth shorter or longer than was set.
pub(crate) async fn keep_reading(cx: OpContext, rounds: Rounds, stop: CancellationToken) {
    let looking = async {
        let age = age(&cx).await.unwrap_or_default();
        let mut pause = jittered(&cx, rounds.inventory).saturating_sub(age);
        loop {
            tokio::time::sleep(pause).await;
            look(&cx).await;
            pause = jittered(&cx, rounds.inventory);
        }
    };
    let testing = async {
        loop {
            tokio::time::sleep(jittered(&cx, rounds.roles)).await;
            test_roles(&cx).await;
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = looking => {}
        () = testing => {}
    }
}

/// How long ago AWS was looked at; none if it never was, or that cannot be read.
async fn age(cx: &OpContext) -> Option<Duration> {
    match operations::models::last_look(cx).await {
        Ok(last) => last.map(|last| {
            let age_ms = cx.clock.now().since(last);
            Duration::from_millis(u64::try_from(age_ms).unwrap_or(0))
        }),
        Err(error) => {
            tracing::warn!(%error, "cannot read when AWS was looked at");
            None
        }
    }
}

/// `pause`, give or take a tenth.
fn jittered(cx: &OpContext, pause: Duration) -> Duration {
    let mut byte = [0];
    cx.random.fill(&mut byte);
    pause.mul_f64(0.9 + f64::from(byte[0]) / 255.0 * 0.2)
}

async fn look(cx: &OpContext) {
    match operations::models::refresh(cx, None).await {
        Ok(seen) => {
            let failed = seen
                .places
                .iter()
                .filter(|place| place.error.is_some())
                .count();
            tracing::info!(
                places = seen.places.len(),
                failed,
                "looked at projects and versions"
            );
        }
        Err(error) => tracing::warn!(%error, "projects and versions could not be looked at"),
    }
}

async fn test_roles(cx: &OpContext) {
    match operations::accounts::test_roles(cx).await {
        Ok(tests) => {
            let failed = tests
                .iter()
                .filter(|test| test.result == TestResult::Failed)
                .count();
            tracing::info!(roles = tests.len(), failed, "tested the roles");
        }
        Err(error) => tracing::warn!(%error, "the roles could not be tested"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{MachineClock, MachineRandom};
    use async_trait::async_trait;
    use domain::{
        Account, Actor, BucketName, Environment, EnvironmentColour, ExternalId, ProjectArn,
        ProjectVersionArn, Region, RoleAccess, Rule, RuleRef, VersionName,
    };
    use operations::Caller;
    use operations::accounts::Registry;
    use operations::ports::aws::{
        Answer, AwsError, AwsReads, BucketFacts, Call, CallerIdentity, ErrorClass, ExternalIdUse,
        ProjectDescription, ProjectPolicy, Refusal, VersionDescription,
    };
    use std::collections::BTreeMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use store::{DatabaseUrl, Store};

    /// A day ahead.
    struct Tomorrow;

    impl domain::Clock for Tomorrow {
        fn now(&self) -> domain::Millis {
            MachineClock.now().plus(86_400_000)
        }
    }

    /// Refuses every role and counts how often each thing was asked.
    #[derive(Default)]
    struct Refusing {
        roles: AtomicUsize,
        projects: AtomicUsize,
    }

    fn refused(operation: &'static str) -> AwsError {
        AwsError {
            call: Call {
                operation,
                at: domain::Millis::new(0),
                took_ms: 1,
                request_id: None,
            },
            class: ErrorClass::Refused(Refusal::Access),
            code: Some("AccessDenied".to_owned()),
            message: "no".to_owned(),
        }
    }

    #[async_trait]
    impl AwsReads for Refusing {
        async fn assume_role(
            &self,
            _: &RoleAccess,
            _: &Region,
            _: ExternalIdUse,
        ) -> Result<Answer<()>, AwsError> {
            self.roles.fetch_add(1, Ordering::SeqCst);
            Err(refused("AssumeRole"))
        }
        async fn caller_identity(
            &self,
            _: &RoleAccess,
            _: &Region,
        ) -> Result<Answer<CallerIdentity>, AwsError> {
            Err(refused("GetCallerIdentity"))
        }
        async fn describe_projects(
            &self,
            _: &RoleAccess,
            _: &Region,
        ) -> Result<Answer<Vec<ProjectDescription>>, AwsError> {
            self.projects.fetch_add(1, Ordering::SeqCst);
            Err(refused("DescribeProjects"))
        }
        async fn describe_project_versions(
            &self,
            _: &RoleAccess,
            _: &ProjectArn,
            _: &[VersionName],
        ) -> Result<Answer<Vec<VersionDescription>>, AwsError> {
            Err(refused("DescribeProjectVersions"))
        }
        async fn list_project_policies(
            &self,
            _: &RoleAccess,
            _: &ProjectArn,
        ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
            Err(refused("ListProjectPolicies"))
        }
        async fn list_tags(
            &self,
            _: &RoleAccess,
            _: &ProjectVersionArn,
        ) -> Result<Answer<BTreeMap<String, String>>, AwsError> {
            Err(refused("ListTagsForResource"))
        }
        async fn head_bucket(
            &self,
            _: &RoleAccess,
            _: &Region,
            _: &BucketName,
        ) -> Result<Answer<BucketFacts>, AwsError> {
            Err(refused("HeadBucket"))
        }
    }

    async fn console(aws: Arc<Refusing>, folder: &std::path::Path) -> OpContext {
        let store = Store::open(&DatabaseUrl::sqlite(folder.join("test.sqlite")))
            .await
            .unwrap();
        let cx = OpContext {
            caller: Caller::of(Actor::Configuration),
            request_id: "test".to_owned(),
            store,
            aws,
            clock: Arc::new(MachineClock),
            random: Arc::new(MachineRandom),
            settings: Arc::default(),
        };
        let environment: domain::EnvironmentName = "dev".parse().unwrap();
        let registry = Registry {
            environments: vec![Environment {
                name: environment.clone(),
                position: 0,
                colour: EnvironmentColour::Dev,
                protected: false,
                rule: Rule {
                    reference: RuleRef {
                        environment: environment.clone(),
                        version: 1,
                    },
                    approvals: 0,
                    run_within_ms: 3_600_000,
                },
            }],
            accounts: vec![Account {
                number: "111111111111".parse().unwrap(),
                alias: "vision-dev".parse().unwrap(),
                environment,
                regions: vec!["eu-west-1".parse().unwrap()],
                reader: "arn:aws:iam::111111111111:role/customhouse-reader"
                    .parse()
                    .unwrap(),
                promoter: "arn:aws:iam::111111111111:role/customhouse-promoter"
                    .parse()
                    .unwrap(),
                external_id: ExternalId::generate(&MachineRandom),
            }],
        };
        operations::accounts::fill_from_config(&cx, &registry)
            .await
            .unwrap();
        cx.acting_as(Actor::Engine)
    }

    #[tokio::test]
    async fn both_rounds_go_on_until_they_are_stopped_and_their_results_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let aws = Arc::new(Refusing::default());
        let cx = console(Arc::clone(&aws), folder.path()).await;
        let stop = CancellationToken::new();
        let rounds = Rounds {
            inventory: Duration::from_millis(30),
            roles: Duration::from_millis(40),
        };
        let seen = async {
            while aws.roles.load(Ordering::SeqCst) < 4 || aws.projects.load(Ordering::SeqCst) < 2 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            stop.cancel();
        };
        let both = async { tokio::join!(keep_reading(cx.clone(), rounds, stop.clone()), seen) };
        tokio::time::timeout(Duration::from_secs(30), Box::pin(both))
            .await
            .expect("two rounds of each");
        let people = cx.acting_as(Actor::LocalOperator);
        let account = operations::accounts::get(&people, "111111111111")
            .await
            .unwrap();
        for role in [&account.reader, &account.promoter] {
            let test = role.last_test.as_ref().expect("a test is kept");
            assert_eq!(test.result, TestResult::Failed);
        }
        assert_eq!(account.errors.len(), 1, "the Region's error is kept");
        // The first test of each role, and no entry for those that found the same.
        let mut reader = cx.store.read().await.unwrap();
        let subject = store::audit::Subject {
            kind: store::audit::SubjectKind::Account,
            id: "111111111111".to_owned(),
        };
        let entries = store::audit::of_subject(&mut reader, &subject, 1_000)
            .await
            .unwrap();
        let tests = entries
            .iter()
            .filter(|row| row.entry.action.contains("role"));
        assert_eq!(tests.count(), 2);
    }

    #[tokio::test]
    async fn what_is_known_is_not_waited_for_and_what_is_old_is_looked_at_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let aws = Arc::new(Refusing::default());
        let cx = console(Arc::clone(&aws), folder.path()).await;
        let looks = || aws.projects.load(Ordering::SeqCst);
        first_look(&cx).await;
        assert_eq!(looks(), 1);
        first_look(&cx).await;
        assert_eq!(looks(), 1, "as after a restart");

        let tomorrow = OpContext {
            clock: Arc::new(Tomorrow),
            ..cx
        };
        let hour = Duration::from_hours(1);
        let rounds = Rounds {
            inventory: hour,
            roles: hour,
        };
        let reading = keep_reading(tomorrow, rounds, CancellationToken::new());
        let seen = async {
            while looks() < 2 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let either = async {
            tokio::select! {
                () = reading => panic!("nobody has stopped it"),
                () = seen => {}
            }
        };
        tokio::time::timeout(Duration::from_secs(30), Box::pin(either))
            .await
            .expect("a look before the hour is over");
    }

    #[test]
    fn pauses_differ_by_at_most_a_tenth() {
        struct Byte(u8);
        impl domain::Random for Byte {
            fn fill(&self, bytes: &mut [u8]) {
                bytes.fill(self.0);
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let cx = runtime.block_on(console(Arc::new(Refusing::default()), folder.path()));
        for (byte, seconds) in [(0, 90), (255, 110)] {
            let cx = OpContext {
                random: Arc::new(Byte(byte)),
                ..cx.clone()
            };
            let pause = jittered(&cx, Duration::from_secs(100));
            assert_eq!(pause.as_secs(), seconds);
        }
    }
}
