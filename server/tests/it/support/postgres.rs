//! A PostgreSQL database for one test, where there is a server.

#[expect(
    clippy::disallowed_types,
    reason = "a database's name cannot be bound; ours are made of digits"
)]
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};

/// Tells apart the databases of one process.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database of its own on the server that `TEST_POSTGRES_URL` names.
pub(crate) struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    /// None where no server is named.
    pub(crate) async fn create() -> Option<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "whether a PostgreSQL server is there depends on where the tests run"
        )]
        let server = std::env::var("TEST_POSTGRES_URL").ok()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("server_test_{}_{count}", std::process::id());
        let database = Self { server, name };
        database.drop_if_there().await;
        let name = &database.name;
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        database.command(create).await;
        Some(database)
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        let (start, _) = self.server.rsplit_once('/').unwrap();
        format!("{start}/{}", self.name)
    }

    /// The one number that a query of this database gives.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let options: PgConnectOptions = self.url().parse().unwrap();
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
        connection.close().await.unwrap();
        number.unwrap()
    }

    /// Forgets all history, as a replica does that had not received it when it took the server's
    /// place.
    pub(crate) async fn go_back(&self) {
        let options: PgConnectOptions = self.url().parse().unwrap();
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(
            "BEGIN;
             SELECT 1 FROM ledger_head FOR UPDATE;
             DELETE FROM audit;
             DELETE FROM events;
             UPDATE ledger_head SET event_seq = 0, audit_seq = 0, audit_hash = repeat('0', 64);
             COMMIT",
        )
        .execute(&mut connection)
        .await
        .unwrap();
        connection.close().await.unwrap();
    }

    /// What clients see of a restart: all connections end, and none is made for a while.
    pub(crate) async fn shut(&self) {
        let name = &self.name;
        self.command(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            .await;
        self.command(format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .await;
    }

    /// Lets connections be made again.
    pub(crate) async fn reopen(&self) {
        let name = &self.name;
        self.command(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
            .await;
    }

    /// Removes it.
    pub(crate) async fn remove(self) {
        self.drop_if_there().await;
    }

    async fn drop_if_there(&self) {
        let name = &self.name;
        self.command(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await;
    }

    async fn command(&self, sql: String) {
        let options: PgConnectOptions = self.server.parse().unwrap();
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }
}
