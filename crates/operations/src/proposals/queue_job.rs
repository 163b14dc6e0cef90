//! Queuing the job of an approved proposal.

use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::events;
use crate::field::{Field, FieldCode, FieldError};
use domain::{JobId, JobKind, Plan};
use store::jobs::{self, NewJob};
use store::proposals::ProposalRow;
use store::{Constraint, StoreError, Tx};

/// Puts the job that carries out an approved plan into the queue, due at once.
///
/// Refused on the version name if another copy for the same destination project and name has not
/// ended: there is at most one at a time.
pub(crate) async fn queue_job(
    cx: &OpContext,
    tx: &mut Tx,
    proposal: &ProposalRow,
    id: JobId,
) -> OpResult<()> {
    let now = cx.now();
    let (kind, source, destination) = match &proposal.plan {
        Plan::Promotion(plan) => (
            JobKind::Copy,
            plan.source_project.account(),
            Some((&plan.destination_project, &plan.version_name)),
        ),
        Plan::PolicyChange(plan) => (JobKind::Policy, plan.project.account(), None),
    };
    let job = NewJob {
        id,
        proposal: proposal.id,
        kind,
        environment: &proposal.environment,
        source_account: source,
        destination_account: destination.map(|(project, _)| project.account()),
        destination,
        next_run_at: now,
        at: now,
    };
    let number = match jobs::insert(tx, &job).await {
        Err(StoreError::Constraint(Constraint::ActiveCopy)) => {
            let error = FieldError::new(Field::VersionName, FieldCode::VersionNameReserved);
            return Err(OpError::field(error));
        }
        other => other?,
    };
    tx.audit(
        Entry::new(cx, Verb::QueueJob, about_job(id), now)
            .on_behalf_of(&proposal.requester)
            .with("proposal", &proposal.id)
            .with("plan_digest", &proposal.digest)
            .with("number", &number)
            .done(),
    );
    let row = jobs::find(tx, id).await?;
    let row = row.ok_or_else(|| OpError::stored("job just queued"))?;
    tx.emit(events::job(&row, now));
    Ok(())
}
