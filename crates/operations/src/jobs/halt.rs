//! What keeps a job from beginning anything new.

use crate::error::OpResult;
use domain::JobId;
use store::{Reader, installation, job_requests};

/// Why nothing new may be sent for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The installation is paused.
    Paused,
    /// Somebody has asked the job to end.
    Asked,
}

/// Why nothing new may be sent for `job`, if so. Asked in the transaction that commits an intent, it
/// leaves no gap: what was asked, or paused, before is seen, and what comes after finds the intent.
pub(super) async fn halt(reader: &mut Reader, job: JobId) -> OpResult<Option<Halt>> {
    let open = job_requests::open(reader, job).await?;
    if open.iter().any(|request| request.verb.is_halt()) {
        return Ok(Some(Halt::Asked));
    }
    let paused = installation::pause(reader).await?.is_some();
    Ok(paused.then_some(Halt::Paused))
}
