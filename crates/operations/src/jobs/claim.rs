//! Taking jobs that are due.

use super::Claim;
use super::note::Steps;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::events;
use domain::{
    Action, EnvironmentName, InstallationId, JobState, Millis, Plan, PlanDigest, ProposalId,
    StepStatus,
};
use store::jobs::{self, JobRow};
use store::{Tx, installation, job_steps, proposals};

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
/// milliseconds. The step that a job is in begins with its first claim.
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
    let mut claimed = Vec::new();
    for _ in 0..limit {
        let Some((claim, row)) = jobs::claim(&mut tx, owner, now, now.plus(lease_ms)).await? else {
            break;
        };
        let installation = installation.clone();
        let installation = installation.ok_or_else(|| OpError::stored("installation's id"))?;
        claimed.push(take(&mut tx, claim, row, installation, now).await?);
    }
    if !claimed.is_empty() {
        tx.commit().await?;
    }
    Ok(claimed)
}

async fn take(
    tx: &mut Tx,
    claim: Claim,
    row: JobRow,
    installation: InstallationId,
    now: Millis,
) -> OpResult<ClaimedJob> {
    let step = row.state.step();
    let step = step.ok_or_else(|| OpError::stored("job that ended and was claimed"))?;
    let steps = Steps::load(tx, row.id).await?;
    if steps.row(step)?.status == StepStatus::Waiting {
        job_steps::begin(tx, &claim, step, now).await?;
        tx.emit(events::job(&row, now));
    }
    let note = steps.note(step)?;
    let proposal = proposals::find(tx, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    Ok(ClaimedJob {
        claim,
        number: row.number,
        proposal: row.proposal,
        environment: row.environment,
        state: row.state,
        plan: proposal.plan,
        plan_json: proposal.plan_json,
        approved: proposal.digest,
        installation,
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
    })
}
