//! The pause of the installation, and going on with a restored database.

use crate::world::World;
use domain::Actor;
use operations::events::{self, EventCursor};
use operations::installation::{self, PauseReason};
use store::audit::{ChainVerdict, verify_chain};

async fn actions(world: &World) -> Vec<String> {
    let mut reader = world.cx.store.read().await.unwrap();
    let rows = store::audit::list(&mut reader, None, 100).await.unwrap();
    let words = rows.into_iter().rev().map(|row| row.entry.action);
    words
        .filter(|word| word.starts_with("installation."))
        .collect()
}

#[tokio::test]
async fn a_pause_is_recorded_once_and_lifted_once() {
    let world = World::new(0).await;
    let cx = &world.cx;
    assert_eq!(installation::paused(cx).await.unwrap(), None);
    assert!(installation::pause(cx).await.unwrap());
    assert!(!installation::pause(cx).await.unwrap(), "it is paused");
    let pause = installation::paused(cx).await.unwrap().unwrap();
    assert_eq!(pause.reason, PauseReason::Person);
    assert_eq!(pause.by, Actor::LocalOperator);

    assert_eq!(installation::resume(cx).await.unwrap(), Some(pause));
    assert_eq!(installation::resume(cx).await.unwrap(), None);
    assert_eq!(installation::paused(cx).await.unwrap(), None);
    let expected = ["installation.pause", "installation.resume"];
    assert_eq!(actions(&world).await, expected);
}

#[tokio::test]
async fn a_restored_database_is_paused_in_an_epoch_that_was_never_used() {
    let world = World::new(0).await;
    let cx = &world.cx;
    let before = events::head(cx).await.unwrap();
    installation::pause(cx).await.unwrap();
    installation::declare_restored(cx, 6, "it is a test")
        .await
        .unwrap();
    let head = events::head(cx).await.unwrap();
    assert_eq!(head, EventCursor { epoch: 7, seq: 1 });
    let since = events::since(cx, before, 10).await.unwrap();
    assert_eq!(since, None, "a former place is not known any more");
    let start = EventCursor { epoch: 7, seq: 0 };
    let since = events::since(cx, start, 10).await.unwrap().unwrap();
    assert_eq!(since.len(), 1);

    let pause = installation::paused(cx).await.unwrap().unwrap();
    assert_eq!(pause.reason, PauseReason::Restored);
    assert!(
        !installation::pause(cx).await.unwrap(),
        "it is paused already"
    );
    let mut reader = cx.store.read().await.unwrap();
    let verdict = verify_chain(&mut reader).await.unwrap();
    assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
    let expected = ["installation.pause", "installation.declare_restored"];
    assert_eq!(actions(&world).await, expected);
}
