//! The queue before a destination project.

use crate::database::on_each;
use crate::samples::{at, enqueue, job_id, project, propose, registry};
use domain::JobState;
use domain::job::{CopyCall, CopyState};
use store::Tx;
use store::jobs::{self, Claim, Release};

async fn ahead(tx: &mut Tx, n: i64) -> Vec<i64> {
    let rows = jobs::ahead(tx, &project("333333333333", "inspector"), n).await;
    rows.unwrap().iter().map(|row| row.number).collect()
}

async fn claim(tx: &mut Tx, now: i64) -> Claim {
    let claimed = jobs::claim(tx, "worker", at(now), at(now + 100)).await;
    claimed.unwrap().unwrap().0
}

fn back(next_run_at: i64, held: bool) -> Release {
    Release {
        next_run_at: at(next_run_at),
        attempt: 0,
        held,
    }
}

#[tokio::test]
async fn those_that_hold_a_place_and_those_before_count() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        for n in 1..=4 {
            propose(&mut tx, n).await.unwrap();
            enqueue(&mut tx, n, &format!("v{n}")).await.unwrap();
        }
        assert_eq!(ahead(&mut tx, 1).await, [0_i64; 0]);
        assert_eq!(ahead(&mut tx, 3).await, [1, 2]);

        // The third one runs: it is before the first as well.
        let claims = [
            claim(&mut tx, 10).await,
            claim(&mut tx, 10).await,
            claim(&mut tx, 10).await,
        ];
        let third = &claims[2];
        assert_eq!(third.job(), job_id(3));
        let copying = JobState::Copy(CopyState::Copying {
            call: CopyCall::NotSent,
        });
        jobs::set_state(&mut tx, third, &copying, at(11))
            .await
            .unwrap();
        assert_eq!(ahead(&mut tx, 1).await, [3]);
        assert_eq!(ahead(&mut tx, 4).await, [3, 1, 2]);

        // One that is held by something else stands in nobody's way.
        jobs::release(&mut tx, &claims[0], back(500, true))
            .await
            .unwrap();
        jobs::release(&mut tx, &claims[1], back(500, false))
            .await
            .unwrap();
        assert_eq!(ahead(&mut tx, 4).await, [3, 2]);

        // A place that comes free wakes those that wait for it, and only those.
        let project = project("333333333333", "inspector");
        assert_eq!(
            jobs::wake_queue(&mut tx, &project, at(20)).await.unwrap(),
            1
        );
        let row = jobs::find(&mut tx, job_id(2)).await.unwrap().unwrap();
        assert_eq!(row.next_run_at, at(20));
        let stopped = JobState::Copy(CopyState::Stopped { version: None });
        jobs::set_state(&mut tx, third, &stopped, at(21))
            .await
            .unwrap();
        assert_eq!(ahead(&mut tx, 2).await, [0_i64; 0]);

        assert!(jobs::hurry(&mut tx, job_id(1), at(22)).await.unwrap());
        assert!(
            !jobs::hurry(&mut tx, job_id(3), at(22)).await.unwrap(),
            "it has ended"
        );
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_never_came_back_is_known_at_the_next_claim() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        for n in 1..=2 {
            propose(&mut tx, n).await.unwrap();
            enqueue(&mut tx, n, &format!("v{n}")).await.unwrap();
        }
        let first = claim(&mut tx, 10).await;
        let row = jobs::find(&mut tx, first.job()).await.unwrap().unwrap();
        assert!(!row.interrupted);
        jobs::release(&mut tx, &first, back(0, false))
            .await
            .unwrap();
        claim(&mut tx, 12).await;
        let row = jobs::find(&mut tx, first.job()).await.unwrap().unwrap();
        assert!(!row.interrupted, "it was given back");
        // Its lease runs out.
        for (job, interrupted) in [(1, true), (2, false)] {
            let again = jobs::claim(&mut tx, "other", at(300), at(400)).await;
            let (claim, row) = again.unwrap().unwrap();
            assert_eq!((claim.job(), row.interrupted), (job_id(job), interrupted));
        }
        assert_eq!(ahead(&mut tx, 2).await, [0_i64; 0], "nobody waits for it");
        tx.commit().await.unwrap();
    })
    .await;
}
