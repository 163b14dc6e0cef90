//! A fresh database for each round.

use anyhow::{Context as _, Result};
use clap::ValueEnum;
#[expect(
    clippy::disallowed_types,
    reason = "a database's name cannot be bound; ours are made of digits"
)]
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// Which database a round runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A database of its own on the server that `TEST_POSTGRES_URL` names.
    Postgres,
}

/// One database that only this round uses.
pub struct Database {
    url: String,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Server { server: String, name: String },
}

/// The server that rounds on PostgreSQL may use, if the surroundings name one.
pub fn postgres_server() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "whether a PostgreSQL server is there depends on where this runs"
    )]
    let server = std::env::var("TEST_POSTGRES_URL");
    server.ok()
}

impl Database {
    /// An empty database. `number` tells apart those of one process.
    pub async fn create(kind: Kind, number: u64) -> Result<Self> {
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().context("no temporary folder")?;
                let file = folder.path().join("customhouse.sqlite");
                Ok(Self {
                    url: format!("sqlite:{}", file.display()),
                    place: Place::Folder(folder),
                })
            }
            Kind::Postgres => {
                let server = postgres_server().context("TEST_POSTGRES_URL names no server")?;
                let name = format!("crash_{}_{number}", std::process::id());
                command(&server, format!("DROP DATABASE IF EXISTS {name}")).await?;
                command(&server, format!("CREATE DATABASE {name}")).await?;
                let (start, _) = server.rsplit_once('/').context("the URL has no database")?;
                Ok(Self {
                    url: format!("{start}/{name}"),
                    place: Place::Server { server, name },
                })
            }
        }
    }

    /// Where it is, as a child is told.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Removes it.
    pub async fn remove(self) -> Result<()> {
        match self.place {
            Place::Folder(folder) => Ok(folder.close()?),
            Place::Server { server, name } => {
                command(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await
            }
        }
    }
}

async fn command(server: &str, sql: String) -> Result<()> {
    let options: PgConnectOptions = server.parse()?;
    let mut connection = PgConnection::connect_with(&options).await?;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await?;
    Ok(connection.close().await?)
}
