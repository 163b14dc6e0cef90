//! A pause keeps grants and copies from being begun; everything else goes on.

use crate::support::{Fault, Rig};
use domain::{Actor, JobId, JobWord, StepStatus};
use operations::installation;

async fn pause(rig: &Rig) {
    let paused = installation::pause(&rig.cx(Actor::LocalOperator)).await;
    assert!(paused.expect("it can be paused"));
}

async fn resume(rig: &Rig) {
    let lifted = installation::resume(&rig.cx(Actor::LocalOperator)).await;
    assert!(lifted.expect("it can be resumed").is_some());
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
        let waiting = view.steps.iter().skip(1);
        let mut statuses = waiting.map(|step| step.status);
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
