//! What promotions and policy changes have in common once their plan is built.

mod queue_job;
mod submit;
mod supersede;

pub use submit::Proposed;

pub(crate) use queue_job::queue_job;
pub(crate) use submit::{Submission, replay, submit};
pub(crate) use supersede::supersede_others;

use crate::context::OpContext;
use crate::error::OpResult;
use crate::jobs;
use crate::view::JobLink;
use domain::ProposalId;
use store::Reader;

/// The job of a proposal, if it has one.
pub(crate) async fn job_link(
    cx: &OpContext,
    reader: &mut Reader,
    proposal: ProposalId,
) -> OpResult<Option<JobLink>> {
    let Some(row) = store::jobs::find_by_proposal(reader, proposal).await? else {
        return Ok(None);
    };
    Ok(Some(JobLink {
        id: row.id,
        number: row.number,
        word: row.state.word(),
        behind: jobs::behind(cx, reader, &row).await?,
    }))
}
