//! What committing and dropping a transaction does.

use crate::database::on_each;
use crate::samples::{Fixed, at, entry, event};
use domain::InstallationId;
use store::audit::{ChainVerdict, verify_chain};
use store::{EventCursor, StoreError, audit, installation, ledger};

fn cursor(seq: i64) -> EventCursor {
    EventCursor { epoch: 1, seq }
}

#[tokio::test]
async fn every_statement_is_understood() {
    on_each(async |database| {
        database.store.check_statements().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_is_not_understood_is_found() {
    on_each(async |database| {
        database
            .tamper("ALTER TABLE job_calls RENAME COLUMN answer TO reply")
            .await;
        let refused = database.store.check_statements().await;
        assert!(matches!(refused, Err(StoreError::Db(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_commit_numbers_its_entries_and_events() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        tx.audit(entry(1));
        tx.emit(event(1));
        tx.emit(event(2));
        assert_eq!(tx.commit().await.unwrap(), cursor(2));

        let mut reader = database.store.read().await.unwrap();
        assert_eq!(ledger::head(&mut reader).await.unwrap(), cursor(2));
        let rows = audit::list(&mut reader, None, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].n, &rows[0].entry), (1, &entry(1)));
    })
    .await;
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_and_takes_no_number() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        installation::ensure(&mut tx, &InstallationId::generate(&Fixed(1)), at(0))
            .await
            .unwrap();
        tx.audit(entry(1));
        tx.emit(event(1));
        drop(tx);

        let mut tx = database.store.begin().await.unwrap();
        assert_eq!(installation::find(&mut tx).await.unwrap(), None);
        tx.emit(event(2));
        assert_eq!(tx.commit().await.unwrap(), cursor(1));
        let mut reader = database.store.read().await.unwrap();
        let verdict = verify_chain(&mut reader).await.unwrap();
        assert!(matches!(verdict, ChainVerdict::Whole { entries: 0, .. }));
    })
    .await;
}

#[tokio::test]
async fn the_watch_moves_when_a_commit_has_happened_and_not_before() {
    on_each(async |database| {
        let mut watch = database.store.watch_head();
        assert_eq!(*watch.borrow_and_update(), cursor(0));
        let mut tx = database.store.begin().await.unwrap();
        tx.emit(event(1));
        assert!(!watch.has_changed().unwrap());
        tx.commit().await.unwrap();
        assert!(watch.has_changed().unwrap());
        assert_eq!(*watch.borrow_and_update(), cursor(1));

        let tx = database.store.begin().await.unwrap();
        tx.commit().await.unwrap();
        assert!(!watch.has_changed().unwrap(), "no event, no wake-up");
    })
    .await;
}

#[tokio::test]
async fn another_replicas_events_are_seen_by_refreshing() {
    on_each(async |database| {
        let watch = database.store.watch_head();
        let other = database.second_store().await;
        let mut tx = other.begin().await.unwrap();
        tx.emit(event(1));
        tx.commit().await.unwrap();
        assert_eq!(*watch.borrow(), cursor(0));
        assert_eq!(database.store.refresh_head().await.unwrap(), cursor(1));
        assert_eq!(*watch.borrow(), cursor(1));
        assert_eq!(*other.watch_head().borrow(), cursor(1));
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_reader_sees_one_state_whatever_is_committed_meanwhile() {
    on_each(async |database| {
        let mut reader = database.store.read().await.unwrap();
        assert_eq!(ledger::head(&mut reader).await.unwrap(), cursor(0));
        let mut tx = database.store.begin().await.unwrap();
        tx.emit(event(1));
        tx.commit().await.unwrap();
        assert_eq!(ledger::head(&mut reader).await.unwrap(), cursor(0));
        drop(reader);
        let mut reader = database.store.read().await.unwrap();
        assert_eq!(ledger::head(&mut reader).await.unwrap(), cursor(1));
    })
    .await;
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        let first = installation::ensure(&mut tx, &InstallationId::generate(&Fixed(1)), at(0))
            .await
            .unwrap();
        tx.emit(event(1));
        tx.commit().await.unwrap();

        let again = database.second_store().await;
        assert_eq!(*again.watch_head().borrow(), cursor(1));
        let mut tx = again.begin().await.unwrap();
        let second = installation::ensure(&mut tx, &InstallationId::generate(&Fixed(2)), at(1))
            .await
            .unwrap();
        assert_eq!(second, first, "an installation keeps its id");
        drop(tx);
        again.close().await;
    })
    .await;
}
