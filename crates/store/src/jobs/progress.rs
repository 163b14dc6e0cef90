//! What the holder of a claim writes into a job.

use super::claim::Claim;
use crate::cells::to_json;
use crate::dialect::{fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::Tx;
use domain::{JobState, Millis, VersionStatus};

statements! {
    SET_STATE = "UPDATE jobs
        SET word = $3, state = $4, started_at = COALESCE(started_at, $5), ended_at = $6,
            holds_place = $7, row_version = row_version + 1
        WHERE id = $1 AND claim = $2 AND ended_at IS NULL RETURNING row_version";
    SAW = "UPDATE jobs
        SET aws_status = $3, aws_seen_at = $4, next_look_at = $5, aws_request_id = $6,
            row_version = row_version
                + CASE WHEN COALESCE(aws_status, '') = COALESCE($3, '') THEN 0 ELSE 1 END
        WHERE id = $1 AND claim = $2 RETURNING row_version";
    TOUCH = "UPDATE jobs SET row_version = row_version + 1
        WHERE id = $1 AND claim = $2 RETURNING row_version";
}

/// What one look at AWS has shown of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The status; none if the version was not there.
    pub status: Option<VersionStatus>,
    /// When AWS gave it.
    pub seen_at: Millis,
    /// When AWS will be asked next; none if it will not.
    pub next_look_at: Option<Millis>,
    /// The look's request id. Untrusted text.
    pub request_id: Option<String>,
}

/// Stores a new state and gives the job's next row version. The first state that follows the
/// beginning sets the time of starting; a terminal one sets the time of ending, after which the
/// state cannot be changed: that too is [`StoreError::Lost`].
pub async fn set_state(
    tx: &mut Tx,
    claim: &Claim,
    state: &JobState,
    at: Millis,
) -> Result<i64, StoreError> {
    let text = to_json("jobs", "state", state)?;
    let row = fetch_optional!(
        tx,
        (i64,),
        SET_STATE,
        claim.job().to_string(),
        claim.number(),
        state.word().as_str(),
        &text,
        at.get(),
        state.is_terminal().then_some(at.get()),
        state.holds_place()
    )?;
    row.map(|(row_version,)| row_version)
        .ok_or_else(|| claim.lost())
}

/// Notes that something which readers can see beside the state has changed, such as a step, and
/// gives the job's next row version.
pub async fn touch(tx: &mut Tx, claim: &Claim) -> Result<i64, StoreError> {
    let row = fetch_optional!(tx, (i64,), TOUCH, claim.job().to_string(), claim.number())?;
    row.map(|(row_version,)| row_version)
        .ok_or_else(|| claim.lost())
}

/// Stores what a look has shown and gives the job's row version, which is the next one if the
/// status is another than before.
pub async fn saw(tx: &mut Tx, claim: &Claim, sighting: &Sighting) -> Result<i64, StoreError> {
    let row = fetch_optional!(
        tx,
        (i64,),
        SAW,
        claim.job().to_string(),
        claim.number(),
        sighting.status.as_ref().map(VersionStatus::as_str),
        sighting.seen_at.get(),
        sighting.next_look_at.map(Millis::get),
        sighting.request_id.as_deref()
    )?;
    row.map(|(row_version,)| row_version)
        .ok_or_else(|| claim.lost())
}
