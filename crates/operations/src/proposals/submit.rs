//! Storing a proposal and sending it.

use super::job_link;
use crate::approvals;
use crate::audit::{Entry, Verb, about_proposal};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::idempotency::Request;
use crate::view::{JobLink, ProposalLink};
use domain::{EnvironmentName, Plan, PlanDigest, ProposalId, ProposalKind, ProposalState};
use domain::{Reason, Rule};
use serde::Serialize;
use store::proposals::{self, NewProposal};
use store::{Reader, Tx};

/// What came of proposing something.
#[derive(Clone, Debug, Serialize)]
pub struct Proposed {
    /// The proposal.
    pub proposal: ProposalLink,
    /// The digest of its plan.
    pub digest: PlanDigest,
    /// Its job, if its rule is met already.
    pub job: Option<JobLink>,
    /// Whether the same request had been sent before, so that this one did nothing.
    pub replayed: bool,
}

/// A plan with all that goes with it.
pub(crate) struct Submission {
    pub(crate) plan: Plan,
    pub(crate) environment: EnvironmentName,
    pub(crate) rule: Rule,
    pub(crate) reason: Option<Reason>,
}

/// Stores a proposal for `submission`, sends it, and approves it if its rule asks for nobody: all
/// in `tx`, which is not committed here.
pub(crate) async fn submit(
    cx: &OpContext,
    tx: &mut Tx,
    submission: &Submission,
    request: Option<&Request>,
) -> OpResult<Proposed> {
    let now = cx.now();
    let id = submission.plan.proposal();
    let number = proposals::insert(
        tx,
        &NewProposal {
            id,
            state: &ProposalState::Checking,
            environment: &submission.environment,
            requester: cx.actor(),
            reason: submission.reason.as_ref(),
            plan: &submission.plan,
            at: now,
        },
    )
    .await?;
    let verb = match submission.plan.kind() {
        ProposalKind::Promotion => Verb::ProposePromotion,
        ProposalKind::PolicyChange => Verb::ProposePolicyChange,
    };
    tx.audit(
        Entry::new(cx, verb, about_proposal(id), now)
            .with("number", &number)
            .with("plan_digest", &submission.plan.digest())
            .done(),
    );
    let row = proposals::find(tx, id).await?;
    let row = row.ok_or_else(|| OpError::stored("proposal just made"))?;
    approvals::settle(cx, tx, &row, &submission.rule).await?;
    if let Some(request) = request {
        request.remember(tx, &id, now).await?;
    }
    proposed(cx, tx, id, false).await
}

/// What came of proposing `id`, as it stands now.
pub(crate) async fn proposed(
    cx: &OpContext,
    reader: &mut Reader,
    id: ProposalId,
    replayed: bool,
) -> OpResult<Proposed> {
    let row = proposals::find(reader, id).await?;
    let row = row.ok_or_else(|| OpError::stored("proposal of an idempotency key"))?;
    Ok(Proposed {
        proposal: ProposalLink {
            id,
            number: row.number,
            word: row.state.word(),
        },
        digest: row.digest,
        job: job_link(cx, reader, id).await?,
        replayed,
    })
}

/// What the same request gave before, if it was sent before.
pub(crate) async fn replay(
    cx: &OpContext,
    tx: &mut Tx,
    request: Option<&Request>,
) -> OpResult<Option<Proposed>> {
    let Some(request) = request else {
        return Ok(None);
    };
    match request.earlier(tx).await? {
        Some(id) => Ok(Some(proposed(cx, tx, id, true).await?)),
        None => Ok(None),
    }
}
