//! Copies that run into the same project: one call to AWS tells about all of them.

use super::claim::Claim;
use super::row::{JobRow, Line, columns};
use crate::cells::Cells;
use crate::dialect::{fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{AccountNumber, Millis, ProjectArn};

statements! {
    /// As the claim of any job that is due, among the copies into one project that AWS has taken.
    CLAIM = concat!(
        "UPDATE jobs SET claim = claim + 1, lease_owner = $1, lease_until = $2
        WHERE id = (
            SELECT id FROM jobs
            WHERE destination_project = $4 AND word = 'Copying' AND state LIKE '%\"accepted\"%'
                AND ended_at IS NULL AND next_run_at <= $3
                AND (lease_until IS NULL OR lease_until <= $3)
            ORDER BY next_run_at, number LIMIT 1
        )
            AND ended_at IS NULL AND next_run_at <= $3
            AND (lease_until IS NULL OR lease_until <= $3)
        RETURNING ",
        columns!()
    );
    DUE = "SELECT DISTINCT destination_project FROM jobs
        WHERE word = 'Copying' AND state LIKE '%\"accepted\"%'
            AND ended_at IS NULL AND next_run_at <= $1
            AND (lease_until IS NULL OR lease_until <= $1)
        ORDER BY destination_project";
    PROJECTS = "SELECT DISTINCT destination_project FROM jobs
        WHERE destination_account = $1 AND word = 'Copying' AND ended_at IS NULL
        ORDER BY destination_project";
}

/// Claims one more job whose copy into `project` AWS has taken and that is due at `now`; none if
/// there is none. Otherwise as [`super::claim()`].
pub async fn claim_copy_into(
    tx: &mut Tx,
    project: &ProjectArn,
    owner: &str,
    now: Millis,
    lease_until: Millis,
) -> Result<Option<(Claim, JobRow)>, StoreError> {
    let project = project.to_string();
    let line = fetch_optional!(
        tx,
        Line,
        CLAIM,
        owner,
        lease_until.get(),
        now.get(),
        &project
    )?;
    let Some(line) = line else {
        return Ok(None);
    };
    let row = line.into_row()?;
    Ok(Some((Claim::of(&row), row)))
}

/// The projects for which [`claim_copy_into`] finds a job at `now`.
pub async fn copies_due(reader: &mut Reader, now: Millis) -> Result<Vec<ProjectArn>, StoreError> {
    let rows = fetch_all!(reader, (String,), DUE, now.get())?;
    projects(rows, "due")
}

/// The projects of an account that copies run into, or are about to.
pub async fn copied_into(
    reader: &mut Reader,
    account: &AccountNumber,
) -> Result<Vec<ProjectArn>, StoreError> {
    let rows = fetch_all!(reader, (String,), PROJECTS, account.as_str())?;
    projects(rows, account.as_str())
}

fn projects(rows: Vec<(String,)>, row: &str) -> Result<Vec<ProjectArn>, StoreError> {
    let cells = Cells { table: "jobs", row };
    rows.into_iter()
        .map(|(project,)| cells.text("destination_project", project))
        .collect()
}
