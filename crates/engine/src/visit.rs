//! One claimed job in hand: its calls to AWS, its pauses, and what is stored of them.

mod calls;
mod parties;
mod settle;

pub(crate) use calls::bounded;
pub(crate) use parties::{Parties, as_role};
pub(crate) use settle::Settled;

use crate::backoff::full_jitter;
use crate::checkpoint::Checkpoint;
use crate::error::{EngineError, Move, Stop};
use crate::outcome::StepOutcome;
use crate::parts::EngineParts;
use crate::refusal::{failure, is_passing, reason_of_read};
use domain::{Failure, FailureCode, JobEvent, JobState, Millis, Step};
use operations::OpContext;
use operations::jobs::{
    self, Advanced, ClaimedJob, Held, Intent, ReadBack, RequestAnswer, Seen, Sought, StepRecord,
};
use operations::ports::aws::AwsError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One claimed job while a step works on it.
pub(crate) struct Visit<'a> {
    pub(crate) parts: &'a EngineParts,
    pub(crate) cx: OpContext,
    pub(crate) job: ClaimedJob,
    record: StepRecord,
    /// When the write that is to be sent next was intended: before that was committed, since the
    /// process can sleep while it commits.
    intended_at: Option<Millis>,
}

impl<'a> Visit<'a> {
    pub(crate) fn new(parts: &'a EngineParts, job: ClaimedJob) -> Self {
        let cx = parts.context(format!("{}-{}", job.claim.job(), job.claim.number()));
        Self {
            parts,
            cx,
            job,
            record: StepRecord::default(),
            intended_at: None,
        }
    }

    pub(crate) fn now(&self) -> Millis {
        self.parts.clock.now()
    }

    /// The step that the job's state asks for. Only jobs that have not ended are claimed.
    pub(crate) fn step(&self) -> Step {
        self.job.state.step().unwrap_or(Step::Check)
    }

    /// Stores what a look saw together with what comes of it.
    pub(crate) fn saw(&mut self, seen: Seen) {
        self.record.seen = Some(seen);
    }

    /// Brings the version that was read back.
    pub(crate) fn read_back(&mut self, read_back: ReadBack) {
        self.record.read_back = Some(Box::new(read_back));
    }

    /// Stores what a look for a copy in doubt showed.
    pub(crate) fn sought(&mut self, sought: Sought) {
        self.record.sought = Some(sought);
    }

    /// Answers what was asked of the job.
    pub(crate) fn answer(&mut self, n: i64, accepted: bool, text: impl Into<String>) {
        self.record.answers.push(RequestAnswer {
            n,
            accepted,
            text: text.into(),
        });
    }

    /// Until when the write that was intended may be sent: later, another engine may have the job.
    pub(crate) fn send_by(&self) -> Millis {
        let from = self.intended_at.unwrap_or_else(|| self.now());
        from.plus(self.parts.settings.call_ms())
    }

    /// How many milliseconds it takes until no put of the grant, or of the policy that is changed,
    /// can arrive any more although nobody waits for its answer; none if that is so now.
    ///
    /// Such a put was intended by a process that lost its claim, or its answer was lost. It is sent
    /// within the lease, if at all, and ends with its call.
    pub(crate) fn until_no_put_can_arrive(&self) -> Option<i64> {
        let settings = &self.parts.settings;
        let longest_ms = settings.lease_ms.saturating_add(settings.call_ms());
        let arrives_by = self.job.loose_put?.plus(longest_ms);
        // A clock that was set back since does not make it longer.
        let left_ms = arrives_by.since(self.now()).min(longest_ms);
        (left_ms >= 0).then_some(left_ms + 1)
    }

    /// Adds a sentence to the job page.
    pub(crate) fn note(&mut self, sentence: impl Into<String>) {
        self.record.notes.push(sentence.into());
    }

    /// Adds a sentence unless it is the one added last in this way: a job that is held says why
    /// once, not each time it is looked at. For steps that remember nothing else.
    pub(crate) fn note_once(&mut self, sentence: String) {
        if self.memory::<Option<String>>().as_ref() != Some(&sentence) {
            self.remember(&Some(&sentence));
            self.note(sentence);
        }
    }

    /// Marks the step as not needed; it still ends by an event.
    pub(crate) fn skip(&mut self, sentence: impl Into<String>) {
        self.record.skipped = true;
        self.note(sentence);
    }

