//! The last look at each thing that is listed in AWS as a whole, and what went wrong with it.

use crate::cells::{Cells, moment, to_json};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{AccountNumber, Millis, ProjectArn, Region};

statements! {
    LIST = "SELECT kind, subject, looked_at, seen_at, error FROM looks ORDER BY kind, subject";
    FIND = "SELECT kind, subject, looked_at, seen_at, error FROM looks
        WHERE kind = $1 AND subject = $2";
    SUCCEEDED = "INSERT INTO looks (kind, subject, looked_at, seen_at, error)
        VALUES ($1, $2, $3, $3, NULL)
        ON CONFLICT (kind, subject) DO UPDATE
        SET looked_at = excluded.looked_at, seen_at = excluded.seen_at, error = NULL";
    FAILED = "INSERT INTO looks (kind, subject, looked_at, seen_at, error)
        VALUES ($1, $2, $3, NULL, $4)
        ON CONFLICT (kind, subject) DO UPDATE
        SET looked_at = excluded.looked_at, error = excluded.error";
    FORGET_GONE = "DELETE FROM looks
        WHERE kind IN ('versions', 'policies') AND subject NOT IN (SELECT arn FROM projects)";
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LookTarget {
    /// The projects of one account in one Region.
    Projects {
        /// The account.
        account: AccountNumber,
        /// The Region.
        region: Region,
    },
    /// The versions of one project.
    Versions(ProjectArn),
    /// The policies of one project.
    Policies(ProjectArn),
}

/// The last look at a target.
#[derive(Clone, Debug, PartialEq)]
pub struct LookRow {
    /// What was looked at.
    pub target: LookTarget,
    /// When it was last tried.
    pub looked_at: Millis,
    /// When it last succeeded: the age of what is stored.
    pub seen_at: Option<Millis>,
    /// Why the last try failed; none if it succeeded. Its shape belongs to the use case.
    pub error: Option<serde_json::Value>,
}

impl LookTarget {
    fn kind(&self) -> &'static str {
        match self {
            Self::Projects { .. } => "projects",
            Self::Versions(_) => "versions",
            Self::Policies(_) => "policies",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::Projects { account, region } => format!("{account}/{region}"),
            Self::Versions(project) | Self::Policies(project) => project.to_string(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct Line {
    kind: String,
    subject: String,
    looked_at: i64,
    seen_at: Option<i64>,
    error: Option<String>,
}

impl Line {
    fn into_row(self) -> Result<LookRow, StoreError> {
        let cells = Cells {
            table: "looks",
            row: &self.subject,
        };
        let target = match self.kind.as_str() {
            "projects" => {
                let (account, region) = self
                    .subject
                    .split_once('/')
                    .ok_or_else(|| cells.inconsistent("subject"))?;
                LookTarget::Projects {
                    account: cells.text("subject", account.to_owned())?,
                    region: cells.text("subject", region.to_owned())?,
                }
            }
            "versions" => LookTarget::Versions(cells.text("subject", self.subject.clone())?),
            "policies" => LookTarget::Policies(cells.text("subject", self.subject.clone())?),
            _ => return Err(cells.inconsistent("kind")),
        };
        Ok(LookRow {
            target,
            looked_at: Millis::new(self.looked_at),
            seen_at: moment(self.seen_at),
            error: cells.optional_json("error", self.error.as_deref())?,
        })
    }
}

/// The last look at everything that was ever looked at and is still there.
pub async fn list(reader: &mut Reader) -> Result<Vec<LookRow>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The last look at `target`.
pub async fn find(reader: &mut Reader, target: &LookTarget) -> Result<Option<LookRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, target.kind(), target.subject())?;
    line.map(Line::into_row).transpose()
}

/// Notes a look that succeeded at `at`.
pub async fn succeeded(tx: &mut Tx, target: &LookTarget, at: Millis) -> Result<(), StoreError> {
    execute!(tx, SUCCEEDED, target.kind(), target.subject(), at.get())?;
    Ok(())
}

/// Notes a look that failed at `at`. The time of the last success stays.
pub async fn failed(
    tx: &mut Tx,
    target: &LookTarget,
    at: Millis,
    error: &serde_json::Value,
) -> Result<(), StoreError> {
    let error = to_json("looks", "error", error)?;
    execute!(
        tx,
        FAILED,
        target.kind(),
        target.subject(),
        at.get(),
        &error
    )?;
    Ok(())
}

/// Forgets looks into projects that are not there any more.
pub(crate) async fn forget_gone_projects(tx: &mut Tx) -> Result<(), StoreError> {
    execute!(tx, FORGET_GONE)?;
    Ok(())
}
