//! Reading: what comes back.

use crate::support::{DEV, PROD, World, access, reader, region};
use domain::{ExternalId, RolePurpose, VersionStatus};
use operations::ports::aws::{AwsReads as _, ErrorClass, ExternalIdUse, Refusal};

#[tokio::test]
async fn projects_versions_and_buckets_are_read() {
    let world = World::demo().await;
    let project = world.project(DEV, "inspector").await;
    let all = world
        .aws
        .describe_project_versions(&reader(DEV), &project, &[])
        .await
        .unwrap();
    assert!(all.value.len() >= 5, "{:?}", all.value);
    assert!(all.call.request_id.is_some());
    assert!(all.date.is_some());
    let v7 = all
        .value
        .iter()
        .find(|version| version.arn.name().as_str() == "v7")
        .unwrap();
    assert_eq!(v7.status, VersionStatus::TrainingCompleted);
    assert!(v7.f1.is_some_and(|f1| f1 > 0.5 && f1 < 1.0));
    let none = ["nothing".parse().unwrap()];
    let named = world
        .aws
        .describe_project_versions(&reader(DEV), &project, &none)
        .await
        .unwrap();
    assert!(named.value.is_empty());

    let promoter = access(PROD, RolePurpose::Promoter);
    let bucket = "vision-prod-models".parse().unwrap();
    let facts = world
        .aws
        .head_bucket(&promoter, &region(), &bucket)
        .await
        .unwrap();
    assert_eq!(facts.value.region, Some(region()));
    let missing = "vision-prod-nothing".parse().unwrap();
    let error = world
        .aws
        .head_bucket(&promoter, &region(), &missing)
        .await
        .unwrap_err();
    assert_eq!(error.call.operation, "HeadBucket");
    assert!(matches!(
        error.class,
        ErrorClass::Refused(Refusal::NotFound | Refusal::Access)
    ));
}

#[tokio::test]
async fn a_role_test_tells_the_identity_and_whether_the_external_id_is_asked_for() {
    let world = World::demo().await;
    for purpose in RolePurpose::ALL {
        let access = access(PROD, purpose);
        world
            .aws
            .assume_role(&access, &region(), ExternalIdUse::Presented)
            .await
            .unwrap();
        let identity = world.aws.caller_identity(&access, &region()).await.unwrap();
        assert_eq!(identity.value.account, access.account);
        assert!(
            identity.value.arn.contains(access.role.name()),
            "{}",
            identity.value.arn
        );
        let error = world
            .aws
            .assume_role(&access, &region(), ExternalIdUse::Omitted)
            .await
            .unwrap_err();
        assert_eq!(error.class, ErrorClass::Refused(Refusal::Access));
        assert!(error.call.request_id.is_some());
    }
    let mut wrong = reader(PROD);
    wrong.external_id = ExternalId::new("ch-something-else").unwrap();
    let error = world
        .aws
        .describe_projects(&wrong, &region())
        .await
        .unwrap_err();
    assert_eq!(
        (error.call.operation, error.class),
        ("AssumeRole", ErrorClass::Refused(Refusal::Access))
    );
}

#[tokio::test]
async fn customhouse_can_say_who_it_is_itself() {
    let world = World::demo().await;
    let identity = world.aws.own_identity(&region()).await.unwrap();
    assert_eq!(identity.value.account.as_str(), "999999999999");
    let user = "arn:aws:iam::999999999999:user/customhouse";
    assert_eq!(identity.value.arn, user);
    assert_eq!(world.count("AssumeRole").await, 0);
    // A role's session must not have taken the place of the base credentials.
    let role = world.aws.caller_identity(&reader(DEV), &region()).await;
    assert_eq!(role.unwrap().value.account.as_str(), DEV);
    let identity = world.aws.own_identity(&region()).await.unwrap();
    assert_eq!(identity.value.arn, user);
}
