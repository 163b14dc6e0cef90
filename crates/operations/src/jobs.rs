//! Jobs: what pages read of them, and what the engine writes.
//!
//! The engine decides what to do and when; everything it finds out or does is written through here,
//! under the claim that it holds. A write whose claim is lost writes nothing and says so
//! ([`Held::Lost`]): another worker has the job, and what is true is read again from AWS.

mod advance;
mod answers;
mod ask;
mod begin_step;
mod bring_forward;
mod claim;
mod end_leases;
mod get;
mod halt;
mod intents;
mod list;
mod look;
mod next_due;
mod note;
mod put_off;
mod queue;
mod record;
mod renew;
mod standing;
mod together;
mod view;

pub use advance::{Advanced, advance};
pub use ask::{JobRequestForm, ask};
pub use begin_step::{Intent, begin_step};
pub use bring_forward::bring_forward;
pub use claim::{ClaimedJob, Look, claim};
pub use end_leases::end_leases;
pub use get::get;
pub use list::list;
pub use look::{JobLook, looked};
pub use next_due::next_due;
pub use put_off::{PutOff, put_off};
pub use queue::{Turn, turn};
pub use record::{
    CallOutcome, CallRecord, Found, ReadBack, RequestAnswer, Seen, Sought, StepRecord,
};
pub use renew::renew;
pub use standing::{Standing, standing};
pub use store::job_attempts::Outcome as AttemptOutcome;
pub use store::job_requests::RequestRow;
pub use store::jobs::Claim;
pub use together::{claim_copies_into, copies_due, projects_copied_into};
pub use view::{
    AttemptView, CallView, FailureView, GrantView, JobRow, JobView, LookView, PauseView, QueueView,
    RequestView, StepView, WaitingView,
};

use crate::error::{OpError, OpResult};
use crate::events;
use domain::Millis;
use store::{Reader, Tx};

pub(crate) use queue::behind;

/// Whether a claim still held when it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a lost claim means that another worker has the job"]
pub enum Held {
    /// It did, and everything was written.
    Yes,
    /// Another worker has claimed the job since: nothing was written.
    Lost,
    /// Nothing new may be sent for the job, because of a pause or of what was asked of it: nothing
    /// was written.
    Halted,
}

/// The job of a claim, if the claim still holds. In a writing transaction it then holds to the end.
async fn held(reader: &mut Reader, claim: &Claim) -> OpResult<Option<store::jobs::JobRow>> {
    let row = store::jobs::find(reader, claim.job()).await?;
    Ok(row.filter(|row| row.claim == claim.number()))
}

/// Tells readers that something of the job has changed which its state does not show.
async fn emit_changed(tx: &mut Tx, claim: &Claim, at: Millis) -> OpResult<()> {
    store::jobs::touch(tx, claim).await?;
    let row = store::jobs::find(tx, claim.job()).await?;
    let row = row.ok_or_else(|| OpError::stored("job that changed"))?;
    tx.emit(events::job(&row, at));
    Ok(())
}
