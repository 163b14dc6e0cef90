//! Looking at running copies, and reading the result back.

use crate::support::{Fault, Habit, Rig, destination, source};
use domain::job::{CopyCall, CopyState};
use domain::{Actor, Clock, FailureCode, JobId, JobWord, RequestVerb, Step, VersionStatus};
use engine::{Engine, EngineSettings};
use operations::jobs::JobRequestForm;
use operations::ports::aws::Refusal;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

async fn until_accepted(rig: &Rig, engine: &Engine, job: JobId) {
    for _ in 0..200 {
        let state = rig.copy_state(job).await;
        if let CopyState::Copying {
            call: CopyCall::Accepted { .. },
        } = state
        {
            return;
        }
        if engine.run_once().await.expect("the engine works") == 0 {
            rig.to_next(engine).await;
        }
    }
    panic!("the copy was never accepted");
}

#[tokio::test]
async fn copies_into_one_project_are_looked_at_with_one_call() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 3_600_000;
    // Twelve grants would not fit into our policy.
    let standing = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:role/customhouse-promoter"},"Action":"rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456"}]}"#;
    rig.aws.put_outside(&source(), "standing", standing);
    let engine = rig.engine("one");
    let mut jobs = Vec::new();
    for number in 0..12 {
        jobs.push(rig.propose_named(&format!("v{number}")).await);
    }
    for job in &jobs {
        until_accepted(&rig, &engine, *job).await;
    }
    engine.drain().await.expect("the engine works");
    rig.clock.forward(60_000);
    rig.forget();
    assert_eq!(engine.run_once().await.expect("the engine works"), 12);
    assert_eq!(rig.aws.count("DescribeProjectVersions"), 1);
}

/// A job that waits for AWS holds the only place for moves.
#[tokio::test]
async fn copies_are_looked_at_while_all_places_for_other_work_are_taken() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 60_000;
    let first = rig.engine("first");
    let running = rig.propose_named("running").await;
    until_accepted(&rig, &first, running).await;
    first.drain().await.expect("the engine works");
    let gate = Arc::new(Notify::new());
    let slow = Fault::Slow(Arc::clone(&gate));
    rig.aws.script("GetCallerIdentity", [slow]);
    rig.propose_named("stuck").await;
    let settings = EngineSettings {
        concurrency: 1,
        poll_ms: 50,
        ..EngineSettings::default()
    };
    let engine = rig.engine_with("one", settings, None);
    let stop = CancellationToken::new();
    let work = async {
        rig.aws.stuck.notified().await;
        rig.clock.forward(60_000);
        let mut head = rig.store.watch_head();
        while rig.word(running).await == JobWord::Copying {
            let _ = tokio::time::timeout(Duration::from_millis(20), head.changed()).await;
        }
        stop.cancel();
        gate.notify_one();
    };
    let both = async { tokio::join!(engine.run(stop.clone()), work) };
    tokio::time::timeout(Duration::from_secs(30), Box::pin(both))
        .await
        .expect("the copy's end is seen in time");
}

/// What is asked of one copy is acted on although others into the same project are looked at.
#[tokio::test]
async fn a_request_is_acted_on_in_the_midst_of_looks() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 3_600_000;
    let engine = rig.engine("one");
    let other = rig.propose_named("other").await;
    let asked = rig.propose_named("asked").await;
    for job in [other, asked] {
        until_accepted(&rig, &engine, job).await;
    }
    engine.drain().await.expect("the engine works");
    rig.clock.forward(10_000);
    let form = JobRequestForm::default();
    rig.ask(asked, RequestVerb::Stop, &form)
        .await
        .expect("it is stored");
    let stop = CancellationToken::new();
    let work = async {
        let mut head = rig.store.watch_head();
        while rig.answered(asked).await.0.is_none() {
            let _ = tokio::time::timeout(Duration::from_millis(20), head.changed()).await;
        }
        stop.cancel();
    };
    let both = async { tokio::join!(engine.run(stop.clone()), work) };
    tokio::time::timeout(Duration::from_secs(30), Box::pin(both))
        .await
        .expect("the request is acted on in time");
}

