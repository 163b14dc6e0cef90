//! Stopping a job: nothing new is sent, the grant goes, and the truth about the copy is told.

use crate::policy_jobs::attach;
use crate::support::{Fault, Rig, source};
use domain::{JobId, JobWord, RequestVerb, Step};
use operations::jobs::JobRequestForm;
use operations::ports::aws::Refusal;
use std::sync::Arc;
use tokio::sync::Notify;

async fn stop(rig: &Rig, job: JobId) {
    rig.ask(job, RequestVerb::Stop, &JobRequestForm::default())
        .await
        .expect("it can be stopped");
}

async fn notes(rig: &Rig, job: JobId) -> String {
    let view = rig.view(job).await;
    let all = view.steps.into_iter().flat_map(|step| step.notes);
    all.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn before_the_copy_is_sent_no_copy_is_made() {
    for word in [JobWord::Queued, JobWord::Granting, JobWord::Copying] {
        let rig = Rig::new().await;
        let job = rig.propose().await;
        let engine = rig.engine("one");
        rig.until(&engine, job, word).await;
        stop(&rig, job).await;
        assert_eq!(rig.finish(&engine, job).await, JobWord::Stopped, "{word:?}");
        assert_eq!(rig.aws.count("CopyProjectVersion"), 0, "{word:?}");
        assert_eq!(rig.grants(), 0, "{word:?}");
        assert_eq!(rig.view(job).await.version_arn, None);
        assert!(notes(&rig, job).await.contains("no copy is made"));
        assert_eq!(rig.unpaired(job).await, [""; 0]);
    }
}

/// The stop is stored while the engine holds the job, before it commits the intent.
#[tokio::test]
async fn a_stop_that_comes_while_the_engine_works_keeps_the_intent_from_being_stored() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    rig.until(&engine, job, JobWord::Granting).await;
    let slow = Fault::Slow(std::sync::Arc::clone(&gate));
    rig.aws.script("ListProjectPolicies", [slow]);
    let mut working = Box::pin(engine.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut working => panic!("the engine was not held up"),
    }
    stop(&rig, job).await;
    gate.notify_one();
    working.await.expect("the engine works");
    assert_eq!(rig.aws.count("PutProjectPolicy"), 0, "nothing new was sent");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Stopped);
    assert_eq!(rig.aws.count("PutProjectPolicy"), 0);
}

#[tokio::test]
async fn a_copy_in_doubt_is_looked_for_without_a_grant_until_it_is_decided() {
    for (fault, seen) in [(Fault::Lost, true), (Fault::Unclear, false)] {
        let rig = Rig::new().await;
        rig.aws.world().hidden_ms = 200_000;
        rig.aws.script("CopyProjectVersion", [fault]);
        let job = rig.propose().await;
        let engine = rig.engine("one");
        while rig.aws.count("CopyProjectVersion") == 0 {
            engine.run_once().await.expect("the engine works");
        }
        stop(&rig, job).await;
        engine.drain().await.expect("the engine works");
        assert_eq!(rig.grants(), 0, "the grant goes first");
        let view = rig.view(job).await;
        assert_eq!((view.word, view.stopping), (JobWord::Copying, true));
        assert_eq!(rig.finish(&engine, job).await, JobWord::Stopped);
        assert_eq!(
            rig.aws.count("CopyProjectVersion"),
            1,
            "it is not sent again"
        );
        let version = rig.view(job).await.version_arn;
        assert_eq!(version, rig.aws.world().accepted.first().cloned());
        assert_eq!(version.is_some(), seen);
        if !seen {
            assert!(notes(&rig, job).await.contains("No copy was seen."));
        }
    }
}

#[tokio::test]
async fn aws_finishes_a_copy_that_it_has() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 120_000;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    while rig.view(job).await.version_arn.is_none() {
        engine.run_once().await.expect("the engine works");
    }
    stop(&rig, job).await;
    engine.drain().await.expect("the engine works");
    assert_eq!(rig.grants(), 0);
    assert!(rig.view(job).await.stopping);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Stopped);
    let view = rig.view(job).await;
    assert_eq!(view.version_arn, rig.aws.world().accepted.first().cloned());
    assert!(notes(&rig, job).await.contains("AWS has no cancel"));
    assert_eq!(rig.unpaired(job).await, [""; 0]);
}

/// A put whose answer was lost may still arrive: the job ends after the time in which it can.
#[tokio::test]
async fn a_job_does_not_end_while_a_put_may_still_arrive() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    rig.work_until_killed("first", "PutProjectPolicy", Fault::DiesBefore)
        .await;
    rig.clock.forward(61_000);
    stop(&rig, job).await;
    let engine = rig.engine("second");
    engine.drain().await.expect("the engine works");
    assert_eq!(rig.word(job).await, JobWord::Revoking);
    // It arrives now.
    rig.aws.put_ours(job, &rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Stopped);
    assert_eq!(rig.grants(), 0);
    let view = rig.view(job).await;
    let revoke = view.steps.iter().find(|step| step.step == Step::Revoke);
    let notes = revoke.map(|step| step.notes.join(" ")).unwrap_or_default();
    assert!(notes.contains("may still arrive"), "{notes}");
}

#[tokio::test]
async fn a_job_that_has_ended_or_is_about_to_is_not_stopped() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    rig.until(&engine, job, JobWord::Revoking).await;
    let form = JobRequestForm::default();
    assert!(rig.ask(job, RequestVerb::Stop, &form).await.is_err());
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert!(rig.ask(job, RequestVerb::Stop, &form).await.is_err());
}

/// A stop that is asked for while the job is looked at does not wait for the next look.
#[tokio::test]
async fn a_stop_during_a_look_is_acted_on_at_once() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 120_000;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    while rig.view(job).await.version_arn.is_none() {
        engine.run_once().await.expect("the engine works");
    }
    engine.drain().await.expect("the engine works");
    rig.to_next(&engine).await;
    let gate = Arc::new(Notify::new());
    rig.aws
        .script("DescribeProjectVersions", [Fault::Slow(Arc::clone(&gate))]);
    let mut working = Box::pin(engine.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut working => panic!("the engine was not held up"),
    }
    stop(&rig, job).await;
    gate.notify_one();
    working.await.expect("the engine works");
    engine.drain().await.expect("the engine works");
    assert!(rig.view(job).await.stopping);
    assert_eq!(rig.grants(), 0, "the clock has not moved");
}

#[tokio::test]
async fn a_change_whose_project_is_gone_can_be_stopped() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = attach(&rig).await;
    rig.until(&engine, job, JobWord::Applying).await;
    let gone = Fault::Refused(Refusal::NotFound, "ResourceNotFoundException");
    rig.aws.script("ListProjectPolicies", vec![gone; 3_000]);
    stop(&rig, job).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Stopped);
    assert!(rig.aws.policies(&source()).is_empty());
}
