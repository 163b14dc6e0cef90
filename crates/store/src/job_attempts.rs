//! Tries of a step that did not bring it to its end, with their causes.

use crate::cells::{Cells, moment, to_json};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::jobs::Claim;
use crate::tx::{Reader, Tx};
use domain::{Failure, JobId, Millis, Step};

/// How many are kept for a job; the oldest go first.
const KEPT: i64 = 200;

statements! {
    NEWEST = "SELECT job, n, step, outcome, cause, at, next_at FROM job_attempts
        WHERE job = $1 ORDER BY n DESC LIMIT $2";
    /// Selects from the job, so that a claim that is lost inserts nothing.
    RECORD = "INSERT INTO job_attempts (job, n, step, outcome, cause, at, next_at)
        SELECT id, (SELECT COALESCE(MAX(n), 0) + 1 FROM job_attempts WHERE job = $1),
            $3, $4, $5, $6, $7
        FROM jobs WHERE id = $1 AND claim = $2
        RETURNING n";
    FORGET = "DELETE FROM job_attempts WHERE job = $1 AND n <= $2";
}

/// How a try of a step went, if it did not end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A call did not succeed; it is tried again.
    Retry,
    /// Something that people or AWS must bring about is in the way.
    Held,
    /// The step ended badly.
    Failed,
    /// The worker never came back: its process ended, or it could not use the database.
    Errored,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The step.
    pub step: Step,
    /// How it went.
    pub outcome: Outcome,
    /// Why.
    pub cause: Option<Failure>,
    /// When.
    pub at: Millis,
    /// When it is tried again.
    pub next_at: Option<Millis>,
}

/// A try as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// Counts the job's tries that are listed, from 1.
    pub n: i64,
    /// The try.
    pub attempt: Attempt,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Retry, Self::Held, Self::Failed, Self::Errored];

    /// The word used in SQL and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Errored => "errored",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Line {
    job: String,
    n: i64,
    step: String,
    outcome: String,
    cause: Option<String>,
    at: i64,
    next_at: Option<i64>,
}

impl Line {
    fn into_row(self) -> Result<AttemptRow, StoreError> {
        let cells = Cells {
            table: "job_attempts",
            row: &self.job,
        };
        let outcome = Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == self.outcome);
        Ok(AttemptRow {
            n: self.n,
            attempt: Attempt {
                step: cells.text("step", self.step)?,
                outcome: outcome.ok_or_else(|| cells.inconsistent("outcome"))?,
                cause: self
                    .cause
                    .map(|cause| cells.json("cause", &cause))
                    .transpose()?,
                at: Millis::new(self.at),
                next_at: moment(self.next_at),
            },
        })
    }
}

/// The newest tries of a job, newest first.
pub async fn newest(
    reader: &mut Reader,
    job: JobId,
    limit: u32,
) -> Result<Vec<AttemptRow>, StoreError> {
    let lines = fetch_all!(reader, Line, NEWEST, job.to_string(), i64::from(limit))?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Stores a try and gives its number. Those that are too old are forgotten.
pub async fn record(tx: &mut Tx, claim: &Claim, attempt: &Attempt) -> Result<i64, StoreError> {
    let cause = match &attempt.cause {
        Some(cause) => Some(to_json("job_attempts", "cause", cause)?),
        None => None,
    };
    let row = fetch_optional!(
        tx,
        (i64,),
        RECORD,
        claim.job().to_string(),
        claim.number(),
        attempt.step.as_str(),
        attempt.outcome.as_str(),
        cause.as_deref(),
        attempt.at.get(),
        attempt.next_at.map(Millis::get)
    )?;
    let (n,) = row.ok_or_else(|| claim.lost())?;
    if n > KEPT {
        execute!(tx, FORGET, claim.job().to_string(), n - KEPT)?;
    }
    Ok(n)
}
