//! One proposal.

use super::boxes;
use super::list::view;
use super::view::{ApprovalView, ProposalView};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use crate::people::named;
use domain::Action;
use store::{approvals, environments, proposals};

/// The proposal of this id, of whatever kind, with its plan and approvals.
pub async fn get(cx: &OpContext, id: &str) -> OpResult<ProposalView> {
    cx.require(Action::ViewProposals)?;
    let missing = || OpError::not_found(Kind::Proposal, id);
    let parsed = id.parse().map_err(|_| missing())?;
    let mut reader = cx.store.read().await?;
    let found = proposals::find(&mut reader, parsed).await?;
    let row = found
        .filter(|row| cx.may_in(Action::ViewProposals, &row.environment))
        .ok_or_else(missing)?;
    let registry = Registry::load(&mut reader).await?;
    let rule = environments::rule(&mut reader, row.plan.rule()).await?;
    let rule = rule.ok_or_else(|| OpError::stored("rule of a plan"))?;
    let approvals = approvals::of_proposal(&mut reader, row.id).await?;
    let mut given = Vec::with_capacity(approvals.len());
    for approval in approvals {
        given.push(ApprovalView {
            by_name: named(&mut reader, &approval.actor).await?,
            by: approval.actor,
            at: approval.at,
            digest: approval.digest,
        });
    }
    Ok(ProposalView {
        row: view(cx, &mut reader, &registry, &row).await?,
        reason: row.reason.map(String::from),
        plan_number: row.plan_number,
        digest: row.digest,
        boxes: boxes::of(&row.plan, &rule),
        canonical_json: row.plan_json,
        approvals: given,
        rule,
        plan: row.plan,
    })
}
