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

/// The projects of an account that copies run into, or are about to.
pub async fn copied_into(
    reader: &mut Reader,
    account: &AccountNumber,
) -> Result<Vec<ProjectArn>, StoreError> {
    let rows = fetch_all!(reader, (String,), PROJECTS, account.as_str())?;
    let cells = Cells {
        table: "jobs",
        row: account.as_str(),
    };
    rows.into_iter()
        .map(|(project,)| cells.text("destination_project", project))
        .collect()
}
