//! What only PostgreSQL has: a network between us and the rows.

use crate::database::on_postgres;
use crate::samples::entry;
use store::{OpenError, Store, StoreError};

#[tokio::test]
async fn the_connection_is_encrypted_where_that_is_asked_for() {
    on_postgres(async |database| {
        let server_has_tls = database.peek("SHOW ssl").await == "on";
        let opened = Store::open(&database.address("sslmode=require")).await;
        assert_eq!(opened.is_ok(), server_has_tls, "{opened:?}");
        let Ok(store) = opened else { return };
        let encrypted = database
            .peek(
                "SELECT CAST(COUNT(*) FILTER (WHERE NOT ssl) = 0 AND COUNT(*) > 0 AS TEXT)
                 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                 WHERE datname = current_database() AND application_name = 'customhouse'",
            )
            .await;
        assert_eq!(encrypted, "true");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_refused_where_that_is_asked_for() {
    on_postgres(async |database| {
        for mode in ["sslmode=verify-full", "sslmode=verify-ca"] {
            let refused = Store::open(&database.address(mode)).await;
            assert!(matches!(refused, Err(OpenError::Connect(_))), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_whose_disk_is_full_is_not_used_any_more() {
    on_postgres(async |database| {
        database
            .tamper(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$",
            )
            .await;
        database
            .tamper("CREATE TRIGGER refuse BEFORE INSERT ON audit EXECUTE FUNCTION refuse()")
            .await;
        let store = &database.store;
        let mut tx = store.begin().await.unwrap();
        tx.audit(entry(1));
        let refused = tx.commit().await;
        assert!(matches!(refused, Err(StoreError::Db(_))), "{refused:?}");
        assert!(store.is_broken());
        store.broken().await;
        assert!(matches!(store.begin().await, Err(StoreError::Broken)));
        assert!(matches!(store.read().await, Err(StoreError::Broken)));
    })
    .await;
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_text_is_refused() {
    on_postgres(async |database| {
        let name = database.in_other_encoding().await;
        let refused = Store::open(&name).await;
        let setting = matches!(
            refused,
            Err(OpenError::Setting {
                setting: "server_encoding",
                ..
            })
        );
        assert!(setting, "{refused:?}");
        database.drop_other_encoding().await;
    })
    .await;
}

#[tokio::test]
async fn the_servers_time_is_read() {
    on_postgres(async |database| {
        let time = database.store.server_time().await.unwrap().unwrap();
        let by_text = database
            .peek("SELECT CAST(EXTRACT(EPOCH FROM now()) AS TEXT)")
            .await;
        let seconds: f64 = by_text.parse().unwrap();
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of this century fit"
        )]
        let difference = (time.get() as f64 / 1000.0 - seconds).abs();
        assert!(difference < 60.0, "{difference}");
    })
    .await;
}
