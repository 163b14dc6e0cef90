//! Claiming jobs, and giving them back.

use super::row::{JobRow, Line, columns};
use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::Tx;
use domain::{JobId, Millis};

statements! {
    VOID_CLAIMS = "UPDATE jobs SET claim = claim + 1000000, lease_owner = NULL, lease_until = NULL
        WHERE ended_at IS NULL";
    /// The conditions stand twice: the inner query chooses, the outer one holds if another replica
    /// has claimed the same row in between.
    CLAIM = concat!(
        "UPDATE jobs SET claim = claim + 1, lease_owner = $1, lease_until = $2,
            interrupted = (lease_owner IS NOT NULL)
        WHERE id = (
            SELECT id FROM jobs
            WHERE ended_at IS NULL AND next_run_at <= $3
                AND (lease_until IS NULL OR lease_until <= $3)
            ORDER BY next_run_at, number LIMIT 1
        )
            AND ended_at IS NULL AND next_run_at <= $3
            AND (lease_until IS NULL OR lease_until <= $3)
        RETURNING ",
        columns!()
    );
    RENEW = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND claim = $2";
    END_LEASES = "UPDATE jobs SET lease_until = $1 WHERE lease_until > $1";
    RELEASE = "UPDATE jobs
        SET lease_owner = NULL, lease_until = NULL, next_run_at = $3, attempt = $4, held = $5
        WHERE id = $1 AND claim = $2";
}

/// How a job is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Not to be claimed before.
    pub next_run_at: Millis,
    /// How often the present step was tried.
    pub attempt: i64,
    /// It waits for something else than its turn.
    pub held: bool,
}

/// The right to write one job, until somebody else claims it. Only [`claim`] gives one out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    job: JobId,
    number: i64,
}

impl Claim {
    /// The claim on a row that was just claimed.
    pub(super) fn of(row: &JobRow) -> Self {
        Self {
            job: row.id,
            number: row.claim,
        }
    }

    /// The job.
    pub fn job(&self) -> JobId {
        self.job
    }

    /// The number of the claim; each claim on a job has a higher one.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// What a write of this claim says that found no row.
    pub(crate) fn lost(&self) -> StoreError {
        StoreError::Lost { job: self.job }
    }

    /// Asserts that a write of this claim has found its row.
    pub(crate) fn assert_held(&self, changed: u64) -> Result<(), StoreError> {
        if changed == 1 {
            Ok(())
        } else {
            Err(self.lost())
        }
    }
}

/// Claims the job that has waited longest among those due at `now`, for `owner` and until
/// `lease_until`; none if no job is due. A job whose lease has run out counts as due.
///
/// The claim holds for others once the transaction commits.
pub async fn claim(
    tx: &mut Tx,
    owner: &str,
    now: Millis,
    lease_until: Millis,
) -> Result<Option<(Claim, JobRow)>, StoreError> {
    let line = fetch_optional!(tx, Line, CLAIM, owner, lease_until.get(), now.get())?;
    let Some(line) = line else {
        return Ok(None);
    };
    let row = line.into_row()?;
    Ok(Some((Claim::of(&row), row)))
}

/// Ends every claim on a job that has not ended. The next numbers are a million higher: a database
/// that went back has forgotten claims, whose holders must not find their numbers given out again.
pub async fn void_claims(tx: &mut Tx) -> Result<(), StoreError> {
    execute!(tx, VOID_CLAIMS)?;
    Ok(())
}

/// Holds the job longer.
pub async fn renew(tx: &mut Tx, claim: &Claim, lease_until: Millis) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        RENEW,
        claim.job.to_string(),
        claim.number,
        lease_until.get()
    )?;
    claim.assert_held(changed)
}

/// Ends all leases at `now`, as if nobody had given a sign of life, and gives how many there were.
/// For when nobody who holds one can be alive; claims go on being numbered.
pub async fn end_leases(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, END_LEASES, now.get())?)
}

/// Gives the job back. The claim may still be written with until the next one.
pub async fn release(tx: &mut Tx, claim: &Claim, release: Release) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        RELEASE,
        claim.job.to_string(),
        claim.number,
        release.next_run_at.get(),
        release.attempt,
        release.held
    )?;
    claim.assert_held(changed)
}
