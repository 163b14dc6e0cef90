//! Duties: one holder at a time, and nothing written by a former one.

use crate::database::{Database, on_each};
use crate::samples::{at, event};
use store::duties::{self, DutyClaim};
use store::{Store, StoreError};

async fn take(store: &Store, holder: &str, now: i64, until: i64) -> Option<DutyClaim> {
    let mut tx = store.begin().await.unwrap();
    let claim = duties::take(&mut tx, "inventory", holder, at(now), at(until))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    claim
}

async fn write(store: &Store) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    tx.emit(event(1));
    tx.commit().await.map(drop)
}

async fn events(database: &Database) -> i64 {
    let mut reader = database.store.read().await.unwrap();
    store::ledger::head(&mut reader).await.unwrap().seq
}

#[tokio::test]
async fn a_duty_has_one_holder_until_its_lease_ends() {
    on_each(async |database| {
        let store = &database.store;
        let first = take(store, "a", 0, 30).await.unwrap();
        assert_eq!((first.name(), first.number()), ("inventory", 1));
        assert_eq!(take(store, "b", 29, 60).await, None);

        let mut tx = store.begin().await.unwrap();
        duties::renew(&mut tx, &first, at(50)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(take(store, "b", 49, 80).await, None);
        let second = take(store, "b", 50, 80).await.unwrap();
        assert_eq!(second.number(), 2);
        let mut reader = store.read().await.unwrap();
        let holder = duties::holder(&mut reader, "inventory").await.unwrap();
        assert_eq!(holder, Some(("b".to_owned(), at(80))));
        assert_eq!(duties::holder(&mut reader, "other").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_former_holder_renews_and_writes_nothing() {
    on_each(async |database| {
        let store = &database.store;
        let first = take(store, "a", 0, 30).await.unwrap();
        let fenced = store.fenced(first.clone());
        write(&fenced).await.unwrap();
        let second = take(store, "b", 30, 60).await.unwrap();

        let refused = write(&fenced).await;
        assert!(
            matches!(refused, Err(StoreError::LostDuty { duty: "inventory" })),
            "{refused:?}"
        );
        let mut tx = store.begin().await.unwrap();
        let refused = duties::renew(&mut tx, &first, at(90)).await;
        assert!(matches!(refused, Err(StoreError::LostDuty { .. })));
        drop(tx);
        assert_eq!(events(database).await, 1);
        write(&store.fenced(second)).await.unwrap();
        assert_eq!(events(database).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_duty_is_given_back_or_taken_from_whoever_holds_it() {
    on_each(async |database| {
        let store = &database.store;
        let first = take(store, "a", 0, 30).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        duties::release(&mut tx, &first).await.unwrap();
        tx.commit().await.unwrap();
        let second = take(store, "b", 1, 30).await.unwrap();

        let mut tx = store.begin().await.unwrap();
        duties::release(&mut tx, &first).await.unwrap();
        let third = duties::take_over(&mut tx, "inventory", "c", at(60)).await;
        let third = third.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!((second.number(), third.number()), (2, 3));
        assert!(write(&store.fenced(second)).await.is_err());
        assert_eq!(take(store, "d", 59, 99).await, None);
    })
    .await;
}
