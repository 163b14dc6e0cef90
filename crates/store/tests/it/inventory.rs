//! What was last seen in AWS.

use crate::database::on_each;
use crate::samples::{at, project};
use domain::{ProjectArn, ProjectVersionArn, VersionStatus};
use serde_json::json;
use store::looks::{self, LookRow, LookTarget};
use store::model_versions::{self, ModelVersionRow};
use store::project_policies::{self, ProjectPolicyRow};
use store::projects::{self, ProjectRow};
use store::{StoreError, Tx};

const DEV: &str = "111111111111";

fn project_row(name: &str, seen: i64) -> ProjectRow {
    ProjectRow {
        arn: project(DEV, name),
        status: "CREATED".to_owned(),
        created: Some(at(-1000)),
        seen_at: at(seen),
    }
}

fn version_arn(project: &str, name: &str) -> ProjectVersionArn {
    format!("arn:aws:rekognition:eu-west-1:{DEV}:project/{project}/version/{name}/1656611123456")
        .parse()
        .unwrap()
}

fn version(name: &str, created: i64) -> ModelVersionRow {
    ModelVersionRow {
        arn: version_arn("inspector", name),
        project: project(DEV, "inspector"),
        status: VersionStatus::CopyingCompleted,
        status_message: Some("done".to_owned()),
        created: Some(at(created)),
        f1: Some(0.931),
        source: Some(version_arn("origin", name)),
        output: Some(("bucket".to_owned(), "prefix".to_owned())),
        kms_key: Some("alias/key".to_owned()),
        seen_at: at(9),
    }
}

fn bare(name: &str) -> ModelVersionRow {
    ModelVersionRow {
        status: VersionStatus::Other("NEW_WORD".to_owned()),
        status_message: None,
        created: None,
        f1: None,
        source: None,
        output: None,
        kms_key: None,
        ..version(name, 0)
    }
}

fn policy(name: &str) -> ProjectPolicyRow {
    ProjectPolicyRow {
        project: project(DEV, "inspector"),
        name: name.parse().unwrap(),
        revision: "0123456789abcdef0123456789abcdef".parse().unwrap(),
        document: "{\"Version\":\"2012-10-17\"}".to_owned(),
        created: Some(at(1)),
        updated: None,
        seen_at: at(2),
    }
}

async fn replace_projects(tx: &mut Tx, rows: &[ProjectRow]) {
    let region = "eu-west-1".parse().unwrap();
    projects::replace(tx, &DEV.parse().unwrap(), &region, rows)
        .await
        .unwrap();
}

fn inspector() -> ProjectArn {
    project(DEV, "inspector")
}

#[tokio::test]
async fn a_listing_replaces_the_one_before_it() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        replace_projects(
            &mut tx,
            &[project_row("inspector", 1), project_row("gauges", 1)],
        )
        .await;
        replace_projects(&mut tx, &[project_row("inspector", 2)]).await;
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        let list = projects::list(&mut reader).await.unwrap();
        assert_eq!(list, [project_row("inspector", 2)]);
        let found = projects::find(&mut reader, &inspector()).await.unwrap();
        assert_eq!(found, Some(project_row("inspector", 2)));
        let gone = projects::find(&mut reader, &project(DEV, "gauges")).await;
        assert_eq!(gone.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_listing_leaves_other_accounts_and_regions_alone() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        replace_projects(&mut tx, &[project_row("inspector", 1)]).await;
        for (account, region) in [(DEV, "us-east-1"), ("333333333333", "eu-west-1")] {
            let (account, region) = (account.parse().unwrap(), region.parse().unwrap());
            projects::replace(&mut tx, &account, &region, &[])
                .await
                .unwrap();
        }
        let list = projects::list(&mut tx).await.unwrap();
        assert_eq!(list, [project_row("inspector", 1)]);
    })
    .await;
}

#[tokio::test]
async fn versions_read_back_newest_first() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        replace_projects(&mut tx, &[project_row("inspector", 1)]).await;
        let rows = [version("v6", 1), version("v7", 2), bare("v5")];
        model_versions::replace(&mut tx, &inspector(), &rows, at(9))
            .await
            .unwrap();
        let sorted = [version("v7", 2), version("v6", 1), bare("v5")];
        let list = model_versions::of_project(&mut tx, &inspector()).await;
        assert_eq!(list.unwrap(), sorted);
        assert_eq!(model_versions::list(&mut tx).await.unwrap(), sorted);

        model_versions::replace(&mut tx, &inspector(), &[version("v7", 2)], at(9))
            .await
            .unwrap();
        let mut changed = version("v7", 2);
        changed.status = VersionStatus::Deleting;
        changed.f1 = None;
        model_versions::save(&mut tx, &changed).await.unwrap();
        model_versions::save(&mut tx, &version("v8", 3))
            .await
            .unwrap();
        let list = model_versions::list(&mut tx).await.unwrap();
        assert_eq!(list, [version("v8", 3), changed.clone()]);
        let found = model_versions::find(&mut tx, &changed.arn).await.unwrap();
        assert_eq!(found, Some(changed));
        let gone = model_versions::find(&mut tx, &version("v6", 1).arn).await;
        assert_eq!(gone.unwrap(), None);
        tx.commit().await.unwrap();
    })
    .await;
}

