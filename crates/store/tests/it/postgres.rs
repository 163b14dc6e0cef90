//! What only PostgreSQL has: a network between us and the rows.

use crate::database::on_postgres;
use store::{OpenError, Store};

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
