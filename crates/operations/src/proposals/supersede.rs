//! Making way for a later proposal.

use crate::audit::{Entry, Verb, about_proposal};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::events;
use domain::{Plan, ProposalEvent};
use store::Tx;
use store::proposals::{self, ProposalRow};

/// Supersedes every other proposal that still waits to put a version of the same name into the same
/// project as `approved` does.
pub(crate) async fn supersede_others(
    cx: &OpContext,
    tx: &mut Tx,
    approved: &ProposalRow,
) -> OpResult<()> {
    let Plan::Promotion(plan) = &approved.plan else {
        return Ok(());
    };
    let now = cx.now();
    let waiting = proposals::waiting_for(tx, &plan.destination_project, &plan.version_name).await?;
    for other in waiting.iter().filter(|other| other.id != approved.id) {
        let event = ProposalEvent::Superseded { by: approved.id };
        let state = other.state.clone().apply(event)?;
        let row_version =
            proposals::set_state(tx, other.id, other.row_version, &state, now).await?;
        tx.audit(
            Entry::new(cx, Verb::Supersede, about_proposal(other.id), now)
                .with("by", &approved.id)
                .done(),
        );
        tx.emit(events::proposal(
            other.id,
            &other.environment,
            &state,
            row_version,
            now,
        ));
    }
    Ok(())
}
