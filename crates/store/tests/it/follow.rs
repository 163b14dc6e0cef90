//! Waking processes that share one PostgreSQL database.

use crate::database::on_postgres;
use crate::samples::event;
use std::time::Duration;
use store::{EventCursor, Store};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a notification may take on a busy machine; without one it would take for ever, since
/// nothing polls here.
const DEADLINE: Duration = Duration::from_secs(20);

async fn emit(store: &Store) -> EventCursor {
    let mut tx = store.begin().await.unwrap();
    tx.emit(event(1));
    tx.commit().await.unwrap()
}

async fn arrives(watch: &mut watch::Receiver<EventCursor>, head: EventCursor) -> bool {
    let seen = watch.wait_for(|known| *known >= head);
    tokio::time::timeout(DEADLINE, seen).await.is_ok()
}

/// Commits until one of them arrives: what is committed before the other process listens is found
/// by polling, which nobody does here.
async fn commits_arrive(store: &Store, watch: &mut watch::Receiver<EventCursor>) -> bool {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    while tokio::time::Instant::now() < deadline {
        let head = emit(store).await;
        let seen = watch.wait_for(|known| *known >= head);
        if tokio::time::timeout(Duration::from_millis(200), seen)
            .await
            .is_ok()
        {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn a_commit_wakes_the_other_process_also_after_a_cut() {
    on_postgres(async |database| {
        let other = database.second_store().await;
        let mut watch = other.watch_head();
        let mut following = JoinSet::new();
        for store in [database.store.clone(), other.clone()] {
            following.spawn(async move { store.follow(std::future::pending()).await });
        }
        assert!(commits_arrive(&database.store, &mut watch).await);
        let head = emit(&database.store).await;
        assert!(arrives(&mut watch, head).await, "each commit wakes");

        database.cut_connections().await;
        assert!(commits_arrive(&database.store, &mut watch).await);
        following.shutdown().await;
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn following_ends_when_it_is_told_to() {
    on_postgres(async |database| {
        database.store.follow(std::future::ready(())).await;
    })
    .await;
}
