//! Two engines and one job: leases run out, claims fence.

use crate::support::{Fault, Rig};
use domain::{Actor, Clock, JobWord};
use std::sync::Arc;
use tokio::sync::Notify;

/// The first engine stops dead in its call for longer than its lease, the second takes over and
/// adopts the copy; when the first wakes with AWS's answer in its hands, it writes nothing.
#[tokio::test]
async fn an_engine_that_wakes_after_its_lease_writes_nothing() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let gate = Arc::new(Notify::new());
    rig.aws
        .script("CopyProjectVersion", [Fault::Slow(Arc::clone(&gate))]);
    let (first, second) = (rig.engine("first"), rig.engine("second"));
    rig.until(&first, job, JobWord::Copying).await;
    let mut asleep = Box::pin(first.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut asleep => panic!("the first engine was not held up"),
    }
    assert_eq!(
        second.run_once().await.expect("it works"),
        0,
        "the lease holds"
    );
    rig.clock.forward(61_000);
    assert_eq!(rig.finish(&second, job).await, JobWord::Succeeded);
    let ended = rig.view(job).await;
    gate.notify_one();
    asleep.await.expect("a lost claim is no error");
    let after = rig.view(job).await;
    assert_eq!(after.v, ended.v, "the row was not written");
    assert_eq!(after.calls_total, ended.calls_total);
    assert_eq!(rig.accepted(), 1);
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
}

/// A server that is alone with its database does not wait for the leases of the one before.
#[tokio::test]
async fn what_a_dead_engine_held_goes_on_as_soon_as_its_leases_are_ended() {
    for (operation, fault) in [
        ("GetCallerIdentity", Fault::DiesBefore),
        ("PutProjectPolicy", Fault::DiesBefore),
        ("PutProjectPolicy", Fault::DiesAfter),
        ("CopyProjectVersion", Fault::DiesAfter),
        ("DescribeProjectVersions", Fault::DiesBefore),
    ] {
        let rig = Rig::new().await;
        let job = rig.propose().await;
        rig.work_until_killed("dead", operation, fault).await;
        let engine = rig.engine("alive");
        assert_eq!(engine.run_once().await.expect("it works"), 0);
        let ended = operations::jobs::end_leases(&rig.cx(Actor::Engine)).await;
        assert_eq!(ended.expect("they are ended"), 1);
        assert_eq!(engine.run_once().await.expect("it works"), 1, "{operation}");
        assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
        assert_eq!((rig.accepted(), rig.grants()), (1, 0), "{operation}");
        assert_eq!(rig.unpaired(job).await, [""; 0], "{operation}");
    }
}

#[tokio::test]
async fn two_engines_never_hold_the_same_job() {
    let rig = Rig::new().await;
    let mut jobs = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        jobs.push(rig.propose_named(name).await);
    }
    let (first, second) = (rig.engine("first"), rig.engine("second"));
    for _ in 0..400 {
        let (one, two) = tokio::join!(first.run_once(), second.run_once());
        one.expect("it works");
        two.expect("it works");
        let Some(due) = first.next_due().await.expect("it works") else {
            break;
        };
        rig.clock.forward_to(due);
    }
    for job in jobs {
        assert_eq!(rig.word(job).await, JobWord::Succeeded);
    }
    assert_eq!(rig.aws.count("CopyProjectVersion"), 5);
    assert_eq!(rig.accepted(), 5);
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn a_lease_lasts_at_least_thirty_seconds_on_the_given_clock() {
    let rig = Rig::new().await;
    rig.propose().await;
    let settings = engine::EngineSettings {
        lease_ms: 1,
        ..engine::EngineSettings::default()
    };
    let gate = Arc::new(Notify::new());
    rig.aws
        .script("GetCallerIdentity", [Fault::Slow(Arc::clone(&gate))]);
    let first = rig.engine_with("first", settings, None);
    let started = rig.clock.now();
    let mut asleep = Box::pin(first.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut asleep => panic!("the first engine was not held up"),
    }
    let second = rig.engine("second");
    rig.clock.forward_to(started.plus(29_999));
    assert_eq!(second.run_once().await.expect("it works"), 0);
    rig.clock.forward_to(started.plus(30_001));
    assert_eq!(second.run_once().await.expect("it works"), 1);
}
