//! Source projects, to be looked through for statements that a job left behind.
//!
//! The table is the queue, as with jobs: a sweep is claimed for a time, and every write carries the
//! number of its claim.

pub mod strays;

use crate::cells::{Cells, moment};
use crate::dialect::{execute, fetch_all, fetch_one, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Millis, ProjectArn};

statements! {
    ALL = "SELECT project, claim, intent, next_run_at, swept_at, error FROM policy_sweeps
        ORDER BY project";
    NEXT = "SELECT MIN(CASE WHEN lease_until > next_run_at THEN lease_until ELSE next_run_at END)
        FROM policy_sweeps";
    ENSURE = "INSERT INTO policy_sweeps (project, claim, next_run_at) VALUES ($1, 0, $2)
        ON CONFLICT (project) DO UPDATE SET next_run_at = CASE
            WHEN policy_sweeps.next_run_at < excluded.next_run_at THEN policy_sweeps.next_run_at
            ELSE excluded.next_run_at END";
    /// A holder of before may have looked before the database went back, so it loses its claim.
    RESTART = "UPDATE policy_sweeps SET claim = claim + 1000000, lease_owner = NULL,
        lease_until = NULL, next_run_at = $1, swept_at = NULL, error = NULL";
    COUNT_UNLISTED = "SELECT COUNT(*) FROM projects
        WHERE NOT EXISTS (SELECT 1 FROM policy_sweeps WHERE project = projects.arn)";
    LIST_ALL = "INSERT INTO policy_sweeps (project, claim, next_run_at)
        SELECT arn, 0, CAST($1 AS BIGINT) FROM projects
        WHERE NOT EXISTS (SELECT 1 FROM policy_sweeps WHERE project = projects.arn)";
    UNSEEN = "SELECT project, error FROM policy_sweeps WHERE swept_at IS NULL
        UNION ALL
        SELECT arn, CAST(NULL AS TEXT) FROM projects
        WHERE NOT EXISTS (SELECT 1 FROM policy_sweeps WHERE project = projects.arn)
        ORDER BY 1";
    HURRY = "UPDATE policy_sweeps SET next_run_at = $1 WHERE next_run_at > $1";
    CLAIM = "UPDATE policy_sweeps SET claim = claim + 1, lease_owner = $1, lease_until = $2
        WHERE project = (
            SELECT project FROM policy_sweeps
            WHERE next_run_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
            ORDER BY next_run_at, project LIMIT 1
        )
            AND next_run_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
        RETURNING project, claim, intent, next_run_at, swept_at, error";
    HOLDS = "SELECT COUNT(*) FROM policy_sweeps WHERE project = $1 AND claim = $2";
    INTEND = "UPDATE policy_sweeps SET intent = $3, lease_until = $4
        WHERE project = $1 AND claim = $2";
    RELEASE = "UPDATE policy_sweeps
        SET lease_owner = NULL, lease_until = NULL, next_run_at = $3,
            swept_at = COALESCE($4, swept_at), error = $5
        WHERE project = $1 AND claim = $2";
}

/// The right to sweep one project, until somebody else claims it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepClaim {
    project: ProjectArn,
    number: i64,
}

/// A sweep as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepRow {
    /// The project.
    pub project: ProjectArn,
    /// The number of its last claim.
    pub claim: i64,
    /// A removal that was intended and of which nothing is known; its shape is the sweeper's.
    pub intent: Option<String>,
    /// Not to be claimed before.
    pub next_run_at: Millis,
    /// When it was last looked through to the end.
    pub swept_at: Option<Millis>,
    /// Why it was not the last time.
    pub error: Option<String>,
}

impl SweepClaim {
    /// The project.
    pub fn project(&self) -> &ProjectArn {
        &self.project
    }
}

#[derive(sqlx::FromRow)]
struct Line {
    project: String,
    claim: i64,
    intent: Option<String>,
    next_run_at: i64,
    swept_at: Option<i64>,
    error: Option<String>,
}

impl Line {
    fn into_row(self) -> Result<SweepRow, StoreError> {
        let cells = Cells {
            table: "policy_sweeps",
            row: &self.project,
        };
        Ok(SweepRow {
            project: cells.text("project", self.project.clone())?,
            claim: self.claim,
            intent: self.intent,
            next_run_at: Millis::new(self.next_run_at),
            swept_at: moment(self.swept_at),
            error: self.error,
        })
    }
}

