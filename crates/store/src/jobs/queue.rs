//! The queue before each destination project.
//!
//! A copy job holds a place in its project from its grant until its copy has ended. Whether one is
//! free is asked in the transaction that takes it: writers take turns, so two cannot take the last.

use crate::cells::Cells;
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{JobId, JobWord, Millis, ProjectArn};

statements! {
    AHEAD = "SELECT id, number, word, holds_place FROM jobs
        WHERE destination_project = $1 AND ended_at IS NULL AND number <> $2
            AND (holds_place = TRUE OR (word = 'Queued' AND held = FALSE
                AND interrupted = FALSE AND number < $2))
        ORDER BY holds_place DESC, number";
    WAKE = "UPDATE jobs SET next_run_at = $2
        WHERE destination_project = $1 AND ended_at IS NULL AND word = 'Queued'
            AND held = FALSE AND next_run_at > $2";
    WAKE_ALL = "UPDATE jobs SET next_run_at = $1
        WHERE ended_at IS NULL AND held = FALSE AND next_run_at > $1 AND word IN ('Queued', 'Applying')";
    BRING_FORWARD = "UPDATE jobs SET next_run_at = $1 WHERE ended_at IS NULL AND next_run_at > $2";
    HURRY = "UPDATE jobs SET next_run_at = $2, row_version = row_version + 1
        WHERE id = $1 AND ended_at IS NULL";
}

/// A job that is before another one. It holds nothing that could keep the whole queue from being
/// read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AheadRow {
    /// Its id.
    pub id: JobId,
    /// What people call it.
    pub number: i64,
    /// Where it stands.
    pub word: JobWord,
    /// Whether it holds a place, rather than waits for one.
    pub holds_place: bool,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: String,
    number: i64,
    word: String,
    holds_place: bool,
}

impl Line {
    fn into_row(self) -> Result<AheadRow, StoreError> {
        let cells = Cells {
            table: "jobs",
            row: &self.id,
        };
        Ok(AheadRow {
            id: cells.text("id", self.id.clone())?,
            number: self.number,
            word: cells.text("word", self.word)?,
            holds_place: self.holds_place,
        })
    }
}

/// The jobs before number `number` in `project`: first those that hold a place there, then those
/// that wait for one and were made earlier. Waiting jobs that are held by something else do not
/// count, nor does one that a worker did not come back from.
pub async fn ahead(
    reader: &mut Reader,
    project: &ProjectArn,
    number: i64,
) -> Result<Vec<AheadRow>, StoreError> {
    let lines = fetch_all!(reader, Line, AHEAD, project.to_string(), number)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Makes the jobs that wait for a place in `project` due at `now`, and gives how many there are.
pub async fn wake_queue(tx: &mut Tx, project: &ProjectArn, now: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, WAKE, project.to_string(), now.get())?)
}

/// Makes all jobs due at `now` that wait with nothing else in the way, and gives how many there are.
pub async fn wake_all(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, WAKE_ALL, now.get())?)
}

/// Makes all jobs due at `now` that would be due only after `far`, and gives how many there are.
pub async fn bring_forward(tx: &mut Tx, now: Millis, far: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, BRING_FORWARD, now.get(), far.get())?)
}

/// Makes one job due at `now`, because somebody has asked something of it, and says whether it has
/// not ended. Its claim is not touched: who holds it finishes the visit first.
pub async fn hurry(tx: &mut Tx, job: JobId, now: Millis) -> Result<bool, StoreError> {
    Ok(execute!(tx, HURRY, job.to_string(), now.get())? == 1)
}
