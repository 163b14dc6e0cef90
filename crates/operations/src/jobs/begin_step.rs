//! Saying that a step is about to do something.

use super::halt::halt;
use super::intents::Finding;
use super::note::Steps;
use super::record::{CallRecord, store_calls};
use super::{Claim, Held, emit_changed, held};
use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{ConflictCode, OpError, OpResult};
use domain::{Action, Plan, Step, StepStatus};
use store::{job_steps, policy_sweeps, proposals};

/// A write to AWS that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// The ARN of what it changes.
    pub target: String,
    /// What else matters, such as the policy's name. Never a secret.
    pub detail: String,
}

/// Notes that a step moves and, with an intent, commits the audit entry *intended*: to be called
/// before a project policy is put or deleted. A copy has its intent in
/// [`super::advance()`] with `CopyIntended`.
///
/// `calls` are those that the visit has made so far; they are stored with it, so that an earlier
/// write of the same visit has its outcome in the log before the next one is intended. With
/// [`Held::Yes`] they belong into no other record.
///
/// A grant, or a change of a policy, is not intended while the installation is paused or the job is
/// to end: [`Held::Halted`].
pub async fn begin_step(
    cx: &OpContext,
    claim: &Claim,
    step: Step,
    intent: Option<Intent>,
    calls: &[CallRecord],
) -> OpResult<Held> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    let Some(row) = held(&mut tx, claim).await? else {
        return Ok(Held::Lost);
    };
    if row.state.step() != Some(step) {
        return Err(OpError::Conflict {
            code: ConflictCode::StaleState,
        });
    }
    let proposal = proposals::find(&mut tx, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let steps = Steps::load(&mut tx, row.id).await?;
    if steps.row(step)?.status != StepStatus::Moving {
        let deadline = cx.settings.deadlines.of(&proposal.plan, step, now);
        job_steps::begin(&mut tx, claim, step, now, deadline).await?;
        emit_changed(&mut tx, claim, now).await?;
    }
    // Where nothing is intended there is nothing to go before it: the visit stores its calls.
    if let Some(intent) = intent {
        if matches!(step, Step::Grant | Step::Apply) && halt(&mut tx, row.id).await?.is_some() {
            return Ok(Held::Halted);
        }
        let verb = Verb::of_write(intent.operation)
            .ok_or_else(|| OpError::stored("operation of an intent"))?;
        let entry =
            |verb| Entry::new(cx, verb, about_job(row.id), now).on_behalf_of(&proposal.requester);
        let told = store_calls(cx, &mut tx, claim, step, (&proposal.requester, calls)).await?;
        let mut note = steps.note(step)?;
        note.hear(told);
        if let Some((verb, result)) = note.conclude(Finding::Open) {
            tx.audit(entry(verb).with("result", result).outcome());
        }
        note.intend(intent.operation, now);
        if let (Step::Grant, Plan::Promotion(plan)) = (step, &proposal.plan) {
            let project = &plan.source_project;
            let at = now.plus(cx.settings.sweep_ms);
            policy_sweeps::ensure(&mut tx, project, at).await?;
        }
        note.store(&mut tx, claim, step).await?;
        tx.audit(
            entry(verb)
                .with("target", &intent.target)
                .with("detail", &intent.detail)
                .with("plan_digest", &proposal.digest)
                .intended(),
        );
    }
    tx.commit().await?;
    Ok(Held::Yes)
}
