//! A fresh database of each kind for each test.

#[expect(
    clippy::disallowed_types,
    reason = "a database's name cannot be bound; ours are made of digits"
)]
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{DatabaseUrl, OpenError, Store};
use tempfile::TempDir;

/// Tells apart the databases of one process.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// One database that only this test uses.
pub(crate) struct Database {
    pub(crate) store: Store,
    url: DatabaseUrl,
    kind: Kind,
}

enum Kind {
    Sqlite(TempDir),
    Postgres { server: String, name: String },
}

/// Runs `test` on a fresh database of each kind there is.
pub(crate) async fn on_each(test: impl AsyncFn(&Database)) {
    for kind in [Some(sqlite()), postgres().await].into_iter().flatten() {
        let url: DatabaseUrl = match &kind {
            Kind::Sqlite(folder) => DatabaseUrl::sqlite(folder.path().join("test.sqlite")),
            Kind::Postgres { server, name } => in_database(server, name).parse().unwrap(),
        };
        let store = Store::open(&url).await.unwrap();
        let database = Database { store, url, kind };
        test(&database).await;
        database.remove().await;
    }
}

/// Runs `test` on a fresh PostgreSQL database, if there is a server.
pub(crate) async fn on_postgres(test: impl AsyncFn(&Database)) {
    on_each(async |database| {
        if let Kind::Postgres { .. } = &database.kind {
            test(database).await;
        }
    })
    .await;
}

/// The same for tests that are not async themselves.
pub(crate) fn block_on_each(test: impl AsyncFn(&Database)) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(on_each(test));
}

fn sqlite() -> Kind {
    Kind::Sqlite(tempfile::tempdir().unwrap())
}

async fn postgres() -> Option<Kind> {
    #[expect(
        clippy::disallowed_methods,
        reason = "whether a PostgreSQL server is there depends on where the tests run"
    )]
    let server = std::env::var("TEST_POSTGRES_URL").ok()?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("store_test_{}_{count}", std::process::id());
    // Left over if a former process of this number was killed.
    command(&server, format!("DROP DATABASE IF EXISTS {name}")).await;
    let encoding = "TEMPLATE template0 ENCODING 'UTF8'";
    command(&server, format!("CREATE DATABASE {name} {encoding}")).await;
    Some(Kind::Postgres { server, name })
}

fn in_database(server: &str, name: &str) -> String {
    let (start, _) = server.rsplit_once('/').unwrap();
    format!("{start}/{name}")
}

async fn command(server: &str, sql: String) {
    let options: PgConnectOptions = server.parse().unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

impl Database {
    /// Another handle on the same database, as a second replica has it.
    pub(crate) async fn second_store(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Opens it as commands do that may run beside a server.
    pub(crate) async fn open_as_it_is(&self) -> Result<Store, OpenError> {
        Store::open_as_it_is(&self.url).await
    }

    /// The address on a PostgreSQL server, with `parameters` behind it.
    pub(crate) fn address(&self, parameters: &str) -> DatabaseUrl {
        let Kind::Postgres { server, name } = &self.kind else {
            panic!("a SQLite database has no address");
        };
        let address = format!("{}?{parameters}", in_database(server, name));
        address.parse().unwrap()
    }

    /// The address of a second database on the same server, which holds Latin letters only.
    pub(crate) async fn in_other_encoding(&self) -> DatabaseUrl {
        let Kind::Postgres { server, name } = &self.kind else {
            panic!("a SQLite database has no server");
        };
        let create =
            format!("CREATE DATABASE {name}_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
        command(server, create).await;
        in_database(server, &format!("{name}_latin"))
            .parse()
            .unwrap()
    }

    /// Removes it again.
    pub(crate) async fn drop_other_encoding(&self) {
        if let Kind::Postgres { server, name } = &self.kind {
            command(server, format!("DROP DATABASE {name}_latin WITH (FORCE)")).await;
        }
    }

    /// Ends every connection to this database, as a restart of the server does.
    pub(crate) async fn cut_connections(&self) {
        self.peek(
            "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS TEXT) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
    }

    /// The file, if it is SQLite.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.url.file()
    }

    /// Changes rows behind the store's back and gives the number of those changed.
    pub(crate) async fn tamper(&self, sql: &'static str) -> u64 {
        match &self.kind {
            Kind::Sqlite(_) => {
                let mut connection = self.sqlite().await;
                let done = sqlx::query(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                done.rows_affected()
            }
            Kind::Postgres { .. } => {
                let mut connection = self.postgres().await;
                let done = sqlx::query(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                done.rows_affected()
            }
        }
    }

    /// The one text that a query gives.
    pub(crate) async fn peek(&self, sql: &'static str) -> String {
        match &self.kind {
            Kind::Sqlite(_) => {
                let mut connection = self.sqlite().await;
                sqlx::query_scalar(sql)
                    .fetch_one(&mut connection)
                    .await
                    .unwrap()
            }
            Kind::Postgres { .. } => {
                let mut connection = self.postgres().await;
                sqlx::query_scalar(sql)
                    .fetch_one(&mut connection)
                    .await
                    .unwrap()
            }
        }
    }

    async fn sqlite(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.url.file().unwrap());
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    async fn postgres(&self) -> PgConnection {
        let Kind::Postgres { server, name } = &self.kind else {
            panic!("a SQLite database has no server");
        };
        let options: PgConnectOptions = in_database(server, name).parse().unwrap();
        PgConnection::connect_with(&options).await.unwrap()
    }

    async fn remove(self) {
        self.store.close().await;
        if let Kind::Postgres { server, name } = self.kind {
            command(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}
