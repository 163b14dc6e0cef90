//! Replaying events from a cursor.

use crate::database::{Database, on_each};
use crate::samples::{at, event};
use store::events::{self, EventKind, NewEvent, Replay};
use store::{EventCursor, Store};

async fn emit(store: &Store, events: std::ops::RangeInclusive<i64>) {
    let mut tx = store.begin().await.unwrap();
    events.for_each(|n| tx.emit(event(n)));
    tx.commit().await.unwrap();
}

/// The numbers after a cursor; none means resync.
async fn replay(database: &Database, epoch: i64, seq: i64, limit: i64) -> Option<Vec<i64>> {
    let mut reader = database.store.read().await.unwrap();
    match events::after(&mut reader, EventCursor { epoch, seq }, limit)
        .await
        .unwrap()
    {
        Replay::Events(rows) => Some(rows.iter().map(|row| row.cursor.seq).collect()),
        Replay::Resync => None,
    }
}

#[tokio::test]
async fn a_cursor_is_followed_by_everything_after_it_or_by_resync() {
    on_each(async |database| {
        assert_eq!(replay(database, 1, 0, 10).await, Some(vec![]));
        assert_eq!(replay(database, 1, 1, 10).await, None, "never given out");
        emit(&database.store, 1..=5).await;
        assert_eq!(replay(database, 1, 0, 10).await, Some(vec![1, 2, 3, 4, 5]));
        assert_eq!(replay(database, 1, 3, 10).await, Some(vec![4, 5]));
        assert_eq!(replay(database, 1, 1, 2).await, Some(vec![2, 3]));
        assert_eq!(replay(database, 1, 5, 10).await, Some(vec![]));
        assert_eq!(replay(database, 1, 6, 10).await, None, "ahead of the head");
        assert_eq!(replay(database, 2, 5, 10).await, None, "another epoch");
        assert_eq!(replay(database, 0, 0, 10).await, None, "a former epoch");
    })
    .await;
}

#[tokio::test]
async fn pruning_keeps_the_newest_and_older_cursors_resync() {
    on_each(async |database| {
        emit(&database.store, 1..=5).await;
        let mut tx = database.store.begin().await.unwrap();
        assert_eq!(events::prune(&mut tx, 2).await.unwrap(), 3);
        assert_eq!(events::prune(&mut tx, 2).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(replay(database, 1, 2, 10).await, None);
        assert_eq!(replay(database, 1, 3, 10).await, Some(vec![4, 5]));
        let mut reader = database.store.read().await.unwrap();
        let oldest = events::oldest(&mut reader).await.unwrap();
        assert_eq!(oldest, Some(EventCursor { epoch: 1, seq: 4 }));
        drop(reader);

        let mut tx = database.store.begin().await.unwrap();
        assert_eq!(events::prune(&mut tx, 0).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(replay(database, 1, 5, 10).await, Some(vec![]), "the head");
        assert_eq!(replay(database, 1, 4, 10).await, None);
        emit(&database.store, 6..=6).await;
        assert_eq!(replay(database, 1, 5, 10).await, Some(vec![6]));
    })
    .await;
}

#[tokio::test]
async fn an_event_reads_back_as_it_was_emitted() {
    on_each(async |database| {
        let inventory = NewEvent {
            kind: EventKind::Inventory,
            subject: "111111111111".to_owned(),
            environment: None,
            view: serde_json::json!({ "text": "\u{20ac} \"x\"" }),
            at: at(7),
        };
        let mut tx = database.store.begin().await.unwrap();
        tx.emit(inventory.clone());
        tx.emit(event(1));
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        let start = EventCursor { epoch: 1, seq: 0 };
        let Replay::Events(rows) = events::after(&mut reader, start, 10).await.unwrap() else {
            panic!("everything is kept");
        };
        for (row, new) in rows.iter().zip([inventory, event(1)]) {
            assert_eq!(row.kind, new.kind);
            assert_eq!(row.subject, new.subject);
            assert_eq!(row.environment, new.environment);
            assert_eq!(row.view, new.view.to_string());
            assert_eq!(row.at, new.at);
        }
    })
    .await;
}
