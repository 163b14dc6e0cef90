//! Allowances of tries: so many at once, and one more after each interval.
//!
//! A row holds one moment, at which the whole allowance is back; each try moves it one interval
//! further, and a try that would move it beyond the allowance is refused and moves nothing (the
//! "generic cell rate algorithm" of ITU-T I.371). So a row can go as soon as its moment has passed,
//! and none is ever dropped before that: nothing an attacker does makes room in an allowance.
//!
//! Tries are no part of the history: they take no number and add no event. Each is committed by
//! itself, before anything that it pays for is done.

use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::Reader;
use domain::Millis;

statements! {
    TAKE = "INSERT INTO sign_in_throttle (kind, key, full_at) VALUES ($1, $2, $3)
        ON CONFLICT (kind, key) DO UPDATE
        SET full_at = CASE WHEN sign_in_throttle.full_at > $4
            THEN sign_in_throttle.full_at + $5 ELSE excluded.full_at END
        WHERE sign_in_throttle.full_at <= $6";
    GIVE_BACK = "UPDATE sign_in_throttle SET full_at = full_at - $3 WHERE kind = $1 AND key = $2";
    FIND = "SELECT full_at FROM sign_in_throttle WHERE kind = $1 AND key = $2";
    DELETE_FULL = "DELETE FROM sign_in_throttle WHERE full_at <= $1";
}

/// How many tries are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// At once, after a long rest; at least 1.
    pub at_once: i64,
    /// After how many milliseconds one more is allowed; at least 1.
    pub every_ms: i64,
}

/// One allowance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// What is counted.
    pub kind: &'static str,
    /// Whose it is: a hash, as it may stem from what somebody typed.
    pub key: String,
    /// How many tries.
    pub rate: Rate,
}

impl Allowance {
    /// The latest `full_at` under which one more try is allowed at `now`.
    fn latest(&self, now: Millis) -> i64 {
        now.plus((self.rate.at_once - 1) * self.rate.every_ms).get()
    }
}

/// What is left of an allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether any of it is used.
    pub used: bool,
    /// For how many milliseconds no further try is allowed; 0 if one is allowed now.
    pub wait_ms: i64,
}

/// What is left of the allowance at `now`.
pub async fn standing(
    reader: &mut Reader,
    allowance: &Allowance,
    now: Millis,
) -> Result<Standing, StoreError> {
    let row = fetch_optional!(reader, (i64,), FIND, allowance.kind, &allowance.key)?;
    Ok(Standing {
        used: row.is_some_and(|(full_at,)| full_at > now.get()),
        wait_ms: row.map_or(0, |(full_at,)| (full_at - allowance.latest(now)).max(0)),
    })
}

/// Takes one try out of each allowance and commits that; none is taken if one of them has none
/// left. Gives for how many milliseconds to wait: 0 if all were taken.
///
/// Every caller must name allowances in the same order of kinds, one of each kind: on PostgreSQL two
/// that lock rows in different orders could wait for each other.
pub async fn take(store: &Store, allowances: &[Allowance], now: Millis) -> Result<i64, StoreError> {
    let mut writer = store.begin_aside().await?;
    for allowance in allowances {
        let every = allowance.rate.every_ms;
        let taken = execute!(
            writer,
            TAKE,
            allowance.kind,
            &allowance.key,
            now.plus(every).get(),
            now.get(),
            every,
            allowance.latest(now)
        )?;
        if taken == 0 {
            let wait = standing(&mut writer, allowance, now).await?.wait_ms;
            return Ok(wait.max(1));
        }
    }
    writer.commit().await?;
    Ok(0)
}

/// Gives one try back to each allowance, because it was none: the password was right.
pub async fn give_back(store: &Store, allowances: &[Allowance]) -> Result<(), StoreError> {
    let mut writer = store.begin_aside().await?;
    for Allowance { kind, key, rate } in allowances {
        execute!(writer, GIVE_BACK, *kind, key, rate.every_ms)?;
    }
    writer.commit().await
}

/// Deletes rows that say the same as none, and gives their number.
pub async fn delete_full(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let mut writer = store.begin_aside().await?;
    let deleted = execute!(writer, DELETE_FULL, now.get())?;
    writer.commit().await?;
    Ok(deleted)
}
