//! Taking jobs that are due.

use super::note::{StepNote, Steps};
use super::queue::before;
use super::{Claim, RequestRow, emit_changed};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::{
    Action, EnvironmentName, InstallationId, JobState, JobWord, Millis, Plan, PlanDigest,
    ProjectVersionArn, ProposalId, Step, StepStatus,
};
use store::job_attempts::{self, Attempt, Outcome};
use store::job_steps::JobStepRow;
use store::jobs::{self, JobRow};
use store::{Tx, installation, job_requests, job_steps, proposals};

/// A job that a worker holds for a time, with all that it needs to go on.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// The right to write it.
    pub claim: Claim,
    /// Its number for people.
    pub number: i64,
    /// The proposal whose plan it carries out.
    pub proposal: ProposalId,
    /// The environment that it changes.
    pub environment: EnvironmentName,
    /// Where it stands.
    pub state: JobState,
    /// The plan.
    pub plan: Plan,
    /// The plan as it is stored, to be hashed again.
    pub plan_json: String,
    /// The digest that was approved.
    pub approved: PlanDigest,
    /// This installation.
    pub installation: InstallationId,
    /// How often in a row it was put off in the present state.
    pub attempts: u32,
    /// When the present state was entered.
    pub step_since: Millis,
    /// The last look at the copy.
    pub look: Option<Look>,
    /// When AWS took the copy.
    pub accepted_at: Option<Millis>,
    /// What the engine remembered in the present state.
    pub memory: Option<String>,
    /// When the present step counts as late.
    pub deadline: Option<Millis>,
    /// When the latest write of the grant, or of the policy that is changed, was intended that may
    /// still reach AWS although nobody waits for its answer.
    pub loose_put: Option<Millis>,
    /// The version that an operator has vouched for.
    pub vouched: Option<ProjectVersionArn>,
    /// What is asked of the job and not answered yet, oldest first.
    pub requests: Vec<RequestRow>,
    /// Whether the installation is paused.
    pub paused: bool,
}

/// What a look at a copy showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// AWS's word for the status.
    pub status: String,
    /// When AWS gave it.
    pub seen_at: Millis,
}

/// Takes at most `limit` jobs that are due and held by nobody, for `owner` and `lease_ms`
/// milliseconds. The step that a job is in begins with its first claim, but the first step of a job
/// that a pause or others before it keep from beginning begins with its turn.
///
/// A job that cannot be read is logged and not given; it stays taken, so that it comes up again
/// only after its lease and stands in no other job's way.
pub async fn claim(
    cx: &OpContext,
    owner: &str,
    lease_ms: i64,
    limit: u32,
) -> OpResult<Vec<ClaimedJob>> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    // Looking first keeps an idle engine from taking the one writer's turn.
    let due = jobs::next_run(&mut cx.store.read().await?).await?;
    if due.is_none_or(|due| due > now) {
        return Ok(Vec::new());
    }
    let mut tx = cx.store.begin().await?;
    let installation = installation::find(&mut tx).await?;
    let installation = installation.ok_or_else(|| OpError::stored("installation's id"))?;
    let mut claimed = Vec::new();
    for _ in 0..limit {
        match take(cx, &mut tx, owner, (now, now.plus(lease_ms)), &installation).await {
            Ok(Some(job)) => claimed.push(job),
            Ok(None) => break,
            Err(error) if error.is_unreadable() => tracing::error!(
                error = &error as &dyn std::error::Error,
                "a job that cannot be read was left to its lease"
            ),
            Err(error) => return Err(error),
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

async fn take(
    cx: &OpContext,
    tx: &mut Tx,
    owner: &str,
    (now, lease_until): (Millis, Millis),
    installation: &InstallationId,
) -> OpResult<Option<ClaimedJob>> {
    let Some(claimed) = jobs::claim(tx, owner, now, lease_until).await? else {
        return Ok(None);
    };
    Ok(Some(taken(cx, tx, claimed, now, installation).await?))
}

/// A claimed job with all that is needed to go on.
pub(super) async fn taken(
    cx: &OpContext,
    tx: &mut Tx,
    (claim, row): (Claim, JobRow),
    now: Millis,
    installation: &InstallationId,
) -> OpResult<ClaimedJob> {
    let step = row.state.step();
    let step = step.ok_or_else(|| OpError::stored("job that ended and was claimed"))?;
    let steps = Steps::load(tx, row.id).await?;
    let note = steps.note(step)?;
    let proposal = proposals::find(tx, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let paused = installation::pause(tx).await?.is_some();
    if steps.row(step)?.status == StepStatus::Waiting && !waits(cx, tx, &row, paused).await? {
        let deadline = cx.settings.deadlines.of(&proposal.plan, step, now);
        job_steps::begin(tx, &claim, step, now, deadline).await?;
        emit_changed(tx, &claim, now).await?;
    }
    if row.interrupted {
        let attempt = Attempt {
            step,
            outcome: Outcome::Errored,
            cause: None,
            at: now,
            next_at: None,
        };
        job_attempts::record(tx, &claim, &attempt).await?;
        emit_changed(tx, &claim, now).await?;
    }
    let requests = job_requests::open(tx, row.id).await?;
    let puts = |row: &&JobStepRow| matches!(row.step, Step::Grant | Step::Apply);
    let loose_put = match steps.0.iter().find(puts) {
        Some(row) => StepNote::of(row)?.loose(),
        None => None,
    };
    Ok(ClaimedJob {
        claim,
        number: row.number,
        proposal: row.proposal,
        environment: row.environment,
        state: row.state,
        plan: proposal.plan,
        plan_json: proposal.plan_json,
        approved: proposal.digest,
        installation: installation.clone(),
        attempts: note.tries,
        step_since: note.since.unwrap_or(row.created_at),
        look: row
            .aws_status
            .zip(row.aws_seen_at)
            .map(|(status, seen_at)| Look {
                status: status.as_str().to_owned(),
                seen_at,
            }),
        accepted_at: note.accepted_at,
        memory: note.memory,
        deadline: steps.row(step)?.deadline_at,
        loose_put,
        vouched: job_requests::vouched(tx, row.id).await?,
        requests,
        paused,
    })
}

/// Whether a queued job may not begin yet.
async fn waits(cx: &OpContext, tx: &mut Tx, row: &JobRow, paused: bool) -> OpResult<bool> {
    if row.state.word() != JobWord::Queued {
        return Ok(false);
    }
    Ok(paused || before(cx, tx, row).await?.0 > 0)
}
