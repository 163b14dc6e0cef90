//! The calls to AWS that each job has made.

use crate::cells::Cells;
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::jobs::Claim;
use crate::tx::{Reader, Tx};
use domain::{JobId, Millis, Step};

statements! {
    NEWEST = "SELECT job, n, step, operation, answer, at, took_ms, request_id FROM job_calls
        WHERE job = $1 ORDER BY n DESC LIMIT $2";
    /// Selects from the job, so that a claim that is lost inserts nothing.
    RECORD = "INSERT INTO job_calls (job, n, step, operation, answer, at, took_ms, request_id)
        SELECT id, (SELECT COALESCE(MAX(n), 0) + 1 FROM job_calls WHERE job = $1),
            $3, $4, $5, $6, $7, $8
        FROM jobs WHERE id = $1 AND claim = $2
        RETURNING n";
    PRUNE = "DELETE FROM job_calls WHERE job = $1 AND n <= $2";
}

/// How many calls of a job are kept, and how many more may stand before the oldest are dropped.
const KEPT: i64 = 500;
const SPARE: i64 = 100;

/// One call to AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCall {
    /// The step that made it.
    pub step: Step,
    /// AWS's name of the operation.
    pub operation: String,
    /// What came of it: success, or the error. Untrusted text.
    pub answer: String,
    /// When it was sent.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// AWS's request id. Untrusted text.
    pub request_id: Option<String>,
}

/// A call as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCallRow {
    /// The job.
    pub job: JobId,
    /// Counts the job's calls, from 1.
    pub n: i64,
    /// The call.
    pub call: JobCall,
}

#[derive(sqlx::FromRow)]
struct Line {
    job: String,
    n: i64,
    step: String,
    operation: String,
    answer: String,
    at: i64,
    took_ms: i64,
    request_id: Option<String>,
}

impl Line {
    fn into_row(self) -> Result<JobCallRow, StoreError> {
        let cells = Cells {
            table: "job_calls",
            row: &self.job,
        };
        Ok(JobCallRow {
            job: cells.text("job", self.job.clone())?,
            n: self.n,
            call: JobCall {
                step: cells.text("step", self.step)?,
                operation: self.operation,
                answer: self.answer,
                at: Millis::new(self.at),
                took_ms: self.took_ms,
                request_id: self.request_id,
            },
        })
    }
}

/// The newest calls of a job, newest first. They are numbered without gaps, so the first one's
/// number says how many there are.
pub async fn newest(
    reader: &mut Reader,
    job: JobId,
    limit: u32,
) -> Result<Vec<JobCallRow>, StoreError> {
    let lines = fetch_all!(reader, Line, NEWEST, job.to_string(), i64::from(limit))?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Stores a call and gives its number. The newest 500 of a job are kept: a copy that is watched for
/// days makes many that tell nothing new. The audit log keeps every write.
pub async fn record(tx: &mut Tx, claim: &Claim, call: &JobCall) -> Result<i64, StoreError> {
    let row = fetch_optional!(
        tx,
        (i64,),
        RECORD,
        claim.job().to_string(),
        claim.number(),
        call.step.as_str(),
        &call.operation,
        &call.answer,
        call.at.get(),
        call.took_ms,
        call.request_id.as_deref()
    )?;
    let (n,) = row.ok_or_else(|| claim.lost())?;
    if n > KEPT && n % SPARE == 0 {
        execute!(tx, PRUNE, claim.job().to_string(), n - KEPT)?;
    }
    Ok(n)
}
