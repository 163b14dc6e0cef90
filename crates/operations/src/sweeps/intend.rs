//! Saying that a statement is about to be removed.

use super::{Leftover, OpenRemoval, SweepClaim};
use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::Action;
use store::policy_sweeps;

/// Commits the audit entry *intended* of the removal of `leftover` by `operation`, and holds the
/// project for `lease_ms` milliseconds from now. Gives whether the claim still held; if not, nothing
/// may be sent.
pub async fn intend(
    cx: &OpContext,
    claim: &SweepClaim,
    leftover: &Leftover,
    operation: &'static str,
    lease_ms: i64,
) -> OpResult<bool> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    if !policy_sweeps::holds(&mut tx, claim).await? {
        return Ok(false);
    }
    let verb = Verb::of_write(operation).ok_or_else(|| OpError::stored("operation of a sweep"))?;
    let open = OpenRemoval {
        job: leftover.job,
        operation: operation.to_owned(),
    };
    let open = serde_json::to_string(&open).map_err(|_| OpError::stored("intent of a sweep"))?;
    policy_sweeps::intend(&mut tx, claim, Some(&open), now.plus(lease_ms)).await?;
    let sid = &leftover.plan.grant.sid;
    tx.audit(
        Entry::new(cx, verb, about_job(leftover.job), now)
            .on_behalf_of(&leftover.requester)
            .with("target", claim.project())
            .with("detail", &format!("without statement {sid}, left behind"))
            .intended(),
    );
    tx.commit().await?;
    Ok(true)
}
