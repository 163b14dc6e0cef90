//! Browser sessions at rest.

use crate::database::on_each;
use crate::samples::at;
use domain::{Clock, Millis};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Sessions;
use time::OffsetDateTime;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Millis {
        Millis::new(self.0.load(Ordering::SeqCst))
    }
}

fn clock() -> Arc<Hand> {
    Arc::new(Hand(AtomicI64::new(at(0).get())))
}

fn record(id: i128, value: &str, expires: Millis) -> Record {
    Record {
        id: Id(id),
        data: HashMap::from([("flash".to_owned(), value.into())]),
        expiry_date: OffsetDateTime::from_unix_timestamp_nanos(
            i128::from(expires.get()) * 1_000_000,
        )
        .unwrap(),
    }
}

#[tokio::test]
async fn a_session_is_loaded_as_it_was_saved_until_it_expires() {
    on_each(async |database| {
        let clock = clock();
        let sessions = Sessions::new(database.store.clone(), clock.clone());
        let mut first = record(7, "one", at(1000));
        sessions.create(&mut first).await.unwrap();
        assert_eq!(sessions.load(&Id(7)).await.unwrap(), Some(first.clone()));
        assert_eq!(sessions.load(&Id(8)).await.unwrap(), None);

        let second = record(7, "two", at(2000));
        sessions.save(&second).await.unwrap();
        assert_eq!(sessions.load(&Id(7)).await.unwrap(), Some(second));

        clock.0.store(at(2000).get(), Ordering::SeqCst);
        assert_eq!(sessions.load(&Id(7)).await.unwrap(), None);
        assert_eq!(sessions.delete_expired().await.unwrap(), 1);
        assert_eq!(sessions.delete_expired().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn creating_never_overwrites() {
    on_each(async |database| {
        let sessions = Sessions::new(database.store.clone(), clock());
        let mut first = record(7, "first", at(1000));
        let mut second = record(7, "second", at(1000));
        sessions.create(&mut first).await.unwrap();
        sessions.create(&mut second).await.unwrap();
        assert_ne!(second.id, Id(7));
        assert_eq!(sessions.load(&Id(7)).await.unwrap(), Some(first));
        let second_loaded = sessions.load(&second.id).await.unwrap();
        assert_eq!(second_loaded, Some(second));
    })
    .await;
}

#[tokio::test]
async fn saving_does_not_revive_a_deleted_session() {
    on_each(async |database| {
        let sessions = Sessions::new(database.store.clone(), clock());
        let mut kept = record(7, "x", at(1000));
        sessions.create(&mut kept).await.unwrap();
        sessions.delete(&Id(7)).await.unwrap();
        sessions.save(&kept).await.unwrap();
        assert_eq!(sessions.load(&Id(7)).await.unwrap(), None);
        sessions.delete(&Id(7)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_id_is_not_in_the_database() {
    on_each(async |database| {
        let sessions = Sessions::new(database.store.clone(), clock());
        let id = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef_i128;
        let mut record = record(id, "x", at(1000));
        sessions.create(&mut record).await.unwrap();
        let row = database
            .peek("SELECT id_hash || ' ' || data FROM sessions")
            .await;
        let hash = row.split(' ').next().unwrap();
        assert_eq!(hash.len(), 64, "SHA-256 in hexadecimal");
        for clear in [
            id.to_string(),
            format!("{id:032x}"),
            Id(id).to_string(),
            "0123456789abcdef".to_owned(),
        ] {
            assert!(!row.contains(&clear), "{row} shows {clear}");
        }
    })
    .await;
}

#[tokio::test]
async fn sessions_take_no_number() {
    on_each(async |database| {
        let sessions = Sessions::new(database.store.clone(), clock());
        sessions
            .create(&mut record(7, "x", at(1000)))
            .await
            .unwrap();
        assert_eq!(database.store.refresh_head().await.unwrap().seq, 0);
    })
    .await;
}
