//! Project policies as last seen in AWS.

use crate::cells::{Cells, moment};
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Millis, PolicyName, PolicyRevisionId, ProjectArn};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT project, name, revision, document, created, updated, seen_at
            FROM project_policies ",
            $rest
        )
    };
}

statements! {
    LIST = select!("ORDER BY project, name");
    OF_PROJECT = select!("WHERE project = $1 ORDER BY name");
    CLEAR = "DELETE FROM project_policies WHERE project = $1";
    INSERT = "INSERT INTO project_policies
            (project, name, revision, document, created, updated, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
}

/// A project policy as last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectPolicyRow {
    /// The project that it stands on.
    pub project: ProjectArn,
    /// Its name.
    pub name: PolicyName,
    /// Its revision.
    pub revision: PolicyRevisionId,
    /// The JSON text. Untrusted.
    pub document: String,
    /// When it was first put.
    pub created: Option<Millis>,
    /// When it was last put.
    pub updated: Option<Millis>,
    /// When it was seen like this.
    pub seen_at: Millis,
}

#[derive(sqlx::FromRow)]
struct Line {
    project: String,
    name: String,
    revision: String,
    document: String,
    created: Option<i64>,
    updated: Option<i64>,
    seen_at: i64,
}

impl Line {
    fn into_row(self) -> Result<ProjectPolicyRow, StoreError> {
        let cells = Cells {
            table: "project_policies",
            row: &self.project,
        };
        Ok(ProjectPolicyRow {
            project: cells.text("project", self.project.clone())?,
            name: cells.text("name", self.name)?,
            revision: cells.text("revision", self.revision)?,
            document: self.document,
            created: moment(self.created),
            updated: moment(self.updated),
            seen_at: Millis::new(self.seen_at),
        })
    }
}

/// All policies, by project and name.
pub async fn list(reader: &mut Reader) -> Result<Vec<ProjectPolicyRow>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The policies of one project, by name.
pub async fn of_project(
    reader: &mut Reader,
    project: &ProjectArn,
) -> Result<Vec<ProjectPolicyRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_PROJECT, project.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Keeps exactly `policies` for one project, which must be there.
pub async fn replace(
    tx: &mut Tx,
    project: &ProjectArn,
    policies: &[ProjectPolicyRow],
) -> Result<(), StoreError> {
    execute!(tx, CLEAR, project.to_string())?;
    for policy in policies {
        execute!(
            tx,
            INSERT,
            project.to_string(),
            policy.name.as_str(),
            policy.revision.as_str(),
            &policy.document,
            policy.created.map(Millis::get),
            policy.updated.map(Millis::get),
            policy.seen_at.get()
        )?;
    }
    Ok(())
}
