//! One job.

use super::note::{StepNote, Steps};
use super::queue::before;
use super::record::Sought;
use super::view::{
    AttemptView, CallView, FailureView, GrantView, JobView, LookView, PauseView, QueueView,
    RequestView, StepView, WaitingView,
};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use crate::people::named;
use crate::promotions::arrow_of;
use crate::view::ProposalLink;
use domain::job::{CopyCall, CopyState, Ending, PolicyState};
use domain::{Action, JobState, JobWord, Plan, RequestVerb, Step, StepStatus};
use store::job_attempts::{self, AttemptRow};
use store::job_calls::{self, JobCallRow};
use store::job_requests::{self, RequestRow};
use store::job_steps::JobStepRow;
use store::jobs::JobRow;
use store::{Reader, installation, jobs, proposals};

/// How many calls are shown.
const CALLS: u32 = 50;
/// How many tries are shown.
const ATTEMPTS: u32 = 20;
/// How many requests are shown.
const REQUESTS: u32 = 20;

/// The job of this id, with its steps and calls.
pub async fn get(cx: &OpContext, id: &str) -> OpResult<JobView> {
    cx.require(Action::ViewProposals)?;
    let missing = || OpError::not_found(Kind::Job, id);
    let parsed = id.parse().map_err(|_| missing())?;
    let mut reader = cx.store.read().await?;
    let row = jobs::find(&mut reader, parsed)
        .await?
        .filter(|row| cx.may_in(Action::ViewProposals, &row.environment))
        .ok_or_else(missing)?;
    let proposal = proposals::find(&mut reader, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let registry = Registry::load(&mut reader).await?;
    let steps = Steps::load(&mut reader, row.id).await?;
    let calls = job_calls::newest(&mut reader, row.id, CALLS).await?;
    let attempts = job_attempts::newest(&mut reader, row.id, ATTEMPTS).await?;
    let requests = job_requests::newest(&mut reader, row.id, REQUESTS).await?;
    let pause = installation::pause(&mut reader).await?;
    let queue = queue_view(cx, &mut reader, &row).await?;
    let sought = match row.state {
        JobState::Copy(_) => steps.note(Step::Copy)?.sought,
        JobState::Policy(_) => None,
    };
    let mut asked = Vec::with_capacity(requests.len());
    for request in requests {
        let actor = named(&mut reader, &request.actor).await?;
        asked.push(request_view(request, actor));
    }
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
        queue,
        paused: pause
            .filter(|_| is_kept_by_pause(&row.state))
            .map(|pause| PauseView {
                reason: pause.reason,
                since: pause.at,
            }),
        stopping: matches!(&row.state, JobState::Copy(state) if state.is_stopping()),
        grant: grant_view(&proposal.plan, &steps)?,
        may_ask: may_ask(cx, &row, sought.as_ref()),
        sought: sought.filter(|_| !row.state.is_terminal()),
        requests: asked,
        attempts: attempts.into_iter().map(attempt_view).collect(),
        project: match proposal.plan {
            Plan::Promotion(plan) => plan.destination_project,
            Plan::PolicyChange(plan) => plan.project,
        },
        created_at: row.created_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
        waiting: waiting(&row, &steps)?,
        steps: step_views(&row.state, &steps)?,
        // A look that had to be put off comes when the job is due again.
        next_look_at: row
            .next_look_at
            .filter(|_| !row.state.is_terminal())
            .map(|at| at.max(row.next_run_at)),
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

/// Whether a pause keeps a job in this state from going on.
fn is_kept_by_pause(state: &JobState) -> bool {
    matches!(
        state,
        JobState::Copy(
            CopyState::Queued
                | CopyState::Granting
                | CopyState::Copying {
                    call: CopyCall::NotSent
                }
        ) | JobState::Policy(PolicyState::Queued | PolicyState::Applying)
    )
}

async fn queue_view(
    cx: &OpContext,
    reader: &mut Reader,
    row: &JobRow,
) -> OpResult<Option<QueueView>> {
    let (JobWord::Queued, false, Some(project)) =
        (row.state.word(), row.held, &row.destination_project)
    else {
        return Ok(None);
    };
    let (before, ahead) = before(cx, reader, row).await?;
    Ok((before > 0).then(|| QueueView {
        project: project.name().clone(),
        ahead: ahead.len(),
        places: cx.settings.copies_per_project.max(1),
        first: ahead
            .first()
            .map(|first| (first.id, first.number, first.word)),
    }))
}

/// The grant of a copy across accounts, and whether it may stand: from its put to its removal.
fn grant_view(plan: &Plan, steps: &Steps) -> OpResult<Option<GrantView>> {
    let Plan::Promotion(plan) = plan else {
        return Ok(None);
    };
    if plan.source_project.account() == plan.destination_project.account() {
        return Ok(None);
    }
    let (grant, revoke) = (steps.row(Step::Grant)?, steps.row(Step::Revoke)?);
    let put = matches!(
        grant.status,
        StepStatus::Moving | StepStatus::Done | StepStatus::Failed
    );
    let removed = revoke.status == StepStatus::Done;
    Ok(Some(GrantView {
        sid: plan.grant.sid.clone(),
        ends: plan.grant.ends,
        may_stand: put && !removed,
    }))
}

/// What may be asked of a job where it stands, as far as the viewer is allowed to.
fn may_ask(cx: &OpContext, row: &JobRow, sought: Option<&Sought>) -> Vec<RequestVerb> {
    let granted = match &row.state {
        JobState::Copy(CopyState::NeedsOperator { granted, .. }) => Some(*granted),
        _ => None,
    };
    let fits = |verb: RequestVerb| match verb {
        RequestVerb::Stop => row.state.can_stop(),
        RequestVerb::LookAgain | RequestVerb::Adopt | RequestVerb::GiveUp => granted.is_some(),
        RequestVerb::Resend => {
            granted == Some(true) && sought.is_some_and(|sought| sought.found.is_none())
        }
    };
    let allowed = |verb: RequestVerb| cx.may_in(verb.action(), &row.environment);
    let verbs = RequestVerb::ALL.into_iter();
    verbs.filter(|verb| fits(*verb) && allowed(*verb)).collect()
}

fn request_view(row: RequestRow, actor: String) -> RequestView {
    RequestView {
        verb: row.verb,
        actor,
        version: row.version,
        vouched: row.vouched,
        at: row.at,
        accepted: row.answer.as_ref().map(|answer| answer.accepted),
        answer: row.answer.map(|answer| answer.text),
    }
}

fn attempt_view(row: AttemptRow) -> AttemptView {
    let attempt = row.attempt;
    AttemptView {
        n: row.n,
        step: attempt.step,
        outcome: attempt.outcome.as_str(),
        at: attempt.at,
        next_at: attempt.next_at,
        cause: attempt.cause.as_ref().map(FailureView::from),
    }
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

/// A copy that was stopped goes on in AWS, and is looked at again once the grant is removed.
fn step_views(state: &JobState, steps: &Steps) -> OpResult<Vec<StepView>> {
    let goes_on = matches!(
        state,
        JobState::Copy(CopyState::Revoking {
            ending: Ending::Stopping { .. }
        })
    );
    let views = steps.0.iter().map(|row| {
        let mut view = step_view(row)?;
        if goes_on && view.step == Step::Copy {
            (view.status, view.ended_at, view.took_ms) = (StepStatus::Moving, None, None);
        }
        Ok(view)
    });
    views.collect()
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
        deadline_at: row.deadline_at.filter(|_| row.status == StepStatus::Moving),
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
