//! The engine as the server runs it: by itself, woken by commits and by the time.

use crate::support::Rig;
use domain::JobWord;
use engine::EngineSettings;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(30);

/// Moves the clock whenever nothing is due, until all `jobs` have ended.
async fn until_all_ended(rig: &Rig, engine: &engine::Engine, jobs: &[domain::JobId]) {
    let mut head = rig.store.watch_head();
    loop {
        let mut ended = 0;
        for job in jobs {
            ended += usize::from(rig.word(*job).await.is_terminal());
        }
        if ended == jobs.len() {
            return;
        }
        if let Some(due) = engine.next_due().await.expect("the engine works") {
            rig.clock.forward_to(due);
        }
        // A commit, or a moment in which the engine may search by itself.
        let _ = tokio::time::timeout(Duration::from_millis(20), head.changed()).await;
    }
}

#[tokio::test]
async fn jobs_run_by_themselves_and_the_engine_ends_when_told() {
    let rig = Rig::new().await;
    let settings = EngineSettings {
        concurrency: 2,
        poll_ms: 50,
        ..EngineSettings::default()
    };
    let engine = rig.engine_with("one", settings, None);
    let stop = CancellationToken::new();
    let work = async {
        let mut jobs = Vec::new();
        for name in ["a", "b", "c"] {
            jobs.push(rig.propose_named(name).await);
        }
        until_all_ended(&rig, &engine, &jobs).await;
        for job in jobs {
            assert_eq!(rig.word(job).await, JobWord::Succeeded);
        }
        stop.cancel();
    };
    let both = async { tokio::join!(engine.run(stop.clone()), work) };
    tokio::time::timeout(DEADLINE, Box::pin(both))
        .await
        .expect("everything ends in time");
    assert_eq!(rig.accepted(), 3);
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn a_job_that_cannot_be_read_stands_in_no_other_jobs_way() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    rig.propose_named("unreadable").await;
    let good = rig.propose_named("good").await;
    let statement = "UPDATE jobs SET state = '{}' WHERE version_name = $1";
    rig.tamper(statement, &["unreadable"]).await;
    assert_eq!(rig.finish(&engine, good).await, JobWord::Succeeded);
}

/// A call that is under way when the engine is told to stop is answered and stored first.
#[tokio::test]
async fn what_is_under_way_ends_before_the_engine_does() {
    let rig = Rig::new().await;
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    let slow = crate::support::Fault::Slow(std::sync::Arc::clone(&gate));
    rig.aws.script("GetCallerIdentity", [slow]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    let stop = CancellationToken::new();
    let work = async {
        rig.aws.stuck.notified().await;
        stop.cancel();
        gate.notify_one();
    };
    let both = async { tokio::join!(engine.run(stop.clone()), work) };
    tokio::time::timeout(DEADLINE, Box::pin(both))
        .await
        .expect("everything ends in time");
    assert_eq!(
        rig.word(job).await,
        JobWord::Granting,
        "the check was stored"
    );
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_job_waiting() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 120_000;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    rig.until(&engine, job, JobWord::Copying).await;
    engine.drain().await.expect("the engine works");
    rig.clock.back(2 * 3_600_000);
    assert_eq!(engine.run_once().await.expect("the engine works"), 1);
    rig.clock.back(2 * 3_600_000);
    let restarted = rig.engine("two");
    assert_eq!(restarted.run_once().await.expect("the engine works"), 1);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
}
