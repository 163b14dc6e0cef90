//! Jobs, their steps and their calls.

use crate::database::on_each;
use crate::samples::{at, enqueue, job_id, project, proposal_id, propose, registry};
use domain::Environments;
use domain::job::{CopyCall, CopyState, Ending, SentCopy};
use domain::{Failure, FailureCode, JobKind, JobState, Step, StepStatus, VersionStatus};
use serde_json::json;
use store::job_calls::{self, JobCall};
use store::jobs::{self, Claim, NewJob, Sighting};
use store::{Constraint, StoreError, Tx, job_steps};

async fn prepared(tx: &mut Tx, proposals: std::ops::RangeInclusive<i64>) {
    registry(tx).await;
    for n in proposals {
        propose(tx, n).await.unwrap();
    }
}

async fn claim(tx: &mut Tx) -> Claim {
    let claimed = jobs::claim(tx, "worker", at(1000), at(2000)).await.unwrap();
    claimed.unwrap().0
}

/// States in which AWS may have a version of the job's, or has one, and the job has not ended.
fn unended() -> Vec<CopyState> {
    let version: domain::ProjectVersionArn =
        "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v7/1"
            .parse()
            .unwrap();
    vec![
        CopyState::Copying {
            call: CopyCall::Intended { at: at(1) },
        },
        CopyState::NeedsOperator {
            failure: Failure::new(FailureCode::CopyUnclear, Step::Copy),
            intended: at(1),
            granted: true,
        },
        CopyState::Stopping {
            copy: SentCopy::InDoubt { at: at(1) },
        },
        CopyState::Verifying {
            version: version.clone(),
        },
        CopyState::Revoking {
            ending: Ending::Succeeded { version },
        },
    ]
}

fn stopped() -> JobState {
    JobState::Copy(CopyState::Stopped { version: None })
}

#[tokio::test]
async fn a_job_starts_queued_with_all_its_steps_waiting() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=2).await;
        assert_eq!(enqueue(&mut tx, 1, "v7").await.unwrap(), 1);
        let policy = NewJob {
            id: job_id(2),
            proposal: proposal_id(2),
            kind: JobKind::Policy,
            environment: &"dev".parse().unwrap(),
            source_account: &"111111111111".parse().unwrap(),
            destination_account: None,
            destination: None,
            next_run_at: at(2),
            at: at(2),
        };
        assert_eq!(jobs::insert(&mut tx, &policy).await.unwrap(), 2);
        tx.commit().await.unwrap();

        let mut reader = database.store.read().await.unwrap();
        let row = jobs::find(&mut reader, job_id(1)).await.unwrap().unwrap();
        assert_eq!(row.state, JobKind::Copy.start());
        assert_eq!((row.number, row.claim, row.attempt), (1, 0, 0));
        assert_eq!(row.row_version, 1);
        let destination = project("333333333333", "inspector");
        assert_eq!(row.destination_project, Some(destination));
        assert_eq!(row.version_name.as_ref().unwrap().as_str(), "v7");
        assert_eq!((row.created_at, row.next_run_at), (at(1), at(1)));
        assert_eq!((row.started_at, row.ended_at), (None, None));
        assert_eq!((row.lease_owner.as_ref(), row.lease_until), (None, None));
        let by_number = jobs::find_by_number(&mut reader, 1).await.unwrap();
        assert_eq!(by_number.as_ref(), Some(&row));
        let by_proposal = jobs::find_by_proposal(&mut reader, proposal_id(1)).await;
        assert_eq!(by_proposal.unwrap(), Some(row));

        for (n, kind) in [(1, JobKind::Copy), (2, JobKind::Policy)] {
            let steps = job_steps::of_job(&mut reader, job_id(n)).await.unwrap();
            let found: Vec<_> = steps.iter().map(|row| row.step).collect();
            assert_eq!(found, kind.steps());
            let waiting = steps.iter().all(|row| row.status == StepStatus::Waiting);
            assert!(waiting);
        }
        let list = jobs::list(&mut reader, &Environments::All, None, 1)
            .await
            .unwrap();
        assert_eq!(list[0].id, job_id(2));
        let list = jobs::list(&mut reader, &Environments::All, Some(2), 9)
            .await
            .unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(jobs::active(&mut reader).await.unwrap()[0].id, job_id(1));
    })
    .await;
}

