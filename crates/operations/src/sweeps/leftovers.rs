//! Which statements a job left behind.

use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::{Action, Actor, JobId, Plan, PromotionPlan, ProposalId};
use store::{jobs, proposals};

/// A statement whose job has ended.
#[derive(Clone, Debug)]
pub struct Leftover {
    /// The job.
    pub job: JobId,
    /// Whose job it was.
    pub requester: Actor,
    /// The plan that the statement is part of.
    pub plan: PromotionPlan,
}

/// Those of `sids` that stand for a job of ours that has ended. A Sid of ours is `Ch` and the ULID
/// of a proposal; every other one, and one of a proposal that is not known, is nobody's leftover.
pub async fn leftovers(cx: &OpContext, sids: &[&str]) -> OpResult<Vec<Leftover>> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    let mut found = Vec::new();
    for sid in sids {
        let Some(id) = proposal_of(sid) else { continue };
        let Some(job) = jobs::find_by_proposal(&mut reader, id).await? else {
            continue;
        };
        if !job.state.is_terminal() {
            continue;
        }
        let proposal = proposals::find(&mut reader, id).await?;
        let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
        if let Plan::Promotion(plan) = proposal.plan {
            found.push(Leftover {
                job: job.id,
                requester: proposal.requester,
                plan: *plan,
            });
        }
    }
    Ok(found)
}

/// The proposal that a Sid of ours stands for.
pub(super) fn proposal_of(sid: &str) -> Option<ProposalId> {
    let ulid = sid.strip_prefix("Ch")?;
    format!("prp_{ulid}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_sids_name_a_proposal() {
        let id: ProposalId = "prp_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap();
        let sid = domain::plan::PlannedGrant::sid_for(id);
        assert_eq!(proposal_of(&sid), Some(id));
        for sid in ["", "Ch", "Change", "ch01KATTTTTTTTTTTTTTTTTTTTTT", "Theirs"] {
            assert_eq!(proposal_of(sid), None, "{sid}");
        }
    }
}
