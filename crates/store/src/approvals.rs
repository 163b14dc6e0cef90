//! Approvals: each for one plan of one proposal.

use crate::cells::{Cells, to_json};
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Actor, Millis, PlanDigest, ProposalId};

statements! {
    OF_PROPOSAL = "SELECT proposal, plan_number, actor, digest, at FROM approvals
        WHERE proposal = $1 ORDER BY plan_number, at, actor";
    INSERT = "INSERT INTO approvals (proposal, plan_number, actor, digest, at)
        VALUES ($1, $2, $3, $4, $5)";
}

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// The proposal.
    pub proposal: ProposalId,
    /// Which of its plans was approved.
    pub plan_number: i64,
    /// The digest of that plan, as the approver saw it.
    pub digest: PlanDigest,
    /// Who approved.
    pub actor: Actor,
    /// When.
    pub at: Millis,
}

#[derive(sqlx::FromRow)]
struct Line {
    proposal: String,
    plan_number: i64,
    actor: String,
    digest: String,
    at: i64,
}

impl Line {
    fn into_row(self) -> Result<ApprovalRow, StoreError> {
        let cells = Cells {
            table: "approvals",
            row: &self.proposal,
        };
        Ok(ApprovalRow {
            proposal: cells.text("proposal", self.proposal.clone())?,
            plan_number: self.plan_number,
            digest: cells.text("digest", self.digest)?,
            actor: cells.json("actor", &self.actor)?,
            at: Millis::new(self.at),
        })
    }
}

/// All approvals that a proposal was ever given, also for former plans; oldest first.
pub async fn of_proposal(
    reader: &mut Reader,
    proposal: ProposalId,
) -> Result<Vec<ApprovalRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_PROPOSAL, proposal.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Stores an approval of a plan that is there. [`crate::Constraint::Approval`] if this actor has
/// approved it already.
pub async fn insert(tx: &mut Tx, approval: &ApprovalRow) -> Result<(), StoreError> {
    let actor = to_json("approvals", "actor", &approval.actor)?;
    execute!(
        tx,
        INSERT,
        approval.proposal.to_string(),
        approval.plan_number,
        &actor,
        approval.digest.as_str(),
        approval.at.get()
    )?;
    Ok(())
}