#[tokio::test]
async fn a_look_without_news_is_stored_and_is_no_event() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 3_600_000;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    engine.drain().await.expect("the engine works");
    rig.to_next(&engine).await;
    engine.drain().await.expect("the engine works");
    let head = operations::events::head(&rig.cx(Actor::Engine))
        .await
        .expect("a head");
    let before = rig.view(job).await.aws.expect("a look");
    rig.to_next(&engine).await;
    assert_eq!(engine.run_once().await.expect("the engine works"), 1);
    let after = rig.view(job).await;
    let look = after.aws.expect("a look");
    assert_eq!(look.status, "COPYING_IN_PROGRESS");
    assert!(look.seen_at > before.seen_at);
    assert_eq!(after.next_look_at, Some(look.seen_at.plus(2_000)));
    let due = engine.next_due().await.expect("the engine works");
    assert_eq!(due, after.next_look_at);
    let same = operations::events::head(&rig.cx(Actor::Engine))
        .await
        .expect("a head");
    assert_eq!(same, head);
}

#[tokio::test]
async fn looks_become_rarer_as_the_copy_grows_old() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 3_600_000;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    for (forward_ms, pause_ms) in [(0, 2_000), (61_000, 10_000), (600_000, 30_000)] {
        rig.clock.forward(forward_ms);
        // The first look at this age finds the moment that all copies of the project share.
        engine.drain().await.expect("the engine works");
        rig.to_next(&engine).await;
        engine.drain().await.expect("the engine works");
        let due = engine
            .next_due()
            .await
            .expect("the engine works")
            .expect("a look");
        assert_eq!(due.since(rig.clock.now()), pause_ms);
    }
}

#[tokio::test]
async fn a_version_removed_outside_fails_the_job_and_leaves_no_grant() {
    for deleting in [true, false] {
        let rig = Rig::new().await;
        rig.aws.world().copy_ms = 3_600_000;
        let engine = rig.engine("one");
        let job = rig.propose().await;
        until_accepted(&rig, &engine, job).await;
        engine.drain().await.expect("the engine works");
        if deleting {
            rig.aws.change_versions(&destination(), |version| {
                version.status = VersionStatus::Deleting;
            });
        } else {
            rig.aws.remove_versions(&destination());
        }
        assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
        let failure = rig.view(job).await.failure.expect("a reason");
        assert_eq!(failure.code, FailureCode::RemovedOutside);
        assert_eq!(rig.grants(), 0);
    }
}

#[tokio::test]
async fn a_version_missed_once_is_not_gone() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 60_000;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    engine.drain().await.expect("the engine works");
    for _ in 0..3 {
        let due = engine
            .next_due()
            .await
            .expect("the engine works")
            .expect("a look");
        rig.aws.hide_versions(&destination(), due.plus(1));
        rig.to_next(&engine).await;
        engine.run_once().await.expect("the engine works");
        rig.to_next(&engine).await;
        engine.run_once().await.expect("the engine works");
        assert_eq!(rig.word(job).await, JobWord::Copying);
    }
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn a_version_that_never_shows_counts_as_removed_after_ten_minutes() {
    let rig = Rig::new().await;
    rig.aws.world().hidden_ms = 3_600_000;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    let accepted = rig.clock.now();
    assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::RemovedOutside);
    let waited = rig.clock.now().since(accepted);
    assert!((600_000..640_000).contains(&waited), "{waited}");
}

#[tokio::test]
async fn a_version_that_was_started_at_once_counts_as_copied() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 3_600_000;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    rig.aws.change_versions(&destination(), |version| {
        version.status = VersionStatus::Running;
    });
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn an_accepted_copy_is_looked_at_however_often_that_fails() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    rig.aws
        .script("DescribeProjectVersions", vec![Fault::Unclear; 40]);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn a_copy_that_does_not_descend_from_the_plan_fails_in_verify() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    rig.aws.change_versions(&destination(), |version| {
        version.source = Some(
            "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v6/1656600000000"
                .parse()
                .expect("a version ARN"),
        );
    });
    assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(
        (failure.code, failure.step),
        (FailureCode::LineageDiffers, Step::Verify)
    );
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn what_aws_shows_of_the_copy_is_reported_and_does_not_fail_the_job() {
    let rig = Rig::new().await;
    rig.aws.world().habits.insert(Habit::HidesOutput);
    rig.aws.world().habits.insert(Habit::HidesTags);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    let view = rig.view(job).await;
    let verify = view.steps.iter().find(|step| step.step == Step::Verify);
    let note = verify.map(|step| step.notes.join(" ")).unwrap_or_default();
    for said in [
        "Output: not shown",
        "Tags: not shown",
        "KMS key: equal",
        "F1 0.930",
    ] {
        assert!(note.contains(said), "{said} in {note}");
    }
}