#[tokio::test]
async fn one_name_in_one_project_has_one_active_job() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=3).await;
        enqueue(&mut tx, 1, "v7").await.unwrap();
        enqueue(&mut tx, 2, "v8").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = database.store.begin().await.unwrap();
        let second = enqueue(&mut tx, 3, "v7").await;
        let refused = matches!(second, Err(StoreError::Constraint(Constraint::ActiveCopy)));
        assert!(refused, "{second:?}");
        drop(tx);

        let mut tx = database.store.begin().await.unwrap();
        let first = claim(&mut tx).await;
        assert_eq!(first.job(), job_id(1));
        tx.commit().await.unwrap();
        // In doubt, with a version, and while the grant is removed: the name stays taken.
        for state in unended() {
            let mut tx = database.store.begin().await.unwrap();
            jobs::set_state(&mut tx, &first, &JobState::Copy(state.clone()), at(3))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let mut tx = database.store.begin().await.unwrap();
            let second = enqueue(&mut tx, 3, "v7").await;
            let refused = matches!(second, Err(StoreError::Constraint(Constraint::ActiveCopy)));
            assert!(refused, "{state:?}: {second:?}");
        }
        let mut tx = database.store.begin().await.unwrap();
        jobs::set_state(&mut tx, &first, &stopped(), at(3))
            .await
            .unwrap();
        enqueue(&mut tx, 3, "v7").await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_proposal_has_one_job_even_after_that_ended() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=1).await;
        enqueue(&mut tx, 1, "v7").await.unwrap();
        let first = claim(&mut tx).await;
        jobs::set_state(&mut tx, &first, &stopped(), at(3))
            .await
            .unwrap();
        let again = jobs::insert(
            &mut tx,
            &NewJob {
                id: job_id(9),
                proposal: proposal_id(1),
                kind: JobKind::Policy,
                environment: &"prod".parse().unwrap(),
                source_account: &"111111111111".parse().unwrap(),
                destination_account: None,
                destination: None,
                next_run_at: at(1),
                at: at(1),
            },
        )
        .await;
        let refused = matches!(
            again,
            Err(StoreError::Constraint(Constraint::JobOfProposal))
        );
        assert!(refused, "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn states_move_the_times_and_an_end_is_final() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=1).await;
        enqueue(&mut tx, 1, "v7").await.unwrap();
        let held = claim(&mut tx).await;
        let copying = JobState::Copy(CopyState::Copying {
            call: CopyCall::Intended { at: at(5) },
        });
        for (state, moment, version) in [
            (JobState::Copy(CopyState::Granting), 4, 2),
            (copying.clone(), 5, 3),
        ] {
            let next = jobs::set_state(&mut tx, &held, &state, at(moment)).await;
            assert_eq!(next.unwrap(), version);
        }
        let row = jobs::find(&mut tx, job_id(1)).await.unwrap().unwrap();
        assert_eq!(row.state, copying);
        assert_eq!((row.started_at, row.ended_at), (Some(at(4)), None));
        jobs::set_state(&mut tx, &held, &stopped(), at(6))
            .await
            .unwrap();
        let row = jobs::find(&mut tx, job_id(1)).await.unwrap().unwrap();
        assert_eq!((row.started_at, row.ended_at), (Some(at(4)), Some(at(6))));
        let after = jobs::set_state(&mut tx, &held, &copying, at(7)).await;
        assert!(matches!(after, Err(StoreError::Lost { .. })), "{after:?}");
        assert_eq!(jobs::active(&mut tx).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!(database.peek("SELECT word FROM jobs").await, "Stopped");
    })
    .await;
}

