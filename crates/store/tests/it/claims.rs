//! Who may work on a job, and for how long.

use crate::database::on_each;
use crate::samples::{ask, at, enqueue, job_id, project, propose, registry};
use domain::job::{CopyCall, CopyState};
use domain::{JobState, Millis, ProjectVersionArn, RequestVerb, Step, StepStatus};
use serde_json::json;
use store::job_attempts::{self, Attempt, Outcome};
use store::job_calls::{self, JobCall};
use store::job_requests::{self, Answer};
use store::jobs::{self, Claim, Release, Sighting};
use store::{Store, StoreError, Tx, job_steps};

async fn jobs_at(store: &Store, moments: &[i64]) {
    let mut tx = store.begin().await.unwrap();
    registry(&mut tx).await;
    for n in moments {
        propose(&mut tx, *n).await.unwrap();
        enqueue(&mut tx, *n, &format!("v{n}")).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn back(next_run_at: i64, attempt: i64) -> Release {
    Release {
        next_run_at: at(next_run_at),
        attempt,
        held: false,
    }
}

async fn claim(tx: &mut Tx, now: i64, until: i64) -> Option<Claim> {
    let claimed = jobs::claim(tx, "worker-1", at(now), at(until)).await;
    claimed.unwrap().map(|(claim, _)| claim)
}

#[tokio::test]
async fn the_job_that_waited_longest_is_claimed_and_none_before_its_time() {
    on_each(async |database| {
        jobs_at(&database.store, &[30, 10, 20]).await;
        let mut tx = database.store.begin().await.unwrap();
        assert_eq!(claim(&mut tx, 9, 100).await, None);
        let (held, row) = jobs::claim(&mut tx, "worker-1", at(25), at(100))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((held.job(), held.number()), (job_id(10), 1));
        assert_eq!(row.lease_owner.as_deref(), Some("worker-1"));
        assert_eq!((row.lease_until, row.claim), (Some(at(100)), 1));
        let next = claim(&mut tx, 25, 100).await.unwrap();
        assert_eq!(next.job(), job_id(20));
        assert_eq!(claim(&mut tx, 25, 100).await, None, "30 is not due");
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn ended_leases_leave_jobs_due_when_they_were_and_fence_who_held_them() {
    on_each(async |database| {
        jobs_at(&database.store, &[1, 2, 3]).await;
        let mut tx = database.store.begin().await.unwrap();
        let dead = claim(&mut tx, 1, 100).await.unwrap();
        let given_back = claim(&mut tx, 2, 100).await.unwrap();
        jobs::release(&mut tx, &given_back, back(50, 0))
            .await
            .unwrap();
        assert_eq!(jobs::end_leases(&mut tx, at(10)).await.unwrap(), 1);
        assert_eq!(jobs::end_leases(&mut tx, at(10)).await.unwrap(), 0);
        let (next, row) = jobs::claim(&mut tx, "worker-2", at(10), at(100))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((next.job(), next.number()), (job_id(1), 2));
        assert!(row.interrupted, "its last holder never gave it back");
        assert_eq!(claim(&mut tx, 10, 100).await.unwrap().job(), job_id(3));
        assert_eq!(claim(&mut tx, 10, 100).await, None, "2 is due at 50");
        let lost = jobs::renew(&mut tx, &dead, at(200)).await;
        assert!(matches!(lost, Err(StoreError::Lost { .. })));
    })
    .await;
}

#[tokio::test]
async fn projects_with_copies_to_look_at_are_those_that_a_claim_finds() {
    on_each(async |database| {
        jobs_at(&database.store, &[1, 2]).await;
        let mut tx = database.store.begin().await.unwrap();
        let destination = project("333333333333", "inspector");
        let version = ProjectVersionArn::from_parts(&destination, "v1".parse().unwrap(), 1);
        let accepted = CopyState::Copying {
            call: CopyCall::Accepted { version },
        };
        let held = claim(&mut tx, 1, 100).await.unwrap();
        jobs::set_state(&mut tx, &held, &JobState::Copy(accepted), at(1))
            .await
            .unwrap();
        assert_eq!(jobs::copies_due(&mut tx, at(90)).await.unwrap(), []);
        jobs::release(&mut tx, &held, back(50, 0)).await.unwrap();
        assert_eq!(jobs::copies_due(&mut tx, at(49)).await.unwrap(), []);
        let due = jobs::copies_due(&mut tx, at(50)).await.unwrap();
        assert_eq!(due, std::slice::from_ref(&destination));
        let mut taken = async |now, until| {
            let taken = jobs::claim_copy_into(&mut tx, &destination, "worker-1", now, until).await;
            taken.unwrap().map(|(claim, _)| claim.job())
        };
        assert_eq!(taken(at(49), at(100)).await, None);
        assert_eq!(taken(at(50), at(100)).await, Some(job_id(1)));
        assert_eq!(taken(at(50), at(100)).await, None, "2 has not begun");
        assert_eq!(jobs::copies_due(&mut tx, at(99)).await.unwrap(), []);
        assert_eq!(jobs::copies_due(&mut tx, at(100)).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_held_job_is_free_again_when_its_lease_ends_or_is_given_back() {
    on_each(async |database| {
        jobs_at(&database.store, &[1]).await;
        let mut tx = database.store.begin().await.unwrap();
        let first = claim(&mut tx, 1, 100).await.unwrap();
        assert_eq!(claim(&mut tx, 99, 200).await, None);
        jobs::renew(&mut tx, &first, at(150)).await.unwrap();
        assert_eq!(claim(&mut tx, 149, 200).await, None);
        let second = claim(&mut tx, 150, 200).await.unwrap();
        assert_eq!((second.job(), second.number()), (job_id(1), 2));

        jobs::release(&mut tx, &second, back(180, 4)).await.unwrap();
        let row = jobs::find(&mut tx, job_id(1)).await.unwrap().unwrap();
        assert_eq!((row.lease_owner, row.lease_until), (None, None));
        assert_eq!((row.next_run_at, row.attempt), (at(180), 4));
        assert_eq!(claim(&mut tx, 179, 300).await, None);
        assert_eq!(claim(&mut tx, 180, 300).await.unwrap().number(), 3);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_job_that_ended_is_never_claimed() {
    on_each(async |database| {
        jobs_at(&database.store, &[1]).await;
        let mut tx = database.store.begin().await.unwrap();
        let held = claim(&mut tx, 1, 100).await.unwrap();
        let stopped = JobState::Copy(CopyState::Stopped { version: None });
        jobs::set_state(&mut tx, &held, &stopped, at(2))
            .await
            .unwrap();
        jobs::release(&mut tx, &held, back(2, 0)).await.unwrap();
        assert_eq!(claim(&mut tx, 1000, 2000).await, None);
        assert_eq!(jobs::next_run(&mut tx).await.unwrap(), None);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_next_run_is_the_first_moment_at_which_a_claim_succeeds() {
    on_each(async |database| {
        jobs_at(&database.store, &[10, 20]).await;
        let mut tx = database.store.begin().await.unwrap();
        let next = |moment: Option<Millis>| moment.map(|moment| moment.since(at(0)));
        assert_eq!(next(jobs::next_run(&mut tx).await.unwrap()), Some(10));
        let held = claim(&mut tx, 10, 100).await.unwrap();
        assert_eq!(next(jobs::next_run(&mut tx).await.unwrap()), Some(20));
        claim(&mut tx, 20, 90).await.unwrap();
        assert_eq!(next(jobs::next_run(&mut tx).await.unwrap()), Some(90));
        jobs::release(&mut tx, &held, back(50, 0)).await.unwrap();
        assert_eq!(next(jobs::next_run(&mut tx).await.unwrap()), Some(50));
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_was_overtaken_writes_nothing() {
    on_each(async |database| {
        jobs_at(&database.store, &[1]).await;
        let mut tx = database.store.begin().await.unwrap();
        let stale = claim(&mut tx, 1, 10).await.unwrap();
        let held = claim(&mut tx, 10, 1000).await.unwrap();
        tx.commit().await.unwrap();

        let granting = JobState::Copy(CopyState::Granting);
        let sighting = Sighting {
            status: None,
            seen_at: at(11),
            next_look_at: None,
            request_id: None,
        };
        let call = JobCall {
            step: Step::Copy,
            operation: "CopyProjectVersion".to_owned(),
            answer: "accepted".to_owned(),
            at: at(11),
            took_ms: 1,
            request_id: None,
        };
        let attempt = Attempt {
            step: Step::Copy,
            outcome: Outcome::Errored,
            cause: None,
            at: at(11),
            next_at: None,
        };
        let answer = Answer {
            at: at(11),
            accepted: true,
            text: "Done.".to_owned(),
        };
        let mut tx = database.store.begin().await.unwrap();
        let n = ask(&mut tx, 1, RequestVerb::Stop).await;
        let before = jobs::find(&mut tx, job_id(1)).await.unwrap();
        let steps_before = job_steps::of_job(&mut tx, job_id(1)).await.unwrap();
        let step = Step::Copy;
        let answers = [
            jobs::renew(&mut tx, &stale, at(5000)).await,
            jobs::release(&mut tx, &stale, back(0, 9)).await,
            jobs::set_state(&mut tx, &stale, &granting, at(11))
                .await
                .map(drop),
            jobs::saw(&mut tx, &stale, &sighting).await.map(drop),
            job_steps::begin(&mut tx, &stale, step, at(11), at(99)).await,
            job_steps::reset(&mut tx, &stale).await,
            job_attempts::record(&mut tx, &stale, &attempt)
                .await
                .map(drop),
            job_requests::answer(&mut tx, &stale, n, &answer).await,
            job_steps::end(&mut tx, &stale, step, StepStatus::Done, at(11)).await,
            job_steps::note(&mut tx, &stale, step, &json!({})).await,
            job_calls::record(&mut tx, &stale, &call).await.map(drop),
        ];
        for (index, answer) in answers.iter().enumerate() {
            assert!(
                matches!(answer, Err(StoreError::Lost { job }) if *job == job_id(1)),
                "write {index}: {answer:?}"
            );
        }
        assert_eq!(jobs::find(&mut tx, job_id(1)).await.unwrap(), before);
        let steps = job_steps::of_job(&mut tx, job_id(1)).await.unwrap();
        assert_eq!(steps, steps_before);
        assert_eq!(job_calls::newest(&mut tx, job_id(1), 9).await.unwrap(), []);
        let attempts = job_attempts::newest(&mut tx, job_id(1), 9).await;
        assert_eq!(attempts.unwrap(), []);
        let open = job_requests::open(&mut tx, job_id(1)).await.unwrap();
        assert_eq!(open.len(), 1);

        jobs::set_state(&mut tx, &held, &granting, at(11))
            .await
            .unwrap();
        job_calls::record(&mut tx, &held, &call).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
}
