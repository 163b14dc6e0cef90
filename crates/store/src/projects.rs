//! Projects as last seen in AWS.

use crate::cells::{Cells, moment};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::looks;
use crate::tx::{Reader, Tx};
use domain::{AccountNumber, Millis, ProjectArn, Region};

statements! {
    LIST = "SELECT arn, status, created, seen_at FROM projects ORDER BY account, region, arn";
    FIND = "SELECT arn, status, created, seen_at FROM projects WHERE arn = $1";
    KNOWN = "SELECT arn FROM projects WHERE account = $1 AND region = $2";
    SAVE = "INSERT INTO projects (arn, account, region, status, created, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (arn) DO UPDATE
        SET status = excluded.status, created = excluded.created, seen_at = excluded.seen_at";
    DELETE = "DELETE FROM projects WHERE arn = $1";
}

/// A project as last seen. Its account, Region and name stand in the ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRow {
    /// The project.
    pub arn: ProjectArn,
    /// AWS's word for its status. Untrusted text.
    pub status: String,
    /// When it was created, if AWS said so.
    pub created: Option<Millis>,
    /// When it was seen like this.
    pub seen_at: Millis,
}

#[derive(sqlx::FromRow)]
struct Line {
    arn: String,
    status: String,
    created: Option<i64>,
    seen_at: i64,
}

impl Line {
    fn into_row(self) -> Result<ProjectRow, StoreError> {
        let cells = Cells {
            table: "projects",
            row: &self.arn,
        };
        Ok(ProjectRow {
            arn: cells.text("arn", self.arn.clone())?,
            status: self.status,
            created: moment(self.created),
            seen_at: Millis::new(self.seen_at),
        })
    }
}

/// All projects, by account, Region and name.
pub async fn list(reader: &mut Reader) -> Result<Vec<ProjectRow>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// One project.
pub async fn find(
    reader: &mut Reader,
    project: &ProjectArn,
) -> Result<Option<ProjectRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, project.to_string())?;
    line.map(Line::into_row).transpose()
}

/// Keeps exactly `projects` for one account and Region. What is no longer listed goes, together
/// with its versions, its policies and the looks at them.
pub async fn replace(
    tx: &mut Tx,
    account: &AccountNumber,
    region: &Region,
    projects: &[ProjectRow],
) -> Result<(), StoreError> {
    let known = fetch_all!(tx, (String,), KNOWN, account.as_str(), region.as_str())?;
    for (arn,) in known {
        if !projects
            .iter()
            .any(|project| project.arn.to_string() == arn)
        {
            execute!(tx, DELETE, &arn)?;
        }
    }
    for project in projects {
        execute!(
            tx,
            SAVE,
            project.arn.to_string(),
            account.as_str(),
            region.as_str(),
            &project.status,
            project.created.map(Millis::get),
            project.seen_at.get()
        )?;
    }
    looks::forget_gone_projects(tx).await
}
