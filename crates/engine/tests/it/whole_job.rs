//! A promotion from approval to its proven end, and every step run twice.

use crate::support::{Fault, Rig, destination, source};
use domain::{FailureCode, JobWord, Step, StepStatus};
use store::EventCursor;
use store::events::{self, Replay};

#[tokio::test]
async fn a_promotion_ends_succeeded_with_one_copy_and_no_grant() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    rig.until(&engine, job, JobWord::Copying).await;
    assert_eq!(rig.grants(), 1);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.accepted(), 1);
    assert_eq!(rig.grants(), 0);
    assert!(
        rig.aws.policies(&source()).is_empty(),
        "an empty policy is deleted"
    );
    let view = rig.view(job).await;
    assert!(
        view.steps
            .iter()
            .all(|step| step.status == StepStatus::Done)
    );
    assert_eq!(view.version_arn, rig.aws.world().accepted.first().cloned());
    assert_eq!(view.aws.expect("a look").status, "COPYING_COMPLETED");
}

#[tokio::test]
async fn the_copy_is_sent_as_planned_with_our_two_tags() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    rig.finish(&rig.engine("one"), job).await;
    let view = rig.view(job).await;
    let sent = rig.aws.world().copies.first().cloned().expect("a copy");
    assert_eq!(sent.version_name.as_str(), "v7");
    assert_eq!(sent.destination_project, destination());
    let proposal = view.proposal.id.to_string();
    assert_eq!(sent.prefix.as_str(), format!("inspector/{proposal}/"));
    assert_eq!(sent.tags["customhouse:proposal"], proposal);
    assert_eq!(sent.tags["customhouse:plan"], view.digest.to_string());
    assert_eq!(sent.tags["team"], "vision");
}

/// Every call of every step is done once with its answer lost, so that every step runs twice.
#[tokio::test]
async fn every_step_runs_twice_without_doing_anything_twice() {
    let rig = Rig::new().await;
    for operation in [
        "GetCallerIdentity",
        "DescribeProjects",
        "DescribeProjectVersions",
        "HeadBucket",
        "ListProjectPolicies",
        "PutProjectPolicy",
        "CopyProjectVersion",
        "DeleteProjectPolicy",
    ] {
        rig.aws.script(operation, [Fault::Lost]);
    }
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.accepted(), 1);
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
    assert_eq!(rig.aws.count("PutProjectPolicy"), 1);
    assert_eq!(rig.aws.count("DeleteProjectPolicy"), 1);
    assert_eq!(rig.grants(), 0);
}

/// A view that comes late, or twice, is told from a newer one by its row version.
#[tokio::test]
async fn each_event_of_a_job_has_a_higher_row_version_than_the_one_before() {
    let rig = Rig::new().await;
    rig.aws
        .script("DescribeProjectVersions", vec![Fault::Unclear; 3]);
    let job = rig.propose().await;
    rig.finish(&rig.engine("one"), job).await;
    let start = EventCursor { epoch: 1, seq: 0 };
    let mut reader = rig.store.read().await.expect("the store is there");
    let Replay::Events(rows) = events::after(&mut reader, start, 1_000)
        .await
        .expect("the events are read")
    else {
        panic!("nothing was pruned");
    };
    let versions: Vec<i64> = rows
        .iter()
        .filter(|row| row.subject == job.to_string())
        .map(|row| {
            let view: serde_json::Value = serde_json::from_str(&row.view).expect("JSON");
            view["v"].as_i64().expect("a row version")
        })
        .collect();
    assert!(versions.len() > 10, "{versions:?}");
    assert!(
        versions.is_sorted_by(|earlier, later| earlier < later),
        "{versions:?}"
    );
}

/// The engine is killed in every call, before it is done and after, and another takes over.
#[tokio::test]
async fn a_kill_at_any_call_leaves_nothing_doubled_or_granted() {
    for operation in [
        "GetCallerIdentity",
        "DescribeProjects",
        "DescribeProjectVersions",
        "HeadBucket",
        "ListProjectPolicies",
        "PutProjectPolicy",
        "CopyProjectVersion",
        "DeleteProjectPolicy",
    ] {
        for fault in [Fault::DiesBefore, Fault::DiesAfter] {
            let rig = Rig::new().await;
            let job = rig.propose().await;
            rig.work_until_killed("first", operation, fault.clone())
                .await;
            let word = rig.finish(&rig.engine("second"), job).await;
            assert_eq!(word, JobWord::Succeeded, "{operation} {fault:?}");
            assert_eq!(rig.accepted(), 1, "{operation} {fault:?}");
            assert_eq!(rig.aws.world().needless, 0, "{operation} {fault:?}");
            assert_eq!(rig.grants(), 0, "{operation} {fault:?}");
        }
    }
}

