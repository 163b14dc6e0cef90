//! The registry and the test of roles.

use crate::fake_aws::FakeAws;
use crate::world::{DEV, PERSON, PROD, World, account, environment, registry};
use domain::{Actor, RolePurpose};
use operations::accounts::{
    self, FillError, FillOutcome, Registry, RegistryProblem, RoleCheck, RoleState, RoleTestStep,
    TestResult, fill_from_config,
};
use operations::ports::aws::{ErrorClass, Refusal};
use operations::{Kind, OpError, environments};

#[tokio::test]
async fn the_registry_is_filled_once() {
    let world = World::empty().await;
    let cx = world.cx.acting_as(Actor::Configuration);
    let none = fill_from_config(&cx, &Registry::default()).await.unwrap();
    assert_eq!(none, FillOutcome::Nothing);
    let filled = fill_from_config(&cx, &registry(0)).await.unwrap();
    let expected = FillOutcome::Filled {
        environments: 3,
        accounts: 3,
    };
    assert_eq!(filled, expected);
    let mut other = registry(0);
    other.accounts[0].alias = "other".parse().unwrap();
    let ignored = fill_from_config(&cx, &other).await.unwrap();
    assert_eq!(ignored, FillOutcome::Ignored);
    assert!(ignored.to_string().contains("are ignored"));
    let accounts = accounts::list(&world.cx).await.unwrap();
    let aliases: Vec<_> = accounts
        .iter()
        .map(|view| view.identity.alias.as_str())
        .collect();
    assert_eq!(aliases, ["vision-dev", "vision-staging", "vision-prod"]);
    let environments = environments::list(&world.cx).await.unwrap();
    assert_eq!(environments.len(), 3);
    assert_eq!(environments[2].accounts[0].alias.as_str(), "vision-prod");
}

#[tokio::test]
async fn a_registry_that_does_not_fit_together_is_refused_whole() {
    let world = World::empty().await;
    let cx = world.cx.acting_as(Actor::Configuration);
    let mut bad = account(DEV, "vision-dev", "qa");
    bad.regions.clear();
    bad.promoter = account(PROD, "x", "dev").promoter;
    let configured = Registry {
        environments: vec![environment("dev", 0, 0), environment("dev", 1, 0)],
        accounts: vec![bad.clone(), bad],
    };
    let Err(FillError::Problems(problems)) = fill_from_config(&cx, &configured).await else {
        panic!("taken");
    };
    let first = RegistryProblem::EnvironmentTwice("dev".parse().unwrap());
    assert_eq!(problems[0], first);
    assert_eq!(problems.len(), 9, "{problems:#?}");
    assert!(accounts::list(&world.cx).await.unwrap().is_empty());
    assert_eq!(world.written().await, (0, 0));
}

fn results(steps: &[RoleTestStep]) -> Vec<(RoleCheck, TestResult)> {
    steps.iter().map(|step| (step.check, step.result)).collect()
}

#[tokio::test]
async fn a_role_that_works_passes_every_step() {
    let world = World::new(0).await;
    for purpose in ["reader", "promoter"] {
        let test = accounts::test_role(&world.cx, DEV, purpose).await.unwrap();
        assert_eq!(test.result, TestResult::Ok);
        let expected = [
            (RoleCheck::Assume, TestResult::Ok),
            (RoleCheck::Identity, TestResult::Ok),
            (RoleCheck::WithoutExternalId, TestResult::Ok),
            (RoleCheck::DescribeProjects, TestResult::Ok),
            (RoleCheck::DescribeProjects, TestResult::Ok),
        ];
        assert_eq!(results(&test.steps), expected);
        assert!(test.steps.iter().all(|step| step.took_ms == Some(84)));
        assert!(test.steps.iter().all(|step| step.request_id.is_some()));
    }
    let view = accounts::get(&world.cx, "vision-dev").await.unwrap();
    assert_eq!(view.reader.state(), RoleState::Works);
    assert_eq!(view.promoter.state(), RoleState::Works);
    assert_eq!((view.projects, view.versions), (1, 2));
    assert_eq!(world.audit(1).await, [format!("{PERSON} role.test Done")]);
    let untested = accounts::get(&world.cx, PROD).await.unwrap();
    assert_eq!(untested.reader.state(), RoleState::NotTested);
}

