//! One job.

use super::note::{StepNote, Steps};
use super::view::{CallView, FailureView, JobView, LookView, StepView, WaitingView};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use crate::promotions::arrow_of;
use crate::view::ProposalLink;
use domain::{Action, JobState, Plan};
use store::job_calls::{self, JobCallRow};
use store::job_steps::JobStepRow;
use store::jobs::JobRow;
use store::{jobs, proposals};

/// How many calls are shown.
const CALLS: u32 = 50;

/// The job of this id, with its steps and calls.
pub async fn get(cx: &OpContext, id: &str) -> OpResult<JobView> {
    cx.require(Action::ViewProposals)?;
    let missing = || OpError::not_found(Kind::Job, id);
    let parsed = id.parse().map_err(|_| missing())?;
    let mut reader = cx.store.read().await?;
    let row = jobs::find(&mut reader, parsed).await?.ok_or_else(missing)?;
    let proposal = proposals::find(&mut reader, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let registry = Registry::load(&mut reader).await?;
    let steps = Steps::load(&mut reader, row.id).await?;
    let calls = job_calls::newest(&mut reader, row.id, CALLS).await?;
    Ok(JobView {
        id: row.id,
        number: row.number,
        kind: row.kind,
        word: row.state.word(),
        v: row.row_version,
        proposal: ProposalLink {
            id: proposal.id,
            number: proposal.number,
            word: proposal.state.word(),
        },
        arrow: arrow_of(&registry, &proposal.plan)?,
        digest: proposal.digest,
        project: match proposal.plan {
            Plan::Promotion(plan) => plan.destination_project,
            Plan::PolicyChange(plan) => plan.project,
        },
        created_at: row.created_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
        waiting: waiting(&row, &steps)?,
        steps: steps.0.iter().map(step_view).collect::<OpResult<_>>()?,
        next_look_at: row.next_look_at.filter(|_| !row.state.is_terminal()),
        version_arn: match &row.state {
            JobState::Copy(copy) => copy.version().cloned(),
            JobState::Policy(_) => None,
        },
        failure: row.state.failure().map(FailureView::from),
        aws: look_view(row),
        calls_total: calls
            .first()
            .map_or(0, |newest| usize::try_from(newest.n).unwrap_or(usize::MAX)),
        calls: calls.into_iter().map(call_view).collect(),
        now: cx.now(),
    })
}

fn look_view(row: JobRow) -> Option<LookView> {
    Some(LookView {
        status: row.aws_status?.as_str().to_owned(),
        seen_at: row.aws_seen_at?,
        request_id: row.aws_request_id,
    })
}

fn waiting(row: &JobRow, steps: &Steps) -> OpResult<Option<WaitingView>> {
    let Some(step) = row.state.step() else {
        return Ok(None);
    };
    let cause = steps.note(step)?.cause;
    Ok(cause.map(|cause| WaitingView {
        cause: FailureView::from(&cause),
        next_try_at: row.next_run_at,
    }))
}

fn step_view(row: &JobStepRow) -> OpResult<StepView> {
    let StepNote { notes, .. } = StepNote::of(row)?;
    Ok(StepView {
        step: row.step,
        status: row.status,
        started_at: row.started_at,
        ended_at: row.ended_at,
        took_ms: row
            .started_at
            .zip(row.ended_at)
            .map(|(from, to)| to.since(from)),
        notes,
    })
}

fn call_view(row: JobCallRow) -> CallView {
    let call = row.call;
    CallView {
        at: call.at,
        step: call.step,
        operation: call.operation,
        answer: call.answer,
        took_ms: call.took_ms,
        request_id: call.request_id,
    }
}