#[tokio::test]
async fn what_no_longer_holds_ends_the_job_in_its_check() {
    type Spoil = fn(&Rig);
    let cases: [(&str, Spoil, FailureCode); 6] = [
        (
            "the source version is gone",
            |rig| rig.aws.remove_versions(&source()),
            FailureCode::SourceMissing,
        ),
        (
            "the source version is not trained",
            |rig| {
                rig.aws.change_versions(&source(), |version| {
                    version.status = domain::VersionStatus::TrainingFailed;
                });
            },
            FailureCode::SourceNotReady,
        ),
        (
            "the destination project is gone",
            |rig| {
                let gone = destination();
                rig.aws
                    .world()
                    .projects
                    .retain(|project| project.arn != gone);
            },
            FailureCode::DestinationMissing,
        ),
        (
            "the bucket lies elsewhere",
            |rig| {
                rig.aws.world().bucket_region = Some("us-east-1".parse().expect("a Region"));
            },
            FailureCode::BucketElsewhere,
        ),
        (
            "a role leads elsewhere",
            |rig| {
                rig.aws.world().elsewhere = Some("999999999999".parse().expect("a number"));
            },
            FailureCode::RoleElsewhere,
        ),
        (
            "the time to run is over",
            |rig| rig.clock.forward(73 * 3_600_000),
            FailureCode::RunBeforePassed,
        ),
    ];
    for (what, spoil, code) in cases {
        let rig = Rig::new().await;
        let job = rig.propose().await;
        spoil(&rig);
        assert_eq!(
            rig.finish(&rig.engine("one"), job).await,
            JobWord::Failed,
            "{what}"
        );
        let failure = rig.view(job).await.failure.expect("a reason");
        assert_eq!((failure.code, failure.step), (code, Step::Check), "{what}");
        assert_eq!(rig.aws.count("PutProjectPolicy"), 0, "{what}");
        assert_eq!(rig.aws.count("CopyProjectVersion"), 0, "{what}");
    }
}

/// Somebody with access to the database changes the plan behind everybody's back: in its sense, or
/// only in its bytes.
#[tokio::test]
async fn a_plan_that_is_not_the_approved_one_is_not_run() {
    for (from, to) in [("\"v7\"", "\"v8\""), ("{\"destination", "{ \"destination")] {
        let rig = Rig::new().await;
        let job = rig.propose().await;
        let statement = "UPDATE plans SET canonical = replace(canonical, $1, $2)";
        rig.tamper(statement, &[from, to]).await;
        let word = rig.finish(&rig.engine("one"), job).await;
        assert_eq!(word, JobWord::Failed, "{to}");
        let failure = rig.view(job).await.failure.expect("a reason");
        assert_eq!(failure.code, FailureCode::PlanChanged, "{to}");
        assert!(rig.aws.world().calls.is_empty(), "{to}");
    }
}

#[tokio::test]
async fn a_clock_that_is_far_from_awss_is_mentioned_and_ends_nothing() {
    for (ahead_ms, said) in [
        (0, None),
        (61_000, Some("is 61 s behind AWS's")),
        (-90_000, Some("is 90 s ahead of AWS's")),
    ] {
        let rig = Rig::new().await;
        rig.aws.world().clock_ahead_ms = ahead_ms;
        let job = rig.propose().await;
        let word = rig.finish(&rig.engine("one"), job).await;
        assert_eq!(word, JobWord::Succeeded);
        let view = rig.view(job).await;
        let check = view.steps.iter().find(|step| step.step == Step::Check);
        let notes = check.map(|step| step.notes.join(" ")).unwrap_or_default();
        match said {
            Some(said) => assert_eq!(notes.matches(said).count(), 1, "{notes}"),
            None => assert!(!notes.contains("clock"), "{notes}"),
        }
    }
}