#[tokio::test]
async fn a_look_is_stored_beside_the_state() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=1).await;
        enqueue(&mut tx, 1, "v7").await.unwrap();
        let held = claim(&mut tx).await;
        let sighting = Sighting {
            status: Some(VersionStatus::CopyingInProgress),
            seen_at: at(5),
            next_look_at: Some(at(9)),
            request_id: Some("request".to_owned()),
        };
        assert_eq!(jobs::saw(&mut tx, &held, &sighting).await.unwrap(), 2);
        // The same status again is nothing new, whatever its age.
        assert_eq!(jobs::saw(&mut tx, &held, &sighting).await.unwrap(), 2);
        assert_eq!(jobs::touch(&mut tx, &held).await.unwrap(), 3);
        let row = jobs::find(&mut tx, job_id(1)).await.unwrap().unwrap();
        assert_eq!(row.aws_status, sighting.status);
        assert_eq!(row.aws_seen_at, Some(at(5)));
        assert_eq!(row.next_look_at, Some(at(9)));
        assert_eq!(row.aws_request_id, sighting.request_id);
        assert_eq!(row.state, JobKind::Copy.start());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn steps_begin_again_and_end_with_notes() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=1).await;
        enqueue(&mut tx, 1, "v7").await.unwrap();
        let held = claim(&mut tx).await;
        let note = json!({ "revision": "abc" });
        job_steps::begin(&mut tx, &held, Step::Grant, at(1), at(50))
            .await
            .unwrap();
        job_steps::end(&mut tx, &held, Step::Grant, StepStatus::Failed, at(2))
            .await
            .unwrap();
        job_steps::begin(&mut tx, &held, Step::Grant, at(3), at(60))
            .await
            .unwrap();
        job_steps::note(&mut tx, &held, Step::Grant, &note)
            .await
            .unwrap();
        let grant = |rows: Vec<job_steps::JobStepRow>| {
            rows.into_iter()
                .find(|row| row.step == Step::Grant)
                .unwrap()
        };
        let row = grant(job_steps::of_job(&mut tx, job_id(1)).await.unwrap());
        assert_eq!((row.status, row.attempt), (StepStatus::Moving, 2));
        assert_eq!((row.started_at, row.ended_at), (Some(at(1)), None));
        assert_eq!(row.note, Some(note.clone()));
        assert_eq!(row.deadline_at, Some(at(60)));
        for status in [StepStatus::Skipped, StepStatus::Done, StepStatus::Waiting] {
            job_steps::end(&mut tx, &held, Step::Grant, status, at(4))
                .await
                .unwrap();
            let row = grant(job_steps::of_job(&mut tx, job_id(1)).await.unwrap());
            assert_eq!((row.status, row.ended_at), (status, Some(at(4))));
        }
        job_steps::reset(&mut tx, &held).await.unwrap();
        let row = grant(job_steps::of_job(&mut tx, job_id(1)).await.unwrap());
        assert_eq!((row.status, row.started_at), (StepStatus::Waiting, None));
        assert_eq!((row.ended_at, row.deadline_at), (None, None));
        assert_eq!(row.note, Some(note), "what was noted stays");
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn calls_are_numbered_within_their_job() {
    on_each(async |database| {
        let call = |operation: &str| JobCall {
            step: Step::Copy,
            operation: operation.to_owned(),
            answer: "LimitExceededException".to_owned(),
            at: at(5),
            took_ms: 12,
            request_id: None,
        };
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=2).await;
        enqueue(&mut tx, 1, "v7").await.unwrap();
        enqueue(&mut tx, 2, "v8").await.unwrap();
        let (first, second) = (claim(&mut tx).await, claim(&mut tx).await);
        for (held, operation, n) in [
            (&first, "CopyProjectVersion", 1),
            (&second, "PutProjectPolicy", 1),
            (&first, "DescribeProjectVersions", 2),
        ] {
            let recorded = job_calls::record(&mut tx, held, &call(operation)).await;
            assert_eq!(recorded.unwrap(), n);
        }
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        let rows = job_calls::newest(&mut reader, job_id(1), 50).await.unwrap();
        let calls: Vec<_> = rows.into_iter().map(|row| (row.n, row.call)).collect();
        let expected = [
            (2, call("DescribeProjectVersions")),
            (1, call("CopyProjectVersion")),
        ];
        assert_eq!(calls, expected);
        let newest = job_calls::newest(&mut reader, job_id(1), 1).await.unwrap();
        assert_eq!(newest.iter().map(|row| row.n).collect::<Vec<_>>(), [2]);
        drop(reader);

        // A copy that is watched for days.
        let mut tx = database.store.begin().await.unwrap();
        for n in 3..=700 {
            let call = call("DescribeProjectVersions");
            let recorded = job_calls::record(&mut tx, &first, &call).await;
            assert_eq!(recorded.unwrap(), n);
        }
        let kept = job_calls::newest(&mut tx, job_id(1), 1_000).await.unwrap();
        assert_eq!((kept.len(), kept[0].n), (500, 700));
        let others = job_calls::newest(&mut tx, job_id(2), 9).await.unwrap();
        assert_eq!(others.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_state_that_is_not_known_is_named() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        prepared(&mut tx, 1..=1).await;
        enqueue(&mut tx, 1, "v7").await.unwrap();
        tx.commit().await.unwrap();
        database.tamper("UPDATE jobs SET state = '{}'").await;
        let mut reader = database.store.read().await.unwrap();
        let refused = jobs::find(&mut reader, job_id(1)).await;
        let Err(StoreError::Inconsistent { table, column, row }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!((table, column), ("jobs", "state"));
        assert_eq!(row, job_id(1).to_string());
    })
    .await;
}
