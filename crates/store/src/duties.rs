//! Duties: what one process at a time does for all of them, such as keeping the inventory.
//!
//! A duty is held for a time and renewed by a heartbeat; when that stops, another process takes it
//! over. As with jobs, each holder has a higher claim number than the one before, and a store that
//! is fenced with a claim ([`crate::Store::fenced`]) begins no transaction once it is lost: a
//! holder that slept through its time writes nothing when it wakes.

use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::Millis;

statements! {
    TAKE = "INSERT INTO duties (name, claim, holder, lease_until) VALUES ($1, 1, $2, $3)
        ON CONFLICT (name) DO UPDATE
        SET claim = duties.claim + 1, holder = excluded.holder, lease_until = excluded.lease_until
        WHERE duties.lease_until <= $4
        RETURNING claim";
    RENEW = "UPDATE duties SET lease_until = $3 WHERE name = $1 AND claim = $2";
    RELEASE = "UPDATE duties SET lease_until = 0 WHERE name = $1 AND claim = $2";
    HELD = "SELECT claim FROM duties WHERE name = $1 AND claim = $2";
    HOLDER = "SELECT holder, lease_until FROM duties WHERE name = $1";
}

/// The right to do a duty, until somebody else takes it. Only [`take`] gives one out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyClaim {
    name: &'static str,
    number: i64,
}

impl DutyClaim {
    /// The duty.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The number of the claim; each holder has a higher one.
    pub fn number(&self) -> i64 {
        self.number
    }

    fn lost(&self) -> StoreError {
        StoreError::LostDuty { duty: self.name }
    }
}

/// Takes the duty `name` for `holder` until `lease_until`, if its last lease has ended at `now`;
/// none if somebody else holds it.
pub async fn take(
    tx: &mut Tx,
    name: &'static str,
    holder: &str,
    now: Millis,
    lease_until: Millis,
) -> Result<Option<DutyClaim>, StoreError> {
    let row = fetch_optional!(tx, (i64,), TAKE, name, holder, lease_until.get(), now.get())?;
    Ok(row.map(|(number,)| DutyClaim { name, number }))
}

/// Takes the duty whoever holds it. For when no other process can be there: one that died a moment
/// ago still has its lease.
pub async fn take_over(
    tx: &mut Tx,
    name: &'static str,
    holder: &str,
    lease_until: Millis,
) -> Result<Option<DutyClaim>, StoreError> {
    take(tx, name, holder, Millis::new(i64::MAX), lease_until).await
}

/// Holds the duty longer.
pub async fn renew(tx: &mut Tx, claim: &DutyClaim, lease_until: Millis) -> Result<(), StoreError> {
    let changed = execute!(tx, RENEW, claim.name, claim.number, lease_until.get())?;
    if changed == 1 {
        Ok(())
    } else {
        Err(claim.lost())
    }
}

/// Gives the duty back, for others to take at once. Nothing happens if it is lost already.
pub async fn release(tx: &mut Tx, claim: &DutyClaim) -> Result<(), StoreError> {
    execute!(tx, RELEASE, claim.name, claim.number)?;
    Ok(())
}

/// Who holds the duty and until when, or held it last; none if nobody ever did.
pub async fn holder(
    reader: &mut Reader,
    name: &str,
) -> Result<Option<(String, Millis)>, StoreError> {
    let row = fetch_optional!(reader, (String, i64), HOLDER, name)?;
    Ok(row.map(|(holder, until)| (holder, Millis::new(until))))
}

/// Asserts that the duty has not been taken over.
pub(crate) async fn assert_held(reader: &mut Reader, claim: &DutyClaim) -> Result<(), StoreError> {
    fetch_optional!(reader, (i64,), HELD, claim.name, claim.number)?
        .map(drop)
        .ok_or_else(|| claim.lost())
}
