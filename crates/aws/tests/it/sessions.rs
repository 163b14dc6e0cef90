//! How the sessions of assumed roles are kept, renewed and given up.

use crate::support::{DEV, World, reader, region};
use futures::FutureExt as _;
use futures::future::join_all;
use operations::ports::aws::{AwsError, AwsReads as _, ErrorClass, ExternalIdUse, Refusal};
use serde_json::json;

const MINUTE: i64 = 60_000;

impl World {
    async fn read(&self) -> Result<(), AwsError> {
        let (access, region) = (reader(DEV), region());
        let projects = self.aws.describe_projects(&access, &region).await;
        projects.map(|_| ())
    }

    async fn sts_is_down(&self) {
        let down =
            json!({"operation": "AssumeRole", "times": 0, "effect": {"kind": "internal_error"}});
        self.emulated.fault(down).await.unwrap();
    }

    async fn sts_is_up(&self) {
        let harmless = json!({"operation": "CreateProject", "effect": {"kind": "throttle"}});
        self.emulated.fault(harmless).await.unwrap();
    }
}

#[tokio::test]
async fn a_session_is_renewed_at_four_fifths_of_its_hour() {
    let world = World::demo().await;
    world.read().await.unwrap();
    world.clock.advance(48 * MINUTE - 1);
    world.read().await.unwrap();
    assert_eq!(world.count("AssumeRole").await, 1);
    world.clock.advance(1);
    world.read().await.unwrap();
    assert_eq!(world.count("AssumeRole").await, 2);
}

#[tokio::test]
async fn a_session_that_aws_calls_expired_is_renewed_and_the_read_made_again() {
    let world = World::demo().await;
    world.read().await.unwrap();
    world.emulated.advance(3601.0).await.unwrap();
    world.read().await.unwrap();
    assert_eq!(world.count("AssumeRole").await, 2);
}

#[tokio::test]
async fn a_session_that_aws_no_longer_knows_is_renewed_and_the_read_made_again() {
    let world = World::demo().await;
    world.read().await.unwrap();
    world.emulated.reset().await.unwrap();
    world.read().await.unwrap();
    assert_eq!(world.count("AssumeRole").await, 1, "since the reset");
    world.emulated.reset().await.unwrap();
    let identity = world.aws.caller_identity(&reader(DEV), &region()).await;
    assert_eq!(identity.unwrap().value.account.as_str(), DEV);
}

#[tokio::test]
async fn a_session_is_renewed_once_however_many_find_it_expired() {
    let world = World::demo().await;
    world.read().await.unwrap();
    world.emulated.advance(3601.0).await.unwrap();
    let (access, region) = (reader(DEV), region());
    let reads = (0..20).map(|_| world.aws.caller_identity(&access, &region));
    for answer in join_all(reads).await {
        answer.unwrap();
    }
    assert_eq!(world.count("AssumeRole").await, 2);
}

#[tokio::test]
async fn a_role_test_without_the_external_id_is_made_once() {
    let world = World::demo().await;
    world.sts_is_down().await;
    let mut made = 0;
    for (external_id, attempts) in [(ExternalIdUse::Omitted, 1), (ExternalIdUse::Presented, 3)] {
        let (access, region) = (reader(DEV), region());
        let test = world.aws.assume_role(&access, &region, external_id).await;
        assert_eq!(test.unwrap_err().class, ErrorClass::Ambiguous);
        made += attempts;
        assert_eq!(world.count("AssumeRole").await, made, "{external_id:?}");
    }
}

#[tokio::test]
async fn a_read_is_made_again_once_and_no_more() {
    let world = World::demo().await;
    let expired = json!({"operation": "DescribeProjects", "times": 0, "effect": {"kind": "expired_credentials"}});
    world.emulated.fault(expired).await.unwrap();
    let error = world.read().await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Refused(Refusal::Expired));
    assert_eq!(world.count("DescribeProjects").await, 2);
    assert_eq!(world.count("AssumeRole").await, 2);
}

#[tokio::test]
async fn those_who_wait_for_a_session_share_its_failure() {
    let world = World::demo().await;
    world.sts_is_down().await;
    let answers = join_all((0..20).map(|_| world.read())).await;
    for answer in answers {
        let error = answer.unwrap_err();
        assert_eq!(
            (error.call.operation, error.class),
            ("AssumeRole", ErrorClass::Ambiguous)
        );
    }
    let attempts = 3;
    assert_eq!(world.count("AssumeRole").await, attempts);
    // A failure is nobody's answer afterwards.
    world.sts_is_up().await;
    world.read().await.unwrap();
    assert_eq!(world.count("AssumeRole").await, attempts + 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_the_session_to_the_next() {
    let world = World::demo().await;
    let mut first = Box::pin(world.read());
    assert!(first.as_mut().now_or_never().is_none());
    let mut second = Box::pin(world.read());
    assert!(second.as_mut().now_or_never().is_none());
    drop(first);
    second.await.unwrap();
}

#[tokio::test]
async fn while_a_session_cannot_be_renewed_it_is_used_to_its_end() {
    let world = World::demo().await;
    world.read().await.unwrap();
    world.sts_is_down().await;
    world.clock.advance(48 * MINUTE);
    for _ in 0..3 {
        world.read().await.unwrap();
    }
    let tried = 1 + 3;
    assert_eq!(world.count("AssumeRole").await, tried, "tried once");
    world.clock.advance(MINUTE);
    world.read().await.unwrap();
    assert_eq!(world.count("AssumeRole").await, tried + 3, "tried again");
    world.clock.advance(11 * MINUTE);
    let error = world.read().await.unwrap_err();
    assert_eq!(error.call.operation, "AssumeRole");
    world.sts_is_up().await;
    world.read().await.unwrap();
}

#[tokio::test]
async fn a_refused_renewal_ends_the_session() {
    let world = World::demo().await;
    world.read().await.unwrap();
    let nobody = json!({"account": [{"id": DEV, "role": [{"name": "customhouse-reader",
        "trust_policy": r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#}]}]});
    world.emulated.merge(nobody).await.unwrap();
    world.read().await.unwrap();
    world.clock.advance(48 * MINUTE);
    for _ in 0..2 {
        let error = world.read().await.unwrap_err();
        assert_eq!(
            (error.call.operation, error.class),
            ("AssumeRole", ErrorClass::Refused(Refusal::Access))
        );
    }
}
