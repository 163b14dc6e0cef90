//! Looking at AWS, and what stays when a look fails.

use crate::world::{DEV, HOUR, PROD, PROD_V6, START, V7, World, project};
use domain::Millis;
use operations::ports::aws::{ErrorClass, Refusal};
use operations::{Kind, OpError, accounts, events, models};

#[tokio::test]
async fn projects_come_in_the_order_of_environments_with_their_versions() {
    let world = World::new(0).await;
    let view = models::list(&world.cx).await.unwrap();
    let projects: Vec<_> = view
        .projects
        .iter()
        .map(|project| (project.account.alias.as_str(), project.versions.len()))
        .collect();
    assert_eq!(projects, [("vision-dev", 2), ("vision-prod", 1)]);
    assert_eq!(view.places.len(), 6);
    let seen = Some(Millis::new(START));
    assert!(
        view.places
            .iter()
            .all(|place| place.seen_at == seen && place.error.is_none())
    );
    let version = models::get_version(&world.cx, V7).await.unwrap();
    assert!(version.version.copyable);
    assert_eq!(version.project.versions.len(), 2);
}

#[tokio::test]
async fn what_one_account_refuses_does_not_hide_the_others() {
    let world = World::new(0).await;
    world.clock.advance(HOUR);
    world.aws.fail(
        "DescribeProjects",
        PROD,
        ErrorClass::Refused(Refusal::Access),
    );
    let refreshed = models::refresh(&world.cx, None).await.unwrap();
    let failed: Vec<_> = refreshed
        .places
        .iter()
        .filter(|place| place.error.is_some())
        .map(|place| place.account.alias.as_str())
        .collect();
    assert_eq!(failed, ["vision-prod", "vision-prod"]);

    let view = models::list(&world.cx).await.unwrap();
    let age = |account: &str| {
        let place = view
            .places
            .iter()
            .find(|place| place.account.number.as_str() == account);
        let place = place.unwrap();
        let error = place.error.as_ref().and_then(|error| error.code.clone());
        (place.seen_at.unwrap().get() - START, error)
    };
    assert_eq!(age(DEV), (HOUR, None));
    assert_eq!(age(PROD), (0, Some("AccessDeniedException".to_owned())));
    let prod = models::get_version(&world.cx, PROD_V6).await.unwrap();
    assert_eq!(prod.version.seen_at, Millis::new(START));
    let account = accounts::get(&world.cx, PROD).await.unwrap();
    assert_eq!(account.errors.len(), 2);

    world.aws.heal();
    models::refresh(&world.cx, Some("vision-prod"))
        .await
        .unwrap();
    let account = accounts::get(&world.cx, PROD).await.unwrap();
    assert!(account.errors.is_empty());
}

#[tokio::test]
async fn versions_that_cannot_be_read_stay_with_the_reason() {
    let world = World::new(0).await;
    world
        .aws
        .fail("DescribeProjectVersions", DEV, ErrorClass::Ambiguous);
    let refreshed = models::refresh(&world.cx, Some(DEV)).await.unwrap();
    assert_eq!(refreshed.places.len(), 2);
    let error = refreshed.places[0].error.as_ref().unwrap();
    assert_eq!(error.operation, "DescribeProjectVersions");
    assert!(!error.definite);
    let view = models::get_project(&world.cx, &project(DEV).to_string())
        .await
        .unwrap();
    assert_eq!(view.versions.len(), 2);
    assert!(view.error.is_some());
}

/// Jobs have to commit while an inventory is stored.
#[tokio::test]
async fn others_write_while_an_inventory_is_stored() {
    const VERSIONS: usize = 300;
    let world = World::new(0).await;
    for n in 0..VERSIONS {
        let name = |text: &str| text.replace("inspector", &format!("gauges-{}", n / 10));
        let project = name(&project(DEV).to_string()).parse().unwrap();
        let version = name(V7).replace("/v7/", &format!("/v{n}/"));
        world
            .aws
            .add_version(&project, &version, "TRAINING_COMPLETED");
    }
    let refresh = models::refresh(&world.cx, Some(DEV));
    let turns = async {
        let mut between = 0;
        loop {
            let mut tx = world.cx.store.begin().await.unwrap();
            let all = store::model_versions::list(&mut tx).await.unwrap();
            let new = all.len() - 3;
            if new == VERSIONS {
                return between;
            }
            between += usize::from(new > 0);
            tx.commit().await.unwrap();
        }
    };
    let (refreshed, between) = futures::join!(refresh, turns);
    refreshed.unwrap();
    assert!(between > 0, "the whole was stored at once");
}

#[tokio::test]
async fn a_project_that_is_gone_goes() {
    let world = World::new(0).await;
    world
        .aws
        .state
        .lock()
        .unwrap()
        .projects
        .retain(|known| known.arn != project(DEV));
    models::refresh(&world.cx, None).await.unwrap();
    let gone = models::get_project(&world.cx, &project(DEV).to_string()).await;
    assert!(matches!(
        gone,
        Err(OpError::NotFound {
            kind: Kind::Project,
            ..
        })
    ));
    let gone = models::get_version(&world.cx, V7).await;
    assert!(matches!(
        gone,
        Err(OpError::NotFound {
            kind: Kind::ModelVersion,
            ..
        })
    ));
}

#[tokio::test]
async fn projects_of_elsewhere_in_an_answer_are_left_out() {
    let world = World::new(0).await;
    let stranger = project("444444444444");
    let version = stranger
        .to_string()
        .replace("/1656565123456", "/version/v1/1");
    world
        .aws
        .add_version(&stranger, &version, "TRAINING_COMPLETED");
    models::refresh(&world.cx, None).await.unwrap();
    let view = models::list(&world.cx).await.unwrap();
    assert_eq!(view.projects.len(), 2);
}

#[tokio::test]
async fn readers_are_told_once_for_each_account() {
    let world = World::new(0).await;
    let head = events::head(&world.cx).await.unwrap();
    world
        .aws
        .fail("DescribeProjects", PROD, ErrorClass::NotSent);
    models::refresh(&world.engine(), None).await.unwrap();
    let events = events::since(&world.cx, head, 10).await.unwrap().unwrap();
    let told: Vec<_> = events
        .iter()
        .map(|(_, view)| {
            let data: serde_json::Value = serde_json::from_str(&view.data).unwrap();
            (
                view.subject.clone(),
                data["state"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        ("111111111111", "refreshed"),
        ("222222222222", "refreshed"),
        ("333333333333", "failed"),
    ]
    .map(|(account, state)| (account.to_owned(), state.to_owned()));
    assert_eq!(told, expected);
    assert_eq!(world.audit(1).await, ["engine models.refresh Done"]);
    let unknown = models::refresh(&world.cx, Some("nobody")).await;
    assert!(matches!(
        unknown,
        Err(OpError::NotFound {
            kind: Kind::Account,
            ..
        })
    ));
}

#[tokio::test]
async fn a_place_in_the_stream_that_is_not_known_asks_for_a_fresh_start() {
    let world = World::new(0).await;
    let mut head = events::head(&world.cx).await.unwrap();
    assert_eq!(
        events::since(&world.cx, head, 10).await.unwrap(),
        Some(Vec::new())
    );
    head.seq += 1;
    assert_eq!(events::since(&world.cx, head, 10).await.unwrap(), None);
}
