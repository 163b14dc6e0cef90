//! The steps of each job.

use crate::cells::{Cells, moment, to_json};
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::jobs::Claim;
use crate::tx::{Reader, Tx};
use domain::{JobId, Millis, Step, StepStatus};

statements! {
    OF_JOB = "SELECT job, step, status, started_at, ended_at, attempt, note, deadline_at FROM job_steps
        WHERE job = $1 ORDER BY position";
    INSERT = "INSERT INTO job_steps (job, step, position, status, attempt)
        VALUES ($1, $2, $3, 'waiting', 0)";
    BEGIN = "UPDATE job_steps
        SET status = 'moving', started_at = COALESCE(started_at, $4), ended_at = NULL,
            deadline_at = $5, attempt = attempt + 1
        WHERE job = $1 AND step = $3
            AND EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND claim = $2)";
    END = "UPDATE job_steps SET status = $4, ended_at = $5
        WHERE job = $1 AND step = $3
            AND EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND claim = $2)";
    RESET = "UPDATE job_steps SET status = 'waiting', started_at = NULL, ended_at = NULL,
            deadline_at = NULL
        WHERE job = $1 AND EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND claim = $2)";
    NOTE = "UPDATE job_steps SET note = $4
        WHERE job = $1 AND step = $3
            AND EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND claim = $2)";
}

/// One step of one job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobStepRow {
    /// The job.
    pub job: JobId,
    /// The step.
    pub step: Step,
    /// Where it stands.
    pub status: StepStatus,
    /// When it first began.
    pub started_at: Option<Millis>,
    /// When it last ended.
    pub ended_at: Option<Millis>,
    /// How often it began.
    pub attempt: i64,
    /// What it found or made, such as the grant's revision; its shape belongs to the step.
    pub note: Option<serde_json::Value>,
    /// When it counts as late.
    pub deadline_at: Option<Millis>,
}

#[derive(sqlx::FromRow)]
struct Line {
    job: String,
    step: String,
    status: String,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    attempt: i64,
    note: Option<String>,
    deadline_at: Option<i64>,
}

impl Line {
    fn into_row(self) -> Result<JobStepRow, StoreError> {
        let cells = Cells {
            table: "job_steps",
            row: &self.job,
        };
        Ok(JobStepRow {
            job: cells.text("job", self.job.clone())?,
            step: cells.text("step", self.step)?,
            status: cells.text("status", self.status)?,
            started_at: moment(self.started_at),
            ended_at: moment(self.ended_at),
            attempt: self.attempt,
            note: cells.optional_json("note", self.note.as_deref())?,
            deadline_at: moment(self.deadline_at),
        })
    }
}

fn word(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Waiting => "waiting",
        StepStatus::Moving => "moving",
        StepStatus::Done => "done",
        StepStatus::Failed => "failed",
        StepStatus::Skipped => "skipped",
    }
}

/// The steps of a job, in order.
pub async fn of_job(reader: &mut Reader, job: JobId) -> Result<Vec<JobStepRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_JOB, job.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Stores the steps of a new job, all waiting.
pub(crate) async fn insert_all(tx: &mut Tx, job: JobId, steps: &[Step]) -> Result<(), StoreError> {
    for (position, step) in (0_i64..).zip(steps) {
        execute!(tx, INSERT, job.to_string(), step.as_str(), position)?;
    }
    Ok(())
}

/// Notes that a step moves, for the first time or again, and when it counts as late.
pub async fn begin(
    tx: &mut Tx,
    claim: &Claim,
    step: Step,
    at: Millis,
    deadline_at: Millis,
) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        BEGIN,
        claim.job().to_string(),
        claim.number(),
        step.as_str(),
        at.get(),
        deadline_at.get()
    )?;
    claim.assert_held(changed)
}

/// Makes all steps wait as at the beginning; what was noted with them stays.
pub async fn reset(tx: &mut Tx, claim: &Claim) -> Result<(), StoreError> {
    let changed = execute!(tx, RESET, claim.job().to_string(), claim.number())?;
    claim.assert_held(changed.min(1))
}

/// Notes how a step has ended.
pub async fn end(
    tx: &mut Tx,
    claim: &Claim,
    step: Step,
    status: StepStatus,
    at: Millis,
) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        END,
        claim.job().to_string(),
        claim.number(),
        step.as_str(),
        word(status),
        at.get()
    )?;
    claim.assert_held(changed)
}

/// Notes what a step has found or made, in place of its former note.
pub async fn note(
    tx: &mut Tx,
    claim: &Claim,
    step: Step,
    note: &serde_json::Value,
) -> Result<(), StoreError> {
    let note = to_json("job_steps", "note", note)?;
    let changed = execute!(
        tx,
        NOTE,
        claim.job().to_string(),
        claim.number(),
        step.as_str(),
        &note
    )?;
    claim.assert_held(changed)
}
