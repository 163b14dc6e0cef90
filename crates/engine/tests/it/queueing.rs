//! The queue before a destination project.

use crate::support::{Fault, Habit, Rig};
use domain::{JobId, JobWord, StepStatus};
use operations::PageRequest;

async fn running(rig: &Rig, jobs: &[JobId]) -> usize {
    let mut count = 0;
    for job in jobs {
        let word = rig.word(*job).await;
        count += usize::from(matches!(word, JobWord::Granting | JobWord::Copying));
    }
    count
}

#[tokio::test]
async fn copies_into_one_project_run_one_after_the_other_in_order() {
    for (places, most) in [(1, 1), (2, 2)] {
        let mut rig = Rig::new().await;
        rig.copies_per_project = places;
        let (one, two) = (rig.engine("one"), rig.engine("two"));
        let mut jobs = Vec::new();
        for name in ["a", "b", "c", "d"] {
            jobs.push(rig.propose_named(name).await);
        }
        let mut ended: Vec<JobId> = Vec::new();
        let mut highest = 0;
        for _ in 0..2_000 {
            // Both claim at the same time.
            let (first, second) = tokio::join!(one.run_once(), two.run_once());
            first.expect("the engine works");
            second.expect("the engine works");
            highest = highest.max(running(&rig, &jobs).await);
            for job in &jobs {
                if rig.word(*job).await == JobWord::Succeeded && !ended.contains(job) {
                    ended.push(*job);
                }
            }
            let Some(due) = one.next_due().await.expect("the engine works") else {
                break;
            };
            rig.clock.forward_to(due);
        }
        assert_eq!(ended, jobs, "{places}");
        assert_eq!(highest, most, "{places}");
        assert_eq!(rig.grants(), 0);
    }
}

#[tokio::test]
async fn whoever_waits_sees_how_many_are_before_them_and_has_no_grant() {
    let mut rig = Rig::new().await;
    rig.copies_per_project = 1;
    let engine = rig.engine("one");
    let (a, b) = (rig.propose_named("a").await, rig.propose_named("b").await);
    let c = rig.propose_named("c").await;
    rig.until(&engine, a, JobWord::Copying).await;
    engine.drain().await.expect("the engine works");
    assert_eq!(rig.grants(), 1);
    assert_eq!(rig.view(a).await.queue, None);
    for (job, ahead) in [(b, 1), (c, 2)] {
        let view = rig.view(job).await;
        let queue = view.queue.expect("it waits");
        assert_eq!((view.word, queue.ahead), (JobWord::Queued, ahead));
        assert_eq!(view.steps[0].status, StepStatus::Waiting);
        assert_eq!(view.steps[0].started_at, None, "it begins with its turn");
        assert_eq!(queue.project.as_str(), "inspector");
        let first = queue.first.expect("the one that runs");
        assert_eq!((first.0, first.2), (a, JobWord::Copying));
    }
    let cx = rig.person();
    let list = operations::jobs::list(&cx, PageRequest::default()).await;
    let behind: Vec<_> = list
        .expect("a list")
        .items
        .iter()
        .map(|row| row.behind)
        .collect();
    assert_eq!(behind, [2, 1, 0]);
}

/// A copy that may be running keeps its place until an operator has decided.
#[tokio::test]
async fn a_copy_in_doubt_keeps_its_place() {
    let mut rig = Rig::new().await;
    rig.copies_per_project = 1;
    rig.aws.world().habits.insert(Habit::HidesOutput);
    rig.aws.world().habits.insert(Habit::HidesTags);
    rig.aws.script("CopyProjectVersion", [Fault::Lost]);
    let engine = rig.engine("one");
    let (a, b) = (rig.propose_named("a").await, rig.propose_named("b").await);
    assert_eq!(rig.finish(&engine, a).await, JobWord::NeedsOperator);
    engine.drain().await.expect("the engine works");
    let queue = rig.view(b).await.queue.expect("it waits");
    let first = queue.first.expect("the one in doubt");
    assert_eq!((first.0, first.2), (a, JobWord::NeedsOperator));
}

/// Nobody waits behind a job that cannot go on for another reason.
#[tokio::test]
async fn a_job_that_is_held_lets_others_pass() {
    let mut rig = Rig::new().await;
    rig.copies_per_project = 1;
    let engine = rig.engine("one");
    let a = rig.propose_named("a").await;
    let throughput = operations::ports::aws::Refusal::Throughput;
    let busy = Fault::Refused(throughput, "ProvisionedThroughputExceededException");
    rig.aws.script("GetCallerIdentity", [busy]);
    engine.run_once().await.expect("the engine works");
    assert!(rig.view(a).await.waiting.is_some(), "it tries again later");
    let b = rig.propose_named("b").await;
    rig.until(&engine, b, JobWord::Copying).await;
}

#[tokio::test]
async fn a_job_whose_time_is_over_does_not_wait_for_its_turn() {
    let mut rig = Rig::new().await;
    rig.copies_per_project = 1;
    rig.aws.world().copy_ms = 400 * 3_600_000;
    let engine = rig.engine("one");
    let (a, b) = (rig.propose_named("a").await, rig.propose_named("b").await);
    while rig.view(a).await.version_arn.is_none() {
        engine.run_once().await.expect("the engine works");
    }
    rig.clock.forward(73 * 3_600_000);
    assert_eq!(rig.finish(&engine, b).await, JobWord::Failed);
    assert_eq!(rig.word(a).await, JobWord::Copying);
}
