//! Storing looks at running copies.

use super::answers::due;
use super::record::{CallRecord, store_calls};
use super::{Claim, held};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::events::{self, StreamView};
use domain::{Action, Millis, VersionStatus};
use store::jobs::{self, Release, Sighting};
use store::{Tx, proposals};

/// One look at a running copy.
#[derive(Clone, Debug)]
pub struct JobLook {
    /// The claim on the copy's job.
    pub claim: Claim,
    /// AWS's word for the status.
    pub status: String,
    /// When AWS gave it.
    pub seen_at: Millis,
    /// When AWS will be asked again; the job is due then.
    pub next_look_at: Millis,
    /// The call.
    pub call: CallRecord,
}

/// Stores any number of looks in one transaction and gives the jobs back.
///
/// A look that shows a status other than the stored one is an event. For the others the views are
/// given back, to be streamed without a number: nothing has changed but ages. Jobs whose claim is
/// lost are left out.
pub async fn looked(cx: &OpContext, looks: Vec<JobLook>) -> OpResult<Vec<StreamView>> {
    cx.require(Action::RunJob)?;
    if looks.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = cx.store.begin().await?;
    let mut views = Vec::new();
    for look in looks {
        views.extend(store_look(cx, &mut tx, look).await?);
    }
    tx.commit().await?;
    Ok(views)
}

async fn store_look(cx: &OpContext, tx: &mut Tx, look: JobLook) -> OpResult<Option<StreamView>> {
    let Some(row) = held(tx, &look.claim).await? else {
        return Ok(None);
    };
    let Some(step) = row.state.step() else {
        return Ok(None);
    };
    let proposal = proposals::find(tx, row.proposal).await?;
    let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
    let status = VersionStatus::from(look.status);
    let new = row.aws_status.as_ref() != Some(&status);
    let sighting = Sighting {
        status: Some(status),
        seen_at: look.seen_at,
        next_look_at: Some(look.next_look_at),
        request_id: look.call.call.request_id.clone(),
    };
    let calls = (&proposal.requester, std::slice::from_ref(&look.call));
    store_calls(cx, tx, &look.claim, step, calls).await?;
    jobs::saw(tx, &look.claim, &sighting).await?;
    let release = Release {
        // Whoever was looked at was asked nothing when it was claimed.
        next_run_at: due(tx, &look.claim, look.next_look_at, 0, cx.now()).await?,
        attempt: 0,
        held: false,
    };
    jobs::release(tx, &look.claim, release).await?;
    let stored = jobs::find(tx, row.id).await?;
    let stored = stored.ok_or_else(|| OpError::stored("job that was looked at"))?;
    if new {
        tx.emit(events::job(&stored, cx.now()));
        return Ok(None);
    }
    Ok(Some(events::job_look(&stored)))
}
