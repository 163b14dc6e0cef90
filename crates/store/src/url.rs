//! Where the database is.

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where the database is: a SQLite file or a PostgreSQL server.
///
/// Printing it never shows a password.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Place);

#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

/// Text that does not name a database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// Neither kind of database.
    #[error("a database is written sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE")]
    Scheme,
    /// `sqlite:` without a file, or with `:memory:`, which would forget every job.
    #[error("sqlite: needs the path of a file")]
    File,
    /// A `postgres:` URL with a part that is not understood.
    #[error("the postgres: URL is not understood")]
    Postgres,
}

impl DatabaseUrl {
    /// The SQLite file at `path`; it is made if it is not there, its folder is not.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self(Place::Sqlite(path.into()))
    }

    /// The file, if it is SQLite.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Place::Sqlite(path) => Some(path),
            Place::Postgres(_) => None,
        }
    }

    /// Whether somebody on the way to the server could read or change what goes there: it is on
    /// another machine, and its certificate is not asked for.
    pub fn is_exposed(&self) -> bool {
        match &self.0 {
            Place::Sqlite(_) => false,
            Place::Postgres(options) => {
                let host = options.get_host();
                let here = options.get_socket().is_some()
                    || host.starts_with('/')
                    || host == "localhost"
                    || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
                let verified = matches!(
                    options.get_ssl_mode(),
                    PgSslMode::VerifyCa | PgSslMode::VerifyFull
                );
                !here && !verified
            }
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    /// Reads `sqlite:FILE` (or `sqlite://FILE`, so that `sqlite:///var/lib/x.sqlite` is absolute)
    /// and `postgres:` or `postgresql:` URLs.
    fn from_str(text: &str) -> Result<Self, InvalidDatabaseUrl> {
        if let Some(rest) = text.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            return if path.is_empty() || path.starts_with(':') {
                Err(InvalidDatabaseUrl::File)
            } else {
                Ok(Self::sqlite(path))
            };
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return text
                .parse()
                .map(|options| Self(Place::Postgres(Box::new(options))))
                .map_err(|_| InvalidDatabaseUrl::Postgres);
        }
        Err(InvalidDatabaseUrl::Scheme)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Place::Postgres(options) => write!(
                formatter,
                "postgres://{}:{}/{}",
                options.get_host(),
                options.get_port(),
                options.get_database().unwrap_or_default()
            ),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_without_a_certificate_is_exposed() {
        for (text, exposed) in [
            ("sqlite:a.sqlite", false),
            ("postgres://app@127.0.0.1/ch", false),
            ("postgres://app@localhost/ch?sslmode=disable", false),
            ("postgres://app@db/ch", true),
            ("postgres://app@db/ch?sslmode=require", true),
            ("postgres://app@db/ch?sslmode=verify-full", false),
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(url.is_exposed(), exposed, "{text}");
        }
    }

    #[test]
    fn the_two_kinds_are_read_and_others_refused() {
        for (text, shown) in [
            ("sqlite:customhouse.sqlite", "sqlite:customhouse.sqlite"),
            ("sqlite:///var/lib/a.sqlite", "sqlite:/var/lib/a.sqlite"),
            ("postgres://app:hidden@db/ch", "postgres://db:5432/ch"),
            (
                "postgresql://app:hidden@db:6000/ch",
                "postgres://db:6000/ch",
            ),
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown, "no password");
        }
        for (text, error) in [
            ("mysql://db/ch", InvalidDatabaseUrl::Scheme),
            ("", InvalidDatabaseUrl::Scheme),
            ("sqlite:", InvalidDatabaseUrl::File),
            ("sqlite::memory:", InvalidDatabaseUrl::File),
            ("postgres://db:port/ch", InvalidDatabaseUrl::Postgres),
        ] {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap_err(), error, "{text}");
        }
    }
}
