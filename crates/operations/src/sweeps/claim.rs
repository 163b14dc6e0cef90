//! Taking a project that is due to be looked through.

use super::{OpenRemoval, SweepClaim};
use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::{Action, InstallationId, ProjectArn};
use store::{installation, policy_sweeps};

/// A project to be looked through.
#[derive(Clone, Debug)]
pub struct ClaimedSweep {
    /// The right to do it.
    pub claim: SweepClaim,
    /// The project.
    pub project: ProjectArn,
    /// This installation.
    pub installation: InstallationId,
}

/// Takes the project that is due first, for `owner` and `lease_ms` milliseconds; none if none is due.
///
/// A removal of which an earlier holder has told nothing gets the outcome *unclear* in the audit log.
pub async fn claim(cx: &OpContext, owner: &str, lease_ms: i64) -> OpResult<Option<ClaimedSweep>> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let due = policy_sweeps::next_run(&mut cx.store.read().await?).await?;
    if due.is_none_or(|due| due > now) {
        return Ok(None);
    }
    let mut tx = cx.store.begin().await?;
    let Some((claim, row)) = policy_sweeps::claim(&mut tx, owner, now, now.plus(lease_ms)).await?
    else {
        return Ok(None);
    };
    let installation = installation::find(&mut tx).await?;
    let installation = installation.ok_or_else(|| OpError::stored("installation's id"))?;
    if let Some(intent) = &row.intent {
        let open: OpenRemoval =
            serde_json::from_str(intent).map_err(|_| OpError::stored("intent of a sweep"))?;
        let verb = Verb::of_write(&open.operation)
            .ok_or_else(|| OpError::stored("operation of a sweep"))?;
        let entry = Entry::new(cx, verb, about_job(open.job), now).with("result", "unclear");
        tx.audit(entry.outcome());
        policy_sweeps::intend(&mut tx, &claim, None, now.plus(lease_ms)).await?;
    }
    tx.commit().await?;
    Ok(Some(ClaimedSweep {
        claim,
        project: row.project,
        installation,
    }))
}
