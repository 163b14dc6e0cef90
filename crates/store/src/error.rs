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
    /// Whether the database only had no time: no connection or no turn at writing came free while
    /// the caller waited. The same may succeed a little later.
    pub fn is_busy(&self) -> bool {
        // SQLite: SQLITE_BUSY and its extended codes share the low byte 5 ("Result and Error
        // Codes", SQLite). PostgreSQL: lock_not_available ("PostgreSQL Error Codes").
        let busy =
            |code: &str| code == "55P03" || code.parse::<u32>().is_ok_and(|code| code & 0xff == 5);
        match self {
            Self::Db(sqlx::Error::PoolTimedOut) => true,
            Self::Db(sqlx::Error::Database(error)) => error.code().is_some_and(|code| busy(&code)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_in_vain_is_busy_and_other_failures_are_not() {
        assert!(StoreError::from(sqlx::Error::PoolTimedOut).is_busy());
        assert!(!StoreError::from(sqlx::Error::RowNotFound).is_busy());
        assert!(!StoreError::Conflict { table: "jobs" }.is_busy());
    }
}
