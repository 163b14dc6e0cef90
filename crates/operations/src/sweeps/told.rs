//! What came of a removal.

use super::{Leftover, SweepClaim};
use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::jobs::{CallOutcome, CallRecord};
use domain::Action;
use store::policy_sweeps;

/// Stores the audit entry *outcome* of a removal. A claim that is lost writes nothing: its next
/// holder has said that the outcome is unclear.
pub async fn told(
    cx: &OpContext,
    claim: &SweepClaim,
    leftover: &Leftover,
    call: &CallRecord,
    lease_ms: i64,
) -> OpResult<()> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    if !policy_sweeps::holds(&mut tx, claim).await? {
        return Ok(());
    }
    let operation = call.write.unwrap_or(call.call.operation);
    let verb = Verb::of_write(operation).ok_or_else(|| OpError::stored("operation of a sweep"))?;
    let code = match &call.outcome {
        CallOutcome::Refused { code, .. } => code.as_deref(),
        CallOutcome::Answered(_) => None,
    };
    let (result, _) = call.told(operation);
    tx.audit(
        Entry::new(cx, verb, about_job(leftover.job), now)
            .on_behalf_of(&leftover.requester)
            .with("account", &call.account)
            .with("result", result)
            .with_some("code", code)
            .with_some("aws_request_id", call.call.request_id.as_deref())
            .outcome(),
    );
    policy_sweeps::intend(&mut tx, claim, None, now.plus(lease_ms)).await?;
    tx.commit().await?;
    Ok(())
}
