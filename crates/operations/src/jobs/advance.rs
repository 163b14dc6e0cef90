//! Moving a job from one state to the next.

use super::answers::{answer_requests, answer_the_rest};
use super::halt::halt;
use super::intents::Finding;
use super::note::{StepNote, Steps};
use super::queue::{has_place, wake_behind};
use super::record::{StepRecord, store_calls, store_read_back, store_seen};
use super::{Claim, held};
use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::events;
use domain::job::{CopyEvent, PolicyEvent};
use domain::{Action, JobEvent, JobState, JobWord, Millis, Plan, Step, StepStatus};
use store::job_attempts::{self, Attempt, Outcome};
use store::jobs::{self, JobRow, Release};
use store::proposals::ProposalRow;
use store::{Tx, job_steps, proposals};

/// What came of advancing a job.
#[derive(Clone, Debug)]
#[must_use = "a lost claim means that another worker has the job"]
#[expect(
    clippy::large_enum_variant,
    reason = "given back once for each visit and never kept in numbers"
)]
pub enum Advanced {
    /// It is now in this state.
    Done(JobState),
    /// Another worker has claimed the job since: nothing was written.
    Lost,
    /// The job may not go on that way at present: the installation is paused, somebody has asked it
    /// to end, or there is no place in its destination project. Nothing was written; the record is
    /// given back.
    Halted(StepRecord),
}

/// Applies `event` to a job and writes everything that belongs to it in one transaction: state,
/// steps, calls, audit entries and the event for readers.
///
/// What begins something new, a grant or a copy, is refused while the installation is paused or
/// somebody has asked the job to end, and a grant also while all places in the destination project
/// are taken: [`Advanced::Halted`]. That is asked in the transaction that would begin it.
///
/// The job is due again at once. With `keep` the claim goes on being held, for whoever goes on in
/// the same visit; a job that has ended is never kept. An event that cannot follow is an internal
/// error and writes nothing.
pub async fn advance(
    cx: &OpContext,
    claim: &Claim,
    event: JobEvent,
    record: StepRecord,
    keep: bool,
) -> OpResult<Advanced> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    let Some(row) = held(&mut tx, claim).await? else {
        return Ok(Advanced::Lost);
    };
    let proposal = proposals::find(&mut tx, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let state = row.state.clone().apply(event.clone())?;
    let from = row.state.step();
    let from = from.ok_or_else(|| OpError::stored("step of a job that moved"))?;
    if begins_something(&event) && is_halted(cx, &mut tx, &row, &event).await? {
        return Ok(Advanced::Halted(record));
    }
    let calls = (&proposal.requester, record.calls.as_slice());
    let told = store_calls(cx, &mut tx, claim, from, calls).await?;
    store_seen(&mut tx, claim, record.seen.as_ref()).await?;
    store_read_back(&mut tx, record.read_back.as_deref(), now).await?;
    let change = Change {
        cx,
        plan: &proposal.plan,
        row: &row,
        state: &state,
        event: &event,
        from,
        now,
    };
    let steps = Steps::load(&mut tx, row.id).await?;
    let mut note = steps.note(from)?;
    note.hear(told);
    if let Some((verb, result)) = note.conclude(finding(change.event)) {
        let entry = change.entry(cx, &proposal, verb);
        tx.audit(entry.with("result", result).outcome());
    }
    if matches!(change.event, JobEvent::Copy(CopyEvent::CopyIntended { .. })) {
        note.intend("CopyProjectVersion", now);
    }
    change
        .move_steps(&mut tx, claim, (&steps, note), &record)
        .await?;
    change.store_attempt(&mut tx, claim).await?;
    jobs::set_state(&mut tx, claim, &state, now).await?;
    if state.is_terminal() || !keep {
        let release = Release {
            next_run_at: now,
            attempt: 0,
            held: false,
        };
        jobs::release(&mut tx, claim, release).await?;
    }
    // It leaves its place, or the queue without having had one.
    let was_before_others = row.state.holds_place() || row.state.word() == JobWord::Queued;
    if was_before_others && !state.holds_place() {
        wake_behind(&mut tx, &row, now).await?;
    }
    change.audit(cx, &mut tx, &proposal);
    answer_requests(cx, &mut tx, claim, record.answers).await?;
    if state.is_terminal() {
        answer_the_rest(cx, &mut tx, claim).await?;
    }
    let stored = jobs::find(&mut tx, row.id).await?;
    let stored = stored.ok_or_else(|| OpError::stored("job that moved"))?;
    tx.emit(events::job(&stored, now));
    tx.commit().await?;
    Ok(Advanced::Done(state))
}