/// A job reads its copy back while a listing is on its way.
#[tokio::test]
async fn what_was_seen_later_than_a_listing_stays() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        replace_projects(&mut tx, &[project_row("inspector", 1)]).await;
        let seen = |name: &str, status: VersionStatus, moment: i64| ModelVersionRow {
            status,
            seen_at: at(moment),
            ..version(name, 1)
        };
        let (copying, done) = (
            VersionStatus::CopyingInProgress,
            VersionStatus::CopyingCompleted,
        );
        for name in ["v7", "v8"] {
            model_versions::save(&mut tx, &seen(name, done.clone(), 20))
                .await
                .unwrap();
        }
        // It was asked for before the copy was done, and before v8 was there.
        let listed = [seen("v7", copying.clone(), 10)];
        model_versions::replace(&mut tx, &inspector(), &listed, at(10))
            .await
            .unwrap();
        let kept = [seen("v7", done.clone(), 20), seen("v8", done.clone(), 20)];
        assert_eq!(model_versions::list(&mut tx).await.unwrap(), kept);
        model_versions::save(&mut tx, &seen("v7", copying, 19))
            .await
            .unwrap();
        assert_eq!(model_versions::list(&mut tx).await.unwrap(), kept);
        let listed = [seen("v7", done, 20)];
        model_versions::replace(&mut tx, &inspector(), &listed, at(20))
            .await
            .unwrap();
        assert_eq!(model_versions::list(&mut tx).await.unwrap(), listed);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_version_needs_its_project() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        let refused = model_versions::save(&mut tx, &version("v7", 1)).await;
        assert!(matches!(refused, Err(StoreError::Db(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn policies_are_replaced_as_a_whole() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        replace_projects(&mut tx, &[project_row("inspector", 1)]).await;
        project_policies::replace(&mut tx, &inspector(), &[policy("b"), policy("a")])
            .await
            .unwrap();
        let list = project_policies::of_project(&mut tx, &inspector()).await;
        assert_eq!(list.unwrap(), [policy("a"), policy("b")]);
        project_policies::replace(&mut tx, &inspector(), &[policy("b")])
            .await
            .unwrap();
        let list = project_policies::list(&mut tx).await.unwrap();
        assert_eq!(list, [policy("b")]);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_a_project_goes_with_it() {
    on_each(async |database| {
        let targets = [
            LookTarget::Projects {
                account: DEV.parse().unwrap(),
                region: "eu-west-1".parse().unwrap(),
            },
            LookTarget::Versions(inspector()),
            LookTarget::Policies(inspector()),
        ];
        let mut tx = database.store.begin().await.unwrap();
        replace_projects(&mut tx, &[project_row("inspector", 1)]).await;
        model_versions::save(&mut tx, &version("v7", 1))
            .await
            .unwrap();
        project_policies::replace(&mut tx, &inspector(), &[policy("a")])
            .await
            .unwrap();
        for target in &targets {
            looks::succeeded(&mut tx, target, at(1)).await.unwrap();
        }
        replace_projects(&mut tx, &[]).await;
        assert_eq!(model_versions::list(&mut tx).await.unwrap(), []);
        assert_eq!(project_policies::list(&mut tx).await.unwrap(), []);
        let left = looks::list(&mut tx).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].target, targets[0]);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_failed_look_keeps_the_time_of_the_last_success() {
    on_each(async |database| {
        let target = LookTarget::Projects {
            account: DEV.parse().unwrap(),
            region: "eu-west-1".parse().unwrap(),
        };
        let row = |looked: i64, seen: Option<i64>, error: Option<serde_json::Value>| LookRow {
            target: target.clone(),
            looked_at: at(looked),
            seen_at: seen.map(at),
            error,
        };
        let error = json!({ "code": "AccessDenied" });
        let mut tx = database.store.begin().await.unwrap();
        assert_eq!(looks::find(&mut tx, &target).await.unwrap(), None);
        looks::failed(&mut tx, &target, at(1), &error)
            .await
            .unwrap();
        let expected = row(1, None, Some(error.clone()));
        assert_eq!(looks::find(&mut tx, &target).await.unwrap(), Some(expected));
        looks::succeeded(&mut tx, &target, at(2)).await.unwrap();
        let expected = row(2, Some(2), None);
        assert_eq!(looks::find(&mut tx, &target).await.unwrap(), Some(expected));
        looks::failed(&mut tx, &target, at(3), &error)
            .await
            .unwrap();
        let expected = row(3, Some(2), Some(error));
        assert_eq!(looks::list(&mut tx).await.unwrap(), [expected]);
        tx.commit().await.unwrap();
    })
    .await;
}
