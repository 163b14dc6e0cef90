//! Statements of ours that no job of this database put.

use crate::cells::{Cells, moment};
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Millis, PolicyName, ProjectArn};

statements! {
    ALL = "SELECT project, sid, policy, ends_at, first_seen_at FROM stray_statements
        ORDER BY project, sid";
    OF_PROJECT = "SELECT project, sid, policy, ends_at, first_seen_at FROM stray_statements
        WHERE project = $1 ORDER BY sid";
    SAVE = "INSERT INTO stray_statements (project, sid, policy, ends_at, first_seen_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (project, sid) DO UPDATE
        SET policy = excluded.policy, ends_at = excluded.ends_at";
    DELETE = "DELETE FROM stray_statements WHERE project = $1 AND sid = $2";
}

/// A statement as it was seen last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The project whose policy holds it.
    pub project: ProjectArn,
    /// Its Sid.
    pub sid: String,
    /// The policy.
    pub policy: PolicyName,
    /// From when on it grants nothing any more; none if it holds no such moment.
    pub ends_at: Option<Millis>,
    /// When it was seen first.
    pub first_seen_at: Millis,
}

#[derive(sqlx::FromRow)]
struct Line {
    project: String,
    sid: String,
    policy: String,
    ends_at: Option<i64>,
    first_seen_at: i64,
}

impl Line {
    fn into_row(self) -> Result<Stray, StoreError> {
        let cells = Cells {
            table: "stray_statements",
            row: &self.sid,
        };
        Ok(Stray {
            project: cells.text("project", self.project)?,
            policy: cells.text("policy", self.policy)?,
            ends_at: moment(self.ends_at),
            first_seen_at: Millis::new(self.first_seen_at),
            sid: self.sid,
        })
    }
}

/// All of them, by project and Sid.
pub async fn all(reader: &mut Reader) -> Result<Vec<Stray>, StoreError> {
    let lines = fetch_all!(reader, Line, ALL)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Those in the policies of one project, by Sid.
pub async fn of_project(
    reader: &mut Reader,
    project: &ProjectArn,
) -> Result<Vec<Stray>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_PROJECT, project.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Keeps exactly `strays` for one project. One that was known keeps the moment at which it was seen
/// first.
pub async fn replace(
    tx: &mut Tx,
    project: &ProjectArn,
    strays: &[Stray],
) -> Result<(), StoreError> {
    for known in of_project(tx, project).await? {
        if !strays.iter().any(|stray| stray.sid == known.sid) {
            execute!(tx, DELETE, project.to_string(), known.sid)?;
        }
    }
    for stray in strays {
        execute!(
            tx,
            SAVE,
            project.to_string(),
            &stray.sid,
            stray.policy.as_str(),
            stray.ends_at.map(Millis::get),
            stray.first_seen_at.get()
        )?;
    }
    Ok(())
}
