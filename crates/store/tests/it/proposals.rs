//! Proposals, plans and approvals.

use crate::database::on_each;
use crate::samples::{at, job_id, plan, proposal_id, propose, registry};
use domain::Environments;
use domain::{Actor, PlanDigest, ProposalKind, ProposalState};
use store::approvals::{self, ApprovalRow};
use store::{Constraint, StoreError, proposals};

#[tokio::test]
async fn a_proposal_reads_back_with_its_plan_and_digest() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        assert_eq!(propose(&mut tx, 1).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        let row = proposals::find(&mut reader, proposal_id(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((row.number, row.plan_number, row.row_version), (1, 1, 1));
        assert_eq!(row.kind, ProposalKind::Promotion);
        assert_eq!(row.state, ProposalState::Checking);
        assert_eq!(row.requester, Actor::LocalOperator);
        assert_eq!(row.reason.as_ref().unwrap().as_str(), "Better on scratches");
        assert_eq!(row.plan, plan(proposal_id(1)));
        assert_eq!(row.digest, row.plan.digest());
        assert_eq!(PlanDigest::of(&row.plan_json), row.digest);
        assert_eq!((row.created_at, row.updated_at), (at(1), at(1)));
        let by_number = proposals::find_by_number(&mut reader, 1).await.unwrap();
        assert_eq!(by_number, Some(row));
        let none = proposals::find(&mut reader, proposal_id(2)).await.unwrap();
        assert_eq!(none, None);
    })
    .await;
}

#[tokio::test]
async fn numbers_count_on_and_a_rolled_back_one_is_used_again() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        propose(&mut tx, 1).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = database.store.begin().await.unwrap();
        assert_eq!(propose(&mut tx, 2).await.unwrap(), 2);
        drop(tx);
        let mut tx = database.store.begin().await.unwrap();
        assert_eq!(propose(&mut tx, 3).await.unwrap(), 2);
        assert_eq!(propose(&mut tx, 4).await.unwrap(), 3);
        let numbers = |rows: Vec<proposals::ProposalRow>| {
            rows.iter().map(|row| row.number).collect::<Vec<_>>()
        };
        let newest = proposals::list(&mut tx, &Environments::All, None, 2)
            .await
            .unwrap();
        assert_eq!(numbers(newest), [3, 2]);
        let older = proposals::list(&mut tx, &Environments::All, Some(2), 2)
            .await
            .unwrap();
        assert_eq!(numbers(older), [1]);
        let again = propose(&mut tx, 4).await;
        let taken = matches!(again, Err(StoreError::Constraint(Constraint::ProposalId)));
        assert!(taken, "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_state_is_stored_only_over_the_one_that_was_read() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        propose(&mut tx, 1).await.unwrap();
        let approved = ProposalState::Approved {
            at: at(2),
            job: job_id(1),
        };
        let next = proposals::set_state(&mut tx, proposal_id(1), 1, &approved, at(2)).await;
        assert_eq!(next.unwrap(), 2);
        let stale = proposals::set_state(
            &mut tx,
            proposal_id(1),
            1,
            &ProposalState::Withdrawn { at: at(3) },
            at(3),
        )
        .await;
        let conflict = matches!(stale, Err(StoreError::Conflict { table: "proposals" }));
        assert!(conflict, "{stale:?}");
        let row = proposals::find(&mut tx, proposal_id(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((row.state, row.updated_at), (approved, at(2)));
        tx.commit().await.unwrap();
        let word = database.peek("SELECT word FROM proposals").await;
        assert_eq!(word, "Approved");
    })
    .await;
}

#[tokio::test]
async fn a_changed_plan_no_longer_has_its_digest() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        propose(&mut tx, 1).await.unwrap();
        tx.commit().await.unwrap();
        database
            .tamper("UPDATE plans SET canonical = REPLACE(canonical, '\"v7\"', '\"v8\"')")
            .await;
        let mut reader = database.store.read().await.unwrap();
        let row = proposals::find(&mut reader, proposal_id(1))
            .await
            .unwrap()
            .unwrap();
        assert_ne!(PlanDigest::of(&row.plan_json), row.digest);
        assert_ne!(row.plan.digest(), row.digest);
    })
    .await;
}

#[tokio::test]
async fn an_actor_approves_a_plan_once() {
    on_each(async |database| {
        let approval = |actor: Actor| ApprovalRow {
            proposal: proposal_id(1),
            plan_number: 1,
            digest: plan(proposal_id(1)).digest(),
            actor,
            at: at(2),
        };
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        propose(&mut tx, 1).await.unwrap();
        approvals::insert(&mut tx, &approval(Actor::Rule))
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut tx = database.store.begin().await.unwrap();
        let twice = approvals::insert(&mut tx, &approval(Actor::Rule)).await;
        let refused = matches!(twice, Err(StoreError::Constraint(Constraint::Approval)));
        assert!(refused, "{twice:?}");
        drop(tx);

        let mut tx = database.store.begin().await.unwrap();
        let mut unknown_plan = approval(Actor::Engine);
        unknown_plan.plan_number = 2;
        let refused = approvals::insert(&mut tx, &unknown_plan).await;
        assert!(matches!(refused, Err(StoreError::Db(_))), "{refused:?}");
        drop(tx);

        let mut reader = database.store.read().await.unwrap();
        let list = approvals::of_proposal(&mut reader, proposal_id(1)).await;
        assert_eq!(list.unwrap(), [approval(Actor::Rule)]);
    })
    .await;
}
