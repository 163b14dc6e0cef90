//! What is remembered with a step of a job.

use super::intents::OpenIntent;
use super::record::Sought;
use crate::error::{OpError, OpResult};
use domain::{Failure, JobId, Millis, Step};
use serde::{Deserialize, Serialize};
use store::job_steps::{self, JobStepRow};
use store::jobs::Claim;
use store::{Reader, Tx};

/// How many sentences are kept for a step; the oldest go first.
const NOTES: usize = 40;
/// How long a sentence may be, in characters.
const NOTE_CHARACTERS: usize = 500;

/// What is remembered with a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StepNote {
    /// What happened, in sentences, oldest first.
    pub(super) notes: Vec<String>,
    /// Why the step was put off, while it is.
    pub(super) cause: Option<Failure>,
    /// The engine's own memory.
    pub(super) memory: Option<String>,
    /// When the present state was entered.
    pub(super) since: Option<Millis>,
    /// When AWS took the copy.
    pub(super) accepted_at: Option<Millis>,
    /// A write that was intended and of which nothing definite is known.
    pub(super) intent: Option<OpenIntent>,
    /// How often in a row the step was put off in the present state.
    pub(super) tries: u32,
    /// When the latest write was intended that may still reach AWS although nobody waits for it.
    pub(super) loose_at: Option<Millis>,
    /// What the last look for a copy in doubt showed.
    pub(super) sought: Option<Sought>,
}

impl StepNote {
    pub(super) fn of(row: &JobStepRow) -> OpResult<Self> {
        match &row.note {
            None => Ok(Self::default()),
            Some(note) => {
                serde_json::from_value(note.clone()).map_err(|_| OpError::stored("step's note"))
            }
        }
    }

    /// Adds sentences and drops what is too long or too old.
    pub(super) fn add(&mut self, notes: &[String]) {
        let short = |note: &String| note.chars().take(NOTE_CHARACTERS).collect::<String>();
        self.notes.extend(notes.iter().map(short));
        let extra = self.notes.len().saturating_sub(NOTES);
        self.notes.drain(..extra);
    }

    pub(super) async fn store(&self, tx: &mut Tx, claim: &Claim, step: Step) -> OpResult<()> {
        let note = serde_json::to_value(self).map_err(|_| OpError::stored("step's note"))?;
        Ok(job_steps::note(tx, claim, step, &note).await?)
    }
}

/// All steps of a job.
pub(super) struct Steps(pub(super) Vec<JobStepRow>);

impl Steps {
    pub(super) async fn load(reader: &mut Reader, job: JobId) -> OpResult<Self> {
        Ok(Self(job_steps::of_job(reader, job).await?))
    }

    pub(super) fn row(&self, step: Step) -> OpResult<&JobStepRow> {
        let mut rows = self.0.iter();
        rows.find(|row| row.step == step)
            .ok_or_else(|| OpError::stored("step of a job"))
    }

    pub(super) fn note(&self, step: Step) -> OpResult<StepNote> {
        StepNote::of(self.row(step)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_sentences_are_kept_and_none_is_long() {
        let mut note = StepNote::default();
        note.add(&["x".repeat(2_000)]);
        assert_eq!(note.notes[0].chars().count(), NOTE_CHARACTERS);
        for number in 0..100 {
            note.add(&[number.to_string()]);
        }
        assert_eq!(note.notes.len(), NOTES);
        assert_eq!(note.notes.last().map(String::as_str), Some("99"));
    }
}
