//! Storing what a visit came to.

use super::Visit;
use crate::checkpoint::Checkpoint;
use crate::error::{EngineError, Move, Stop};
use crate::outcome::StepOutcome;
use domain::Failure;
use operations::jobs::{self, Advanced, Held, PutOff};

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Its outcome is stored.
    Stored,
    /// Another engine holds the job; nothing was written.
    Lost,
}

impl Visit<'_> {
    /// Stores what `end` says, under the claim's number, and gives the job back.
    pub(crate) async fn settle(self, end: Move<StepOutcome>) -> Result<Settled, EngineError> {
        match end {
            Ok(outcome) => self.store(outcome).await,
            Err(Stop::With(outcome)) => self.store(*outcome).await,
            Err(Stop::Lost) => Ok(Settled::Lost),
            Err(Stop::Engine(error)) => Err(error),
        }
    }

    async fn store(self, outcome: StepOutcome) -> Result<Settled, EngineError> {
        let parts = self.parts;
        parts.checkpoints.reach(Checkpoint::OutcomeDue);
        let settled = self.commit(outcome).await?;
        parts.checkpoints.reach(Checkpoint::OutcomeStored);
        Ok(settled)
    }

    async fn commit(self, outcome: StepOutcome) -> Result<Settled, EngineError> {
        match outcome {
            StepOutcome::Event(event) => {
                let mut visit = self;
                let record = std::mem::take(&mut visit.record);
                let advance = jobs::advance(&visit.cx, &visit.job.claim, event, record, false);
                let advanced = Box::pin(advance)
                    .await
                    .map_err(EngineError::when("store an event"))?;
                match advanced {
                    Advanced::Done(_) => Ok(Settled::Stored),
                    Advanced::Lost => Ok(Settled::Lost),
                    Advanced::Halted(record) => {
                        visit.record = record.unanswered();
                        visit.put_off(0, false, None).await
                    }
                }
            }
            StepOutcome::Wait { after_ms } => self.put_off(after_ms, false, None).await,
            StepOutcome::Held { after_ms, cause } => {
                self.put_off(after_ms, false, Some(cause)).await
            }
            StepOutcome::Retry { after_ms, cause } => {
                self.put_off(after_ms, true, Some(cause)).await
            }
        }
    }

    async fn put_off(
        self,
        after_ms: i64,
        count: bool,
        cause: Option<Failure>,
    ) -> Result<Settled, EngineError> {
        let Self {
            cx, job, record, ..
        } = self;
        let heard = job.requests.last().map_or(0, |request| request.n);
        let put_off = PutOff {
            heard,
            after_ms,
            count,
            cause,
            record,
        };
        Box::pin(jobs::put_off(&cx, &job.claim, put_off))
            .await
            .map(|held| match held {
                Held::Yes | Held::Halted => Settled::Stored,
                Held::Lost => Settled::Lost,
            })
            .map_err(EngineError::when("put a job off"))
    }
}
