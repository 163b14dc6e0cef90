//! A reader that follows while two processes write.

use crate::database::on_each;
use crate::samples::{at, event};
use std::collections::BTreeSet;
use std::time::Duration;
use store::events::{self, Replay};
use store::{EventCursor, Store};

/// Transactions of each writer.
const COMMITS: i64 = 120;

/// Commits transactions of one to three events, told apart by their moment; every fifth is given up.
async fn write(store: &Store, writer: i64) -> BTreeSet<i64> {
    let mut committed = BTreeSet::new();
    for commit in 0..COMMITS {
        let mut tx = store.begin().await.unwrap();
        let marks: Vec<i64> = (0..=commit % 3)
            .map(|place| writer * 1_000_000 + commit * 10 + place)
            .collect();
        for mark in &marks {
            tx.emit(event(*mark));
        }
        if commit % 5 == 4 {
            drop(tx);
            continue;
        }
        // Whoever comes in between must not get a number in between.
        tokio::task::yield_now().await;
        tx.commit().await.unwrap();
        committed.extend(marks);
    }
    committed
}

/// Follows in small steps, as an event stream does, until `count` events have come.
async fn follow(store: &Store, count: impl Fn() -> Option<usize>) -> Vec<(EventCursor, i64)> {
    let mut seen: Vec<(EventCursor, i64)> = Vec::new();
    let mut place = EventCursor { epoch: 1, seq: 0 };
    while count().is_none_or(|count| seen.len() < count) {
        let mut reader = store.read().await.unwrap();
        let Replay::Events(rows) = events::after(&mut reader, place, 7).await.unwrap() else {
            panic!("nothing is lost")
        };
        drop(reader);
        for row in rows {
            place = row.cursor;
            seen.push((row.cursor, row.at.since(at(0))));
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_sees_every_number_of_two_writers_once_and_in_order() {
    on_each(async |database| {
        let (one, two, three) = (
            database.second_store().await,
            database.second_store().await,
            database.second_store().await,
        );
        let total = std::sync::OnceLock::new();
        let writing = async {
            let (mut committed, others) = tokio::join!(write(&one, 1), write(&two, 2));
            committed.extend(others);
            total.set(committed.len()).unwrap();
            committed
        };
        let reading = follow(&three, || total.get().copied());
        let both = async { tokio::join!(writing, reading) };
        let (committed, seen) = tokio::time::timeout(Duration::from_mins(2), Box::pin(both))
            .await
            .expect("the reader catches up");
        let numbers: Vec<i64> = seen.iter().map(|(cursor, _)| cursor.seq).collect();
        let all: Vec<i64> = (1..=i64::try_from(committed.len()).unwrap()).collect();
        assert_eq!(numbers, all, "every number once and in order");
        let marks: BTreeSet<i64> = seen.iter().map(|(_, mark)| *mark).collect();
        assert!(marks == committed, "exactly what was committed");
        for store in [one, two, three] {
            store.close().await;
        }
    })
    .await;
}