fn held(changed: u64) -> Result<(), StoreError> {
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict {
            table: "policy_sweeps",
        })
    }
}

/// All sweeps, by project.
pub async fn all(reader: &mut Reader) -> Result<Vec<SweepRow>, StoreError> {
    let lines = fetch_all!(reader, Line, ALL)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The first moment at which a sweep may be claimed; none if there is no project to sweep.
pub async fn next_run(reader: &mut Reader) -> Result<Option<Millis>, StoreError> {
    let (moment,) = fetch_one!(reader, (Option<i64>,), NEXT)?;
    Ok(moment.map(Millis::new))
}

/// Has `project` swept at `at` or before.
pub async fn ensure(tx: &mut Tx, project: &ProjectArn, at: Millis) -> Result<(), StoreError> {
    execute!(tx, ENSURE, project.to_string(), at.get())?;
    Ok(())
}

/// Has every project swept at `at` or before.
pub async fn hurry_all(tx: &mut Tx, at: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, HURRY, at.get())?)
}

/// Whether a project is known that is not swept.
pub async fn lacks_some(reader: &mut Reader) -> Result<bool, StoreError> {
    let (count,) = fetch_one!(reader, (i64,), COUNT_UNLISTED)?;
    Ok(count > 0)
}

/// Has every known project swept that is not yet, at `at`.
pub async fn ensure_all(tx: &mut Tx, at: Millis) -> Result<(), StoreError> {
    execute!(tx, LIST_ALL, at.get())?;
    Ok(())
}

/// Has every known project swept at `at`, as if none ever was. Claims on them are lost.
pub async fn restart_all(tx: &mut Tx, at: Millis) -> Result<(), StoreError> {
    execute!(tx, RESTART, at.get())?;
    ensure_all(tx, at).await
}

/// A project that was not swept since it is known or since [`restart_all`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The project.
    pub project: ProjectArn,
    /// Why not, if it was tried.
    pub error: Option<String>,
}

/// All of those, by project.
pub async fn unseen(reader: &mut Reader) -> Result<Vec<Unseen>, StoreError> {
    let rows = fetch_all!(reader, (String, Option<String>), UNSEEN)?;
    let unseen = |(project, error): (String, Option<String>)| {
        let cells = Cells {
            table: "policy_sweeps",
            row: &project,
        };
        Ok(Unseen {
            project: cells.text("project", project.clone())?,
            error,
        })
    };
    rows.into_iter().map(unseen).collect()
}

/// Claims the sweep that is due first, for `owner` and until `lease_until`.
pub async fn claim(
    tx: &mut Tx,
    owner: &str,
    now: Millis,
    lease_until: Millis,
) -> Result<Option<(SweepClaim, SweepRow)>, StoreError> {
    let line = fetch_optional!(tx, Line, CLAIM, owner, lease_until.get(), now.get())?;
    let Some(row) = line.map(Line::into_row).transpose()? else {
        return Ok(None);
    };
    let claim = SweepClaim {
        project: row.project.clone(),
        number: row.claim,
    };
    Ok(Some((claim, row)))
}

/// Whether the claim still holds. In a writing transaction it then holds to the end.
pub async fn holds(reader: &mut Reader, claim: &SweepClaim) -> Result<bool, StoreError> {
    let project = claim.project.to_string();
    let (count,) = fetch_one!(reader, (i64,), HOLDS, project, claim.number)?;
    Ok(count == 1)
}

/// Notes a removal that is about to be sent, or that nothing is open any more, and holds the sweep
/// until `lease_until`.
pub async fn intend(
    tx: &mut Tx,
    claim: &SweepClaim,
    intent: Option<&str>,
    lease_until: Millis,
) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        INTEND,
        claim.project.to_string(),
        claim.number,
        intent,
        lease_until.get()
    )?;
    held(changed)
}

/// Gives the sweep back, to be claimed again from `next_run_at` on; swept to the end at `swept_at`,
/// or not, for the reason in `error`.
pub async fn release(
    tx: &mut Tx,
    claim: &SweepClaim,
    next_run_at: Millis,
    swept_at: Option<Millis>,
    error: Option<&str>,
) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        RELEASE,
        claim.project.to_string(),
        claim.number,
        next_run_at.get(),
        swept_at.map(Millis::get),
        error
    )?;
    held(changed)
}