#[tokio::test]
async fn each_way_of_not_working_is_told_with_its_fix() {
    type Spoil = fn(&FakeAws);
    const REFUSED: ErrorClass = ErrorClass::Refused(Refusal::Access);
    let cases: &[(&str, Spoil, RoleCheck, TestResult, TestResult)] = &[
        (
            "reader",
            |aws| aws.fail("AssumeRole", DEV, REFUSED),
            RoleCheck::Assume,
            TestResult::Failed,
            TestResult::Failed,
        ),
        (
            "reader",
            |aws| aws.fail("AssumeRole", DEV, ErrorClass::Refused(Refusal::Expired)),
            RoleCheck::Assume,
            TestResult::Failed,
            TestResult::Failed,
        ),
        (
            "promoter",
            |aws| aws.fail("AssumeRole", DEV, ErrorClass::NotSent),
            RoleCheck::Assume,
            TestResult::CannotTell,
            TestResult::CannotTell,
        ),
        (
            "reader",
            |aws| aws.state.lock().unwrap().lands_in = PROD.parse().ok(),
            RoleCheck::Identity,
            TestResult::Failed,
            TestResult::Failed,
        ),
        (
            "promoter",
            |aws| aws.state.lock().unwrap().without_external_id = Some(Ok(())),
            RoleCheck::WithoutExternalId,
            TestResult::Failed,
            TestResult::Failed,
        ),
        (
            "promoter",
            |aws| {
                aws.state.lock().unwrap().without_external_id = Some(Err(ErrorClass::Ambiguous));
            },
            RoleCheck::WithoutExternalId,
            TestResult::CannotTell,
            TestResult::CannotTell,
        ),
        (
            "reader",
            |aws| aws.fail("DescribeProjects", DEV, REFUSED),
            RoleCheck::DescribeProjects,
            TestResult::Failed,
            TestResult::Failed,
        ),
        (
            "promoter",
            |aws| aws.state.lock().unwrap().promoter_is_blind = true,
            RoleCheck::DescribeProjects,
            TestResult::CannotTell,
            TestResult::Ok,
        ),
        (
            "reader",
            |aws| aws.fail("DescribeProjects", DEV, ErrorClass::Ambiguous),
            RoleCheck::DescribeProjects,
            TestResult::CannotTell,
            TestResult::CannotTell,
        ),
    ];
    for (index, (purpose, spoil, check, result, whole)) in cases.iter().enumerate() {
        let world = World::new(0).await;
        spoil(&world.aws);
        let test = accounts::test_role(&world.cx, DEV, purpose).await.unwrap();
        let step = test.steps.iter().find(|step| step.check == *check).unwrap();
        assert_eq!(step.result, *result, "case {index}: {step:?}");
        assert_eq!(test.result, *whole, "case {index}");
        assert!(step.fix.is_some(), "case {index}: no fix");
        let checks: Vec<_> = test.steps.iter().map(|step| step.check).collect();
        assert_eq!(checks.len(), 5, "case {index}: {checks:?}");
        let view = accounts::get(&world.cx, DEV).await.unwrap();
        let kept = if *purpose == "reader" {
            view.reader
        } else {
            view.promoter
        };
        assert_eq!(kept.last_test, Some(test), "case {index}");
    }
}

#[tokio::test]
async fn the_lines_to_add_are_shown() {
    let world = World::new(0).await;
    world.aws.fail(
        "DescribeProjects",
        DEV,
        ErrorClass::Refused(Refusal::Access),
    );
    let test = accounts::test_role(&world.cx, DEV, "reader").await.unwrap();
    let policy = test.steps[3].policy.as_deref().unwrap();
    assert!(policy.contains("rekognition:DescribeProjects"), "{policy}");

    world.aws.heal();
    world.aws.state.lock().unwrap().without_external_id = Some(Ok(()));
    let test = accounts::test_role(&world.cx, DEV, "promoter")
        .await
        .unwrap();
    let policy = test.steps[2].policy.as_deref().unwrap();
    assert!(policy.contains("sts:ExternalId"), "{policy}");
    assert!(policy.contains("user/customhouse"), "{policy}");

    world.aws.state.lock().unwrap().promoter_is_blind = true;
    let test = accounts::test_role(&world.cx, DEV, "promoter")
        .await
        .unwrap();
    let policy = test.steps[3].policy.as_deref().unwrap();
    let statement: serde_json::Value = serde_json::from_str(policy).unwrap();
    assert_eq!(statement["Action"], "rekognition:DescribeProjects");
}

#[tokio::test]
async fn after_a_role_that_leads_elsewhere_nothing_is_read_there() {
    let world = World::new(0).await;
    world.aws.state.lock().unwrap().lands_in = PROD.parse().ok();
    let test = accounts::test_role(&world.cx, DEV, "reader").await.unwrap();
    assert_eq!(test.steps[3].took_ms, None);
    assert_eq!(test.steps[3].result, TestResult::CannotTell);
}

#[tokio::test]
async fn unknown_accounts_and_roles_are_not_found() {
    let world = World::new(0).await;
    let before = world.written().await;
    let test = accounts::test_role(&world.cx, "444444444444", "reader").await;
    assert!(matches!(
        test,
        Err(OpError::NotFound {
            kind: Kind::Account,
            ..
        })
    ));
    let test = accounts::test_role(&world.cx, DEV, "admin").await;
    assert!(matches!(
        test,
        Err(OpError::NotFound {
            kind: Kind::Role,
            ..
        })
    ));
    assert!(accounts::get(&world.cx, "nobody").await.is_err());
    assert_eq!(world.written().await, before);
    let found = accounts::by_number(&world.engine(), &DEV.parse().unwrap())
        .await
        .unwrap();
    let access = found.unwrap().access(RolePurpose::Reader);
    assert_eq!(access.account.as_str(), DEV);
}
