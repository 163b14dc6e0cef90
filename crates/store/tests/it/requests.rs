//! What is asked of jobs, and tries of their steps.

use crate::database::on_each;
use crate::samples::{ask, at, enqueue, job_id, propose, registry};
use domain::{Actor, Failure, FailureCode, RequestVerb, Step};
use store::job_attempts::{self, Attempt, Outcome};
use store::job_requests::{self, Answer, NewRequest};
use store::jobs;

#[tokio::test]
async fn a_request_is_open_until_it_is_answered() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        propose(&mut tx, 1).await.unwrap();
        enqueue(&mut tx, 1, "v7").await.unwrap();
        let version: domain::ProjectVersionArn =
            "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v7/1"
                .parse()
                .unwrap();
        assert_eq!(ask(&mut tx, 1, RequestVerb::LookAgain).await, 1);
        let adopt = NewRequest {
            job: job_id(1),
            verb: RequestVerb::Adopt,
            actor: &Actor::LocalOperator,
            version: Some(&version),
            vouched: true,
            at: at(2),
        };
        assert_eq!(job_requests::insert(&mut tx, &adopt).await.unwrap(), 2);
        let claimed = jobs::claim(&mut tx, "worker", at(10), at(90)).await;
        let (claim, _) = claimed.unwrap().unwrap();
        let vouched = job_requests::vouched(&mut tx, job_id(1)).await.unwrap();
        assert_eq!(vouched, None, "it is not adopted yet");
        let answer = Answer {
            at: at(11),
            accepted: true,
            text: "Adopted.".to_owned(),
        };
        job_requests::answer(&mut tx, &claim, 2, &answer)
            .await
            .unwrap();
        let again = job_requests::answer(&mut tx, &claim, 2, &answer).await;
        assert!(again.is_err(), "answered once");
        let vouched = job_requests::vouched(&mut tx, job_id(1)).await.unwrap();
        assert_eq!(vouched, Some(version.clone()));
        let open = job_requests::open(&mut tx, job_id(1)).await.unwrap();
        assert_eq!(open.iter().map(|row| row.n).collect::<Vec<_>>(), [1]);
        let all = job_requests::newest(&mut tx, job_id(1), 9).await.unwrap();
        assert_eq!(all[0].answer.as_ref(), Some(&answer));
        assert_eq!(all[0].version, Some(version));
        assert_eq!(all[1].verb, RequestVerb::LookAgain);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_newest_tries_are_kept() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        propose(&mut tx, 1).await.unwrap();
        enqueue(&mut tx, 1, "v7").await.unwrap();
        let claimed = jobs::claim(&mut tx, "worker", at(10), at(90)).await;
        let (claim, _) = claimed.unwrap().unwrap();
        for n in 0..250 {
            let attempt = Attempt {
                step: Step::Revoke,
                outcome: Outcome::Retry,
                cause: Some(Failure::new(FailureCode::RoleRefused, Step::Revoke)),
                at: at(n),
                next_at: Some(at(n + 5)),
            };
            let number = job_attempts::record(&mut tx, &claim, &attempt).await;
            assert_eq!(number.unwrap(), n + 1);
        }
        let kept = job_attempts::newest(&mut tx, job_id(1), 1_000)
            .await
            .unwrap();
        assert_eq!(kept.len(), 200);
        assert_eq!((kept[0].n, kept[199].n), (250, 51));
        assert_eq!(kept[0].attempt.next_at, Some(at(254)));
        tx.commit().await.unwrap();
    })
    .await;
}
