//! Jobs: the rows that the engine works from.
//!
//! The table is the queue. A worker claims a job for a time ([`claim()`]); each claim has a higher
//! number than the one before, and every later write of the job carries its claim. A worker that
//! slept through its time can therefore write nothing: [`StoreError::Lost`].

pub(crate) mod claim;
pub(crate) mod progress;
pub(crate) mod queue;
mod row;
pub(crate) mod together;

pub use claim::{Claim, Release, claim, end_leases, release, renew, void_claims};
pub use progress::{Sighting, saw, set_state, touch};
pub use queue::{AheadRow, ahead, bring_forward, hurry, wake_all, wake_queue};
pub use row::JobRow;
pub use together::{claim_copy_into, copied_into, copies_due};

use crate::cells::{names, to_json};
use crate::dialect::{execute, fetch_all, fetch_one, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use crate::{job_steps, numbers};
use domain::{
    AccountNumber, EnvironmentName, Environments, JobId, JobKind, Millis, ProjectArn, ProposalId,
    VersionName,
};
use row::{Line, select};

statements! {
    FIND = select!("WHERE id = $1");
    FIND_BY_NUMBER = select!("WHERE number = $1");
    FIND_BY_PROPOSAL = select!("WHERE proposal = $1");
    LIST = select!("WHERE number < $1 AND ($3 = '*' OR $3 LIKE '% ' || environment || ' %')
        ORDER BY number DESC LIMIT $2");
    ACTIVE = select!("WHERE ended_at IS NULL ORDER BY number");
    NEXT_RUN = "SELECT MIN(CASE WHEN lease_until > next_run_at THEN lease_until ELSE next_run_at END)
        FROM jobs WHERE ended_at IS NULL";
    INSERT = "INSERT INTO jobs (id, number, proposal, kind, word, state, environment,
            source_account, destination_account, destination_project, version_name,
            claim, next_run_at, attempt, created_at, row_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, 0, $13, 1)";
}

/// A job that is to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    /// Its id.
    pub id: JobId,
    /// The proposal whose plan it carries out.
    pub proposal: ProposalId,
    /// What it carries out.
    pub kind: JobKind,
    /// The environment that it changes.
    pub environment: &'a EnvironmentName,
    /// The account whose project policy it changes, or whose version it copies.
    pub source_account: &'a AccountNumber,
    /// The account that receives a copy.
    pub destination_account: Option<&'a AccountNumber>,
    /// The project that receives a copy, and the copy's name there.
    pub destination: Option<(&'a ProjectArn, &'a VersionName)>,
    /// Not to be claimed before.
    pub next_run_at: Millis,
    /// When it is made.
    pub at: Millis,
}

/// One job.
pub async fn find(reader: &mut Reader, id: JobId) -> Result<Option<JobRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, id.to_string())?;
    line.map(Line::into_row).transpose()
}

/// The job that people call by `number`.
pub async fn find_by_number(
    reader: &mut Reader,
    number: i64,
) -> Result<Option<JobRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND_BY_NUMBER, number)?;
    line.map(Line::into_row).transpose()
}

/// The job that carries out a proposal's plan.
pub async fn find_by_proposal(
    reader: &mut Reader,
    proposal: ProposalId,
) -> Result<Option<JobRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND_BY_PROPOSAL, proposal.to_string())?;
    line.map(Line::into_row).transpose()
}

/// At most `limit` jobs of these environments before number `before`, or the newest ones; newest first.
pub async fn list(
    reader: &mut Reader,
    within: &Environments,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<JobRow>, StoreError> {
    let lines = fetch_all!(
        reader,
        Line,
        LIST,
        before.unwrap_or(i64::MAX),
        limit,
        names(within)
    )?;
    lines.into_iter().map(Line::into_row).collect()
}

/// All jobs that have not ended, oldest first.
pub async fn active(reader: &mut Reader) -> Result<Vec<JobRow>, StoreError> {
    let lines = fetch_all!(reader, Line, ACTIVE)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The first moment at which any job may be claimed; none if all have ended. A job that somebody
/// holds counts with the end of their lease.
pub async fn next_run(reader: &mut Reader) -> Result<Option<Millis>, StoreError> {
    let (moment,) = fetch_one!(reader, (Option<i64>,), NEXT_RUN)?;
    Ok(moment.map(Millis::new))
}

/// Stores a job in its first state, with its steps waiting, and gives its number.
///
/// [`crate::Constraint::ActiveCopy`] if another job for the same destination project and version
/// name has not ended, [`crate::Constraint::JobOfProposal`] if the proposal has a job.
pub async fn insert(tx: &mut Tx, job: &NewJob<'_>) -> Result<i64, StoreError> {
    let number = numbers::next(tx, "job").await?;
    let start = job.kind.start();
    let state = to_json("jobs", "state", &start)?;
    let (project, name) = job.destination.unzip();
    execute!(
        tx,
        INSERT,
        job.id.to_string(),
        number,
        job.proposal.to_string(),
        job.kind.as_str(),
        start.word().as_str(),
        &state,
        job.environment.as_str(),
        job.source_account.as_str(),
        job.destination_account.map(AccountNumber::as_str),
        project.map(ToString::to_string),
        name.map(VersionName::as_str),
        job.next_run_at.get(),
        job.at.get()
    )?;
    job_steps::insert_all(tx, job.id, job.kind.steps()).await?;
    Ok(number)
}