/// Whether `event` begins something that a pause or a stop is to prevent.
fn begins_something(event: &JobEvent) -> bool {
    matches!(
        event,
        JobEvent::Copy(CopyEvent::CheckPassed | CopyEvent::CopyIntended { .. })
            | JobEvent::Policy(PolicyEvent::CheckPassed)
    )
}

async fn is_halted(cx: &OpContext, tx: &mut Tx, row: &JobRow, event: &JobEvent) -> OpResult<bool> {
    if halt(tx, row.id).await?.is_some() {
        return Ok(true);
    }
    let takes_place = matches!(event, JobEvent::Copy(CopyEvent::CheckPassed));
    Ok(takes_place && !has_place(cx, tx, row).await?)
}

struct Change<'a> {
    cx: &'a OpContext,
    plan: &'a Plan,
    row: &'a JobRow,
    state: &'a JobState,
    event: &'a JobEvent,
    from: Step,
    now: Millis,
}

impl Change<'_> {
    /// Ends the step that the job leaves, passes over those that are not reached, and begins the
    /// one that it enters.
    async fn move_steps(
        &self,
        tx: &mut Tx,
        claim: &Claim,
        (steps, mut note): (&Steps, StepNote),
        record: &StepRecord,
    ) -> OpResult<()> {
        note.add(&record.notes);
        note.cause = None;
        if record.sought.is_some() {
            note.sought.clone_from(&record.sought);
        }
        if matches!(
            self.event,
            JobEvent::Copy(CopyEvent::CopyAccepted { .. } | CopyEvent::CopyAdopted { .. })
        ) {
            note.accepted_at = Some(self.now);
        }
        let to = self.state.step();
        if to == Some(self.from) {
            self.enter(&mut note, record.memory.clone());
            return note.store(tx, claim, self.from).await;
        }
        note.memory = None;
        note.store(tx, claim, self.from).await?;
        let status = if record.skipped {
            StepStatus::Skipped
        } else {
            ending(self.event)
        };
        job_steps::end(tx, claim, self.from, status, self.now).await?;
        if to == Some(Step::Check) {
            // Back in the queue: everything is to be done again.
            job_steps::reset(tx, claim).await?;
        }
        // A job that goes back to its copy, or ends from there, has passed steps before.
        let passed = steps.0.iter();
        let passed = passed
            .skip_while(|row| row.step != self.from)
            .skip(1)
            .take_while(|row| Some(row.step) != to)
            .filter(|row| row.status == StepStatus::Waiting && to != Some(Step::Check));
        for step in passed.map(|row| row.step) {
            job_steps::end(tx, claim, step, StepStatus::Skipped, self.now).await?;
        }
        if let Some(to) = to {
            let mut note = steps.note(to)?;
            self.enter(&mut note, record.memory.clone());
            note.store(tx, claim, to).await?;
            // Back in the queue, it begins with the job's turn.
            if to != Step::Check {
                let deadline = self.cx.settings.deadlines.of(self.plan, to, self.now);
                job_steps::begin(tx, claim, to, self.now, deadline).await?;
            }
        }
        Ok(())
    }

    /// Keeps the failure that ends a step among its tries.
    async fn store_attempt(&self, tx: &mut Tx, claim: &Claim) -> OpResult<()> {
        let failure = self.state.failure().filter(|_| {
            ending(self.event) == StepStatus::Failed
                && self.row.state.failure() != self.state.failure()
        });
        if let Some(failure) = failure {
            let attempt = Attempt {
                step: self.from,
                outcome: Outcome::Failed,
                cause: Some(failure.clone()),
                at: self.now,
                next_at: None,
            };
            job_attempts::record(tx, claim, &attempt).await?;
        }
        Ok(())
    }

    fn enter(&self, note: &mut StepNote, memory: Option<String>) {
        note.since = Some(self.now);
        note.tries = 0;
        if memory.is_some() || self.state.word() != self.row.state.word() {
            note.memory = memory;
        }
    }

    fn entry(&self, cx: &OpContext, proposal: &ProposalRow, verb: Verb) -> Entry {
        Entry::new(cx, verb, about_job(self.row.id), self.now).on_behalf_of(&proposal.requester)
    }

    fn audit(&self, cx: &OpContext, tx: &mut Tx, proposal: &ProposalRow) {
        let entry = |verb| self.entry(cx, proposal, verb);
        if let (JobEvent::Copy(CopyEvent::CopyIntended { .. }), Plan::Promotion(plan)) =
            (self.event, &proposal.plan)
        {
            tx.audit(
                entry(Verb::CopyProjectVersion)
                    .with("target", &plan.destination_project)
                    .with("source_version", &plan.source_version)
                    .with("version_name", &plan.version_name)
                    .with("plan_digest", &proposal.digest)
                    .intended(),
            );
        }
        let verb = if self.state.is_terminal() {
            Verb::EndJob
        } else {
            Verb::AdvanceJob
        };
        let failure = self.state.failure().map(|failure| failure.code);
        let failure = failure.and_then(|code| serde_json::to_value(code).ok());
        let failure = failure.as_ref().and_then(serde_json::Value::as_str);
        let version = match self.state {
            JobState::Copy(copy) => copy.version().map(ToString::to_string),
            JobState::Policy(_) => None,
        };
        tx.audit(
            entry(verb)
                .with("from", &self.row.state.word().as_str())
                .with("to", &self.state.word().as_str())
                .with_some("failure", failure)
                .with_some("version", version.as_deref())
                .done(),
        );
    }
}

