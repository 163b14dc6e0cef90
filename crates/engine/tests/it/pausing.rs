//! A pause keeps grants and copies from being begun; everything else goes on.

use crate::policy_jobs::attach;
use crate::support::{Fault, Rig};
use domain::{JobId, JobWord, StepStatus};
use operations::installation::{self, Resumption};
use std::sync::Arc;
use tokio::sync::Notify;

async fn pause(rig: &Rig) {
    let paused = installation::pause(&rig.person()).await;
    assert!(paused.expect("it can be paused"));
}

async fn resume(rig: &Rig) {
    let resumed = installation::resume(&rig.person(), false).await;
    let resumed = resumed.expect("it can be resumed");
    assert!(matches!(resumed, Resumption::Lifted(_)), "{resumed:?}");
}

async fn rounds(rig: &Rig, job: JobId) {
    let engine = rig.engine("one");
    for _ in 0..6 {
        engine.drain().await.expect("the engine works");
        if rig.word(job).await.is_terminal() {
            return;
        }
        rig.to_next(&engine).await;
    }
}

#[tokio::test]
async fn a_paused_job_gives_its_grant_back_and_waits_in_the_queue() {
    for word in [JobWord::Queued, JobWord::Granting, JobWord::Copying] {
        let rig = Rig::new().await;
        let job = rig.propose().await;
        let engine = rig.engine("one");
        rig.until(&engine, job, word).await;
        pause(&rig).await;
        rounds(&rig, job).await;
        let view = rig.view(job).await;
        assert_eq!(view.word, JobWord::Queued, "{word:?}");
        assert!(view.paused.is_some(), "the page says why");
        assert_eq!(rig.grants(), 0, "{word:?}");
        assert_eq!(rig.aws.count("CopyProjectVersion"), 0, "{word:?}");
        let mut statuses = view.steps.iter().map(|step| step.status);
        assert!(
            statuses.all(|status| status == StepStatus::Waiting),
            "{word:?}"
        );
        resume(&rig).await;
        assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
        assert_eq!(rig.grants(), 0);
        assert_eq!(rig.unpaired(job).await, [""; 0]);
    }
}

/// The pause is stored while the engine holds the job, before it commits the intent.
#[tokio::test]
async fn a_pause_that_comes_while_the_engine_works_keeps_the_intent_from_being_stored() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    let gate = Arc::new(Notify::new());
    rig.until(&engine, job, JobWord::Granting).await;
    let slow = Fault::Slow(Arc::clone(&gate));
    rig.aws.script("ListProjectPolicies", [slow]);
    let mut working = Box::pin(engine.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut working => panic!("the engine was not held up"),
    }
    pause(&rig).await;
    gate.notify_one();
    working.await.expect("the engine works");
    assert_eq!(rig.aws.count("PutProjectPolicy"), 0, "nothing new was sent");
    resume(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn a_copy_that_is_under_way_goes_on() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    while rig.aws.count("CopyProjectVersion") == 0 {
        engine.run_once().await.expect("the engine works");
    }
    pause(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn a_copy_in_doubt_is_looked_for_but_not_sent_again() {
    let rig = Rig::new().await;
    rig.aws
        .script("CopyProjectVersion", [Fault::Unclear, Fault::None]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    while rig.aws.count("CopyProjectVersion") == 0 {
        engine.run_once().await.expect("the engine works");
    }
    pause(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
}

/// Whether it was made is looked for; only a new write waits for the end of the pause.
#[tokio::test]
async fn a_change_of_a_policy_that_was_sent_is_looked_for() {
    for (fault, made) in [(Fault::DiesAfter, true), (Fault::DiesBefore, false)] {
        let rig = Rig::new().await;
        let job = attach(&rig).await;
        rig.work_until_killed("first", "PutProjectPolicy", fault)
            .await;
        rig.clock.forward(61_000);
        pause(&rig).await;
        rounds(&rig, job).await;
        let word = if made {
            JobWord::Succeeded
        } else {
            JobWord::Applying
        };
        assert_eq!(rig.word(job).await, word);
        assert_eq!(rig.aws.count("PutProjectPolicy"), 1);
        resume(&rig).await;
        assert_eq!(
            rig.finish(&rig.engine("one"), job).await,
            JobWord::Succeeded
        );
    }
}
