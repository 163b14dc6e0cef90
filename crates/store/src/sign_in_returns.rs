//! Sign-ins through a provider that have come back, so that each comes back once.

use crate::dialect::{execute, statements};
use crate::error::StoreError;
use crate::tx::Tx;
use domain::Millis;

statements! {
    FORGET = "DELETE FROM sign_in_returns WHERE keep_until <= $1";
    USE_UP = "INSERT INTO sign_in_returns (attempt, keep_until) VALUES ($1, $2)
        ON CONFLICT (attempt) DO NOTHING";
}

/// Uses an attempt up; false if that was done before. It is remembered until `keep_until`; what was
/// to be kept until `now` is forgotten.
pub async fn use_up(
    tx: &mut Tx,
    attempt: &str,
    keep_until: Millis,
    now: Millis,
) -> Result<bool, StoreError> {
    execute!(tx, FORGET, now.get())?;
    Ok(execute!(tx, USE_UP, attempt, keep_until.get())? == 1)
}
