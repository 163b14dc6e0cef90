//! The pause of the installation.

use crate::database::{Database, on_each};
use crate::samples::at;
use domain::Actor;
use store::installation::{self, Pause, PauseReason};

fn pause(reason: PauseReason, moment: i64) -> Pause {
    Pause {
        reason,
        by: Actor::LocalOperator,
        at: at(moment),
    }
}

async fn set(database: &Database, pause: &Pause) -> bool {
    let mut tx = database.store.begin().await.unwrap();
    let changed = installation::set_pause(&mut tx, pause).await.unwrap();
    tx.commit().await.unwrap();
    changed
}

async fn found(database: &Database) -> Option<Pause> {
    let mut reader = database.store.read().await.unwrap();
    installation::pause(&mut reader).await.unwrap()
}

#[tokio::test]
async fn a_pause_is_kept_until_it_is_lifted() {
    on_each(async |database| {
        assert_eq!(found(database).await, None);
        let person = pause(PauseReason::Person, 1);
        assert!(set(database, &person).await);
        assert_eq!(found(database).await, Some(person.clone()));

        let mut tx = database.store.begin().await.unwrap();
        let lifted = installation::lift_pause(&mut tx).await.unwrap();
        assert_eq!(lifted, Some(person));
        assert_eq!(installation::lift_pause(&mut tx).await.unwrap(), None);
        tx.commit().await.unwrap();
        assert_eq!(found(database).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_restore_outranks_a_person_and_nothing_else_replaces_a_pause() {
    use PauseReason::{Person, Restored};
    for (first, second, kept) in [
        (Person, Person, 1),
        (Person, Restored, 2),
        (Restored, Person, 1),
        (Restored, Restored, 1),
    ] {
        on_each(async |database| {
            assert!(set(database, &pause(first, 1)).await);
            assert_eq!(set(database, &pause(second, 2)).await, kept == 2);
            let found = found(database).await.unwrap();
            assert_eq!(found.at, at(kept), "{first:?} then {second:?}");
        })
        .await;
    }
}
