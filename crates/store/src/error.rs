//! What can go wrong with stored rows.

use crate::constraint::Constraint;
use domain::JobId;

/// Why a read or a write did not happen. After an error inside a transaction nothing else can be
/// done with it: drop it, which rolls it back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row was changed by somebody else since it was read, or is not there.
    #[error("a row of {table} is not as it was when it was read")]
    Conflict {
        /// The table.
        table: &'static str,
    },
    /// Another worker has claimed the job since: nothing of it may be written any more.
    #[error("the claim on {job} is lost")]
    Lost {
        /// The job.
        job: JobId,
    },
    /// Another process has taken the duty over since: nothing may be written for it any more.
    #[error("the duty {duty} is lost")]
    LostDuty {
        /// The duty.
        duty: &'static str,
    },
    /// The storage failed before; this process has to end and to start again from what is on disk.
    #[error("the database failed to keep what it was given and is not used any more")]
    Broken,
    /// It is not known whether the database has committed.
    #[error("the database did not say whether it has committed")]
    Commit(#[source] sqlx::Error),
    /// The write would break a rule that the database keeps.
    #[error("the write breaks the rule {0:?}")]
    Constraint(Constraint),
    /// A stored value is not what this program writes there.
    #[error("column {column} of {table} holds an unknown value in row {row}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
    },
    /// A value has no form in which it could be stored.
    #[error("a value cannot be written to column {column} of {table}")]
    Unwritable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The database did not do it.
    #[error("the database did not carry out a statement")]
    Db(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match Constraint::broken_by(&error) {
            Some(constraint) => Self::Constraint(constraint),
            None => Self::Db(error),
        }
    }
}

impl StoreError {
    /// Whether the database only had no time or was away for a moment: no connection or no turn at
    /// writing came free while the caller waited, or the server was starting anew. Nothing was
    /// changed, and the same may succeed a little later.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Db(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            Self::Db(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| is_busy_code(&code))
            }
            _ => false,
        }
    }
}

/// SQLite: `SQLITE_BUSY` and its extended codes share the low byte 5 ("Result and Error Codes",
/// SQLite). PostgreSQL ("PostgreSQL Error Codes"): `lock_not_available`, `too_many_connections`,
/// `admin_shutdown`, `crash_shutdown`, `cannot_connect_now`, the idle transaction that was ended,
/// and all of class 08, connections.
fn is_busy_code(code: &str) -> bool {
    const POSTGRES: [&str; 6] = ["55P03", "53300", "57P01", "57P02", "57P03", "25P03"];
    if code.len() == 5 {
        return POSTGRES.contains(&code) || code.starts_with("08");
    }
    code.parse::<u32>().is_ok_and(|code| code & 0xff == 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_in_vain_is_busy_and_other_failures_are_not() {
        assert!(StoreError::from(sqlx::Error::PoolTimedOut).is_busy());
        assert!(!StoreError::from(sqlx::Error::RowNotFound).is_busy());
        assert!(!StoreError::Conflict { table: "jobs" }.is_busy());
        assert!(!StoreError::Commit(sqlx::Error::PoolTimedOut).is_busy());
    }

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        // 5: SQLITE_BUSY, 261: SQLITE_BUSY_RECOVERY, 13: SQLITE_FULL.
        for code in ["5", "261", "55P03", "57P01", "08006"] {
            assert!(is_busy_code(code), "{code}");
        }
        for code in ["13", "1555", "53100", "23505", "42P01"] {
            assert!(!is_busy_code(code), "{code}");
        }
    }
}