#[tokio::test]
async fn errors_between_readings_do_not_count_as_readings_that_disagree() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    rig.until(&engine, job, JobWord::Verifying).await;
    rig.aws
        .script("DescribeProjectVersions", vec![Fault::Unclear; 4]);
    for _ in 0..4 {
        rig.to_next(&engine).await;
        engine.run_once().await.expect("the engine works");
    }
    // One reading from an older state.
    let due = engine.next_due().await.expect("the engine works");
    rig.aws
        .hide_versions(&destination(), due.expect("a reading").plus(1));
    rig.to_next(&engine).await;
    engine.run_once().await.expect("the engine works");
    assert_eq!(rig.word(job).await, JobWord::Verifying);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn a_destination_project_that_is_deleted_fails_the_job_and_leaves_no_grant() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    until_accepted(&rig, &engine, job).await;
    rig.aws.remove_versions(&destination());
    rig.aws
        .world()
        .projects
        .retain(|project| project.arn != destination());
    let gone = Fault::Refused(Refusal::NotFound, "ResourceNotFoundException");
    rig.aws.script("DescribeProjectVersions", vec![gone; 3_000]);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::RemovedOutside);
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn trouble_on_the_way_to_aws_does_not_fail_a_finished_copy() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    rig.until(&engine, job, JobWord::Verifying).await;
    rig.aws
        .script("DescribeProjectVersions", vec![Fault::Unclear; 40]);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn a_verified_copy_stands_in_the_inventory_at_once() {
    let rig = Rig::new().await;
    let people = rig.person();
    operations::models::refresh(&people, None)
        .await
        .expect("the accounts are read");
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    let models = operations::models::list(&people).await.expect("a list");
    let project = models
        .projects
        .iter()
        .find(|project| project.arn == destination())
        .expect("the destination");
    let copy = project.versions.iter().find(|version| {
        version.arn.name().as_str() == "v7" && version.status == VersionStatus::CopyingCompleted
    });
    assert!(copy.is_some(), "{:?}", project.versions);
}

#[tokio::test]
async fn many_copies_cost_one_call_for_each_project_however_few_are_worked_on_at_once() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 3_600_000;
    let standing = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:role/customhouse-promoter"},"Action":"rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456"}]}"#;
    rig.aws.put_outside(&source(), "standing", standing);
    let mut projects = vec![destination()];
    for name in ["sorter", "counter"] {
        let project: domain::ProjectArn =
            format!("arn:aws:rekognition:eu-west-1:333333333333:project/{name}/1656705098765")
                .parse()
                .expect("a project ARN");
        rig.aws.add_project(&project);
        projects.push(project);
    }
    operations::models::refresh(&rig.person(), None)
        .await
        .expect("AWS is looked at");
    let settings = EngineSettings {
        concurrency: 4,
        ..EngineSettings::default()
    };
    let engine = rig.engine_with("one", settings, None);
    let mut jobs = Vec::new();
    for number in 0..20 {
        for project in &projects {
            jobs.push(rig.propose_into(project, &format!("v{number}")).await);
        }
    }
    for job in &jobs {
        until_accepted(&rig, &engine, *job).await;
    }
    engine.drain().await.expect("the engine works");
    rig.clock.forward(700_000);
    rig.forget();
    let (stop, now) = (CancellationToken::new(), rig.clock.now());
    let looking = async {
        for job in &jobs {
            while rig
                .view(*job)
                .await
                .aws
                .is_none_or(|look| look.seen_at < now)
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        stop.cancel();
    };
    let both = async { tokio::join!(engine.run(stop.clone()), looking) };
    tokio::time::timeout(Duration::from_mins(1), Box::pin(both))
        .await
        .expect("all are looked at");
    assert_eq!(rig.aws.count("DescribeProjectVersions"), 3);
}