/// Whether `event` says that a write which was intended before has been done.
fn finding(event: &JobEvent) -> Finding {
    match event {
        JobEvent::Copy(
            CopyEvent::Granted
            | CopyEvent::CopyAccepted { .. }
            | CopyEvent::CopyAdopted { .. }
            | CopyEvent::Revoked,
        )
        | JobEvent::Policy(PolicyEvent::Applied) => Finding::Done,
        JobEvent::Copy(_) | JobEvent::Policy(_) => Finding::Open,
    }
}

/// How the step that `event` ends has ended.
fn ending(event: &JobEvent) -> StepStatus {
    use CopyEvent as C;
    use PolicyEvent as P;
    match event {
        JobEvent::Copy(
            C::CheckFailed(_)
            | C::GrantFailed(_)
            | C::CopyRefused(_)
            | C::CopyUnclear(_)
            | C::CopyForeign(_)
            | C::GivenUp { .. }
            | C::CopyFailed(_)
            | C::VerifyFailed(_),
        )
        | JobEvent::Policy(P::CheckFailed(_) | P::ApplyFailed(_) | P::VerifyFailed(_)) => {
            StepStatus::Failed
        }
        JobEvent::Copy(C::Stopped | C::Paused | C::CopyNotSeen) | JobEvent::Policy(P::Stopped) => {
            StepStatus::Skipped
        }
        JobEvent::Copy(
            C::CheckPassed
            | C::Granted
            | C::CopyIntended { .. }
            | C::CopyAccepted { .. }
            | C::CopyAdopted { .. }
            | C::CopyPutOff
            | C::CopyCompleted
            | C::Verified
            | C::Revoked,
        )
        | JobEvent::Policy(P::CheckPassed | P::Applied | P::Verified) => StepStatus::Done,
    }
}
