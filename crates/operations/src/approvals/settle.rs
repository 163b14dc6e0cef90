//! What follows once a proposal was sent or an approval was given.

use super::quorum::is_met;
use crate::audit::{Entry, Verb, about_proposal};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::events;
use crate::proposals;
use domain::{Action, Actor, JobId, ProposalEvent, ProposalState, Rule};
use store::Tx;
use store::approvals::{self, ApprovalRow};
use store::proposals::ProposalRow;

/// Approves `proposal` and queues its job if `rule` is met, else leaves it waiting for approval.
/// Under a rule of 0 the rule itself gives the one approval that is asked for.
///
/// Proposals that wait for the same destination project and version name are superseded.
pub(crate) async fn settle(
    cx: &OpContext,
    tx: &mut Tx,
    proposal: &ProposalRow,
    rule: &Rule,
) -> OpResult<ProposalState> {
    let now = cx.now();
    if rule.approvals == 0 {
        approve_by_rule(cx, tx, proposal).await?;
    }
    let approvals = approvals::of_proposal(tx, proposal.id).await?;
    let met = is_met(rule, proposal.plan_number, &proposal.digest, &approvals);
    if !met && matches!(proposal.state, ProposalState::WaitingForApproval { .. }) {
        return Ok(proposal.state.clone());
    }
    let job = met.then(|| JobId::generate(now, cx.random.as_ref()));
    let event = match job {
        Some(job) => ProposalEvent::RuleMet { at: now, job },
        None => ProposalEvent::Sent { at: now },
    };
    let state = proposal.state.clone().apply(event)?;
    let row_version =
        store::proposals::set_state(tx, proposal.id, proposal.row_version, &state, now).await?;
    tx.emit(events::proposal(
        proposal.id,
        &proposal.environment,
        &state,
        row_version,
        now,
    ));
    if let Some(job) = job {
        proposals::supersede_others(cx, tx, proposal).await?;
        proposals::queue_job(cx, tx, proposal, job).await?;
    }
    Ok(state)
}

async fn approve_by_rule(cx: &OpContext, tx: &mut Tx, proposal: &ProposalRow) -> OpResult<()> {
    let rule = cx.acting_as(Actor::Rule);
    if !rule.may(Action::Approve) {
        return Err(OpError::Forbidden {
            action: Action::Approve,
        });
    }
    let approval = ApprovalRow {
        proposal: proposal.id,
        plan_number: proposal.plan_number,
        digest: proposal.digest.clone(),
        actor: Actor::Rule,
        at: cx.now(),
    };
    approvals::insert(tx, &approval).await?;
    tx.audit(
        Entry::new(&rule, Verb::Approve, about_proposal(proposal.id), cx.now())
            .on_behalf_of(&proposal.requester)
            .with("plan_digest", &proposal.digest)
            .with("plan_number", &proposal.plan_number)
            .done(),
    );
    Ok(())
}
