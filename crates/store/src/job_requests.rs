//! What operators ask of jobs, and what the engine answered.

use crate::cells::{Cells, moment, to_json};
use crate::dialect::{execute, fetch_all, fetch_one, fetch_optional, statements};
use crate::error::StoreError;
use crate::jobs::Claim;
use crate::tx::{Reader, Tx};
use domain::job::RequestVerb;
use domain::{Actor, JobId, Millis, ProjectVersionArn};

statements! {
    OF_JOB = "SELECT job, n, verb, actor, version, vouched, at, answered_at, accepted, answer
        FROM job_requests WHERE job = $1 ORDER BY n DESC LIMIT $2";
    OPEN = "SELECT job, n, verb, actor, version, vouched, at, answered_at, accepted, answer
        FROM job_requests WHERE job = $1 AND answered_at IS NULL ORDER BY n";
    VOUCHED = "SELECT version FROM job_requests
        WHERE job = $1 AND accepted = TRUE AND vouched = TRUE ORDER BY n DESC LIMIT 1";
    INSERT = "INSERT INTO job_requests (job, n, verb, actor, version, vouched, at)
        SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, $6
        FROM job_requests WHERE job = $1
        RETURNING n";
    ANSWER = "UPDATE job_requests SET answered_at = $4, accepted = $5, answer = $6
        WHERE job = $1 AND n = $3 AND answered_at IS NULL
            AND EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND claim = $2)";
}

/// A request that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest<'a> {
    /// The job.
    pub job: JobId,
    /// What is asked.
    pub verb: RequestVerb,
    /// By whom.
    pub actor: &'a Actor,
    /// The version to adopt.
    pub version: Option<&'a ProjectVersionArn>,
    /// They say that it is the job's copy even where AWS does not show its source.
    pub vouched: bool,
    /// When.
    pub at: Millis,
}

/// A request as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// Counts the job's requests, from 1.
    pub n: i64,
    /// What is asked.
    pub verb: RequestVerb,
    /// By whom.
    pub actor: Actor,
    /// The version to adopt.
    pub version: Option<ProjectVersionArn>,
    /// They say that it is the job's copy even where AWS does not show its source.
    pub vouched: bool,
    /// When.
    pub at: Millis,
    /// What the engine made of it; none while it is open.
    pub answer: Option<Answer>,
}

/// What the engine made of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// When.
    pub at: Millis,
    /// Whether it did what was asked.
    pub accepted: bool,
    /// What happened, as one sentence.
    pub text: String,
}

#[derive(sqlx::FromRow)]
struct Line {
    job: String,
    n: i64,
    verb: String,
    actor: String,
    version: Option<String>,
    vouched: bool,
    at: i64,
    answered_at: Option<i64>,
    accepted: Option<bool>,
    answer: Option<String>,
}

impl Line {
    fn into_row(self) -> Result<RequestRow, StoreError> {
        let cells = Cells {
            table: "job_requests",
            row: &self.job,
        };
        let verb = RequestVerb::from_word(&self.verb);
        Ok(RequestRow {
            n: self.n,
            verb: verb.ok_or_else(|| cells.inconsistent("verb"))?,
            actor: cells.json("actor", &self.actor)?,
            version: cells.optional_text("version", self.version)?,
            vouched: self.vouched,
            at: Millis::new(self.at),
            answer: moment(self.answered_at).map(|at| Answer {
                at,
                accepted: self.accepted.unwrap_or(false),
                text: self.answer.unwrap_or_default(),
            }),
        })
    }
}

/// The newest requests about a job, newest first.
pub async fn newest(
    reader: &mut Reader,
    job: JobId,
    limit: u32,
) -> Result<Vec<RequestRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_JOB, job.to_string(), i64::from(limit))?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The requests about a job that are not answered, oldest first.
pub async fn open(reader: &mut Reader, job: JobId) -> Result<Vec<RequestRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OPEN, job.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The version that an operator has vouched for and that was adopted.
pub async fn vouched(
    reader: &mut Reader,
    job: JobId,
) -> Result<Option<ProjectVersionArn>, StoreError> {
    let row = fetch_optional!(reader, (Option<String>,), VOUCHED, job.to_string())?;
    let cells = Cells {
        table: "job_requests",
        row: "vouched",
    };
    cells.optional_text("version", row.and_then(|(version,)| version))
}

/// Stores a request and gives its number.
pub async fn insert(tx: &mut Tx, request: &NewRequest<'_>) -> Result<i64, StoreError> {
    let actor = to_json("job_requests", "actor", request.actor)?;
    let (n,) = fetch_one!(
        tx,
        (i64,),
        INSERT,
        request.job.to_string(),
        request.verb.as_str(),
        &actor,
        request.version.map(ToString::to_string),
        request.vouched,
        request.at.get()
    )?;
    Ok(n)
}

/// Answers a request. One that was answered before is left as it is and counts as lost.
pub async fn answer(tx: &mut Tx, claim: &Claim, n: i64, answer: &Answer) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        ANSWER,
        claim.job().to_string(),
        claim.number(),
        n,
        answer.at.get(),
        answer.accepted,
        &answer.text
    )?;
    claim.assert_held(changed)
}
