//! kill -9 at a bad moment, then a new start.

use serde_json::Value;

use crate::support::place::{Place, ended, get, refresh};
use crate::support::until;

/// Promotes, kills the server once `moment` has come, starts it again, and wants the same job to
/// succeed with one copy and no grant.
async fn survives(copy_seconds: f64, moment: impl Fn(&Value) -> bool) {
    let place = Place::new(copy_seconds).await;
    let before = place.aws.grants().await;
    let mut program = place.serve().await;
    refresh(&program).await;
    let job = place.promote(&program, "v7").await;
    let path = format!("/v1/jobs/{job}");
    until("the moment comes", 30, || async {
        let job = get(&program, &path).await;
        assert_ne!(job["ended"], true, "the moment has passed: {job:#}");
        moment(&job).then_some(())
    })
    .await;
    program.kill();

    let program = place.serve().await;
    let ended = ended(&program, &job).await;
    assert_eq!(ended["state"], "Succeeded", "{ended:#}");
    let copies = place.aws.executed("CopyProjectVersion").await;
    let [copy] = copies.as_slice() else {
        panic!("{copies:#?}")
    };
    assert_eq!(copy["outcome"]["result"], ended["version"]);
    assert_eq!(place.aws.grants().await, before, "no grant is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_copy_runs() {
    survives(6.0, |job| job["aws_status"] == "COPYING_IN_PROGRESS").await;
}

/// The job is held for ten minutes more when the server dies in its call.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_server_held_does_not_wait_for_its_lease() {
    let long = |text: String| text.replace("lease_ms = 30000", "lease_ms = 600000");
    let place = Place::changed(1.0, long).await;
    let mut program = place.serve().await;
    refresh(&program).await;
    place.aws.hold_up_next("GetCallerIdentity").await;
    let job = place.promote(&program, "v7").await;
    let path = format!("/v1/jobs/{job}");
    until("the job is held", 30, || async {
        let job = get(&program, &path).await;
        (!job["steps"][0]["started_at"].is_null()).then_some(())
    })
    .await;
    program.kill();

    let program = place.serve().await;
    let ended = ended(&program, &job).await;
    assert_eq!(ended["state"], "Succeeded", "{ended:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_as_soon_as_the_job_is_queued() {
    survives(2.0, |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_grant_is_put_or_just_after() {
    survives(4.0, |job| {
        job["state"] == "Granting" || job["state"] == "Copying"
    })
    .await;
}