    /// What the step remembered on an earlier visit; its default on the first, and when what is
    /// stored cannot be read.
    pub(crate) fn memory<T: DeserializeOwned + Default>(&self) -> T {
        let stored = self.record.memory.as_deref().or(self.job.memory.as_deref());
        stored
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// Remembers `memory` for the next visit of the same step.
    pub(crate) fn remember<T: Serialize>(&mut self, memory: &T) {
        self.record.memory = serde_json::to_string(memory).ok();
    }

    /// A failure of this step that AWS had no part in.
    pub(crate) fn failure(&self, code: FailureCode) -> Failure {
        Failure::new(code, self.step())
    }

    /// A failure of this step with AWS's words.
    pub(crate) fn failure_from(&self, code: FailureCode, error: &AwsError) -> Failure {
        failure(code, self.step(), error)
    }

    /// Tries again after a pause that grows with each try, without end.
    pub(crate) fn retry(&self, cause: Failure) -> StepOutcome {
        let settings = &self.parts.settings.retry;
        StepOutcome::Retry {
            after_ms: full_jitter(settings, self.job.attempts, &*self.parts.random),
            cause,
        }
    }

    /// Tries again, or ends the step with `end` once its tries are used up or its time is over.
    pub(crate) fn retry_or(
        &self,
        cause: Failure,
        end: impl FnOnce(Failure) -> JobEvent,
    ) -> StepOutcome {
        let late = self
            .job
            .deadline
            .is_some_and(|deadline| self.now() >= deadline);
        if late || self.job.attempts.saturating_add(1) >= self.parts.settings.retry.attempts {
            StepOutcome::Event(end(cause))
        } else {
            self.retry(cause)
        }
    }

    /// Waits for something that people, or AWS, must bring about.
    pub(crate) fn hold(&self, cause: Failure) -> StepOutcome {
        StepOutcome::Held {
            after_ms: self.parts.settings.hold_ms,
            cause,
        }
    }

    /// The value of a read. A passing error is tried again up to the limit, any other ends the step
    /// with `end`; `missing` is the reason when AWS finds nothing.
    pub(crate) fn need<T>(
        &self,
        read: Result<T, AwsError>,
        missing: FailureCode,
        end: fn(Failure) -> JobEvent,
    ) -> Move<T> {
        read.map_err(|error| {
            let cause = self.failure_from(reason_of_read(&error, missing), &error);
            Stop::with(if error.is_held_back() {
                self.hold(cause)
            } else if is_passing(&error) {
                self.retry_or(cause, end)
            } else {
                StepOutcome::Event(end(cause))
            })
        })
    }

    /// The value of a read that is tried until it succeeds, because the job may not end before.
    pub(crate) fn insist<T>(&self, read: Result<T, AwsError>, missing: FailureCode) -> Move<T> {
        read.map_err(|error| {
            let cause = self.failure_from(reason_of_read(&error, missing), &error);
            Stop::with(self.retry(cause))
        })
    }

    /// Commits that a write to AWS is about to be made.
    pub(crate) async fn intend(&mut self, intent: Intent) -> Move<()> {
        let step = self.step();
        let operation = intent.operation;
        self.intended_at = Some(self.now());
        self.reach(Checkpoint::IntentDue(operation));
        let held = jobs::begin_step(
            &self.cx,
            &self.job.claim,
            step,
            Some(intent),
            &self.record.calls,
        )
        .await
        .map_err(EngineError::when("store an intent"))?;
        match held {
            Held::Yes => {
                self.record.calls.clear();
                self.reach(Checkpoint::IntentStored(operation));
                Ok(())
            }
            Held::Lost => Err(Stop::Lost),
            Held::Halted => Err(Stop::with(StepOutcome::Wait { after_ms: 0 })),
        }
    }

    /// Passes a moment at which a test may end the process.
    pub(crate) fn reach(&self, checkpoint: Checkpoint) {
        self.parts.checkpoints.reach(checkpoint);
    }

    /// Stores that `event` happened and goes on with the same claim.
    ///
    /// What a pause or a stop forbids is not stored, and the visit ends; the next one sees why.
    pub(crate) async fn advance_and_go_on(&mut self, event: JobEvent) -> Move<()> {
        self.intended_at = Some(self.now());
        let record = std::mem::take(&mut self.record);
        let advance = jobs::advance(&self.cx, &self.job.claim, event, record, true);
        let advanced = Box::pin(advance)
            .await
            .map_err(EngineError::when("store an event"))?;
        match advanced {
            Advanced::Done(state) => {
                self.entered(state);
                Ok(())
            }
            Advanced::Lost => Err(Stop::Lost),
            Advanced::Halted(record) => {
                self.record = record.unanswered();
                Err(Stop::with(StepOutcome::Wait { after_ms: 0 }))
            }
        }
    }

    fn entered(&mut self, state: JobState) {
        if state.word() != self.job.state.word() {
            self.job.memory = None;
            self.job.attempts = 0;
            self.job.step_since = self.now();
        }
        self.job.state = state;
    }
}
