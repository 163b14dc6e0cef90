//! Requests that must act once, however often they arrive.
//!
//! Look a key up and remember it in the transaction that acts: as there is one writer at a time,
//! the second arrival finds what the first has stored.

use crate::cells::{Cells, to_json};
use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::Millis;

statements! {
    FIND = "SELECT request_hash, result, at FROM idempotency WHERE scope = $1 AND key = $2";
    REMEMBER = "INSERT INTO idempotency (scope, key, request_hash, result, at)
        VALUES ($1, $2, $3, $4, $5)";
    FORGET = "DELETE FROM idempotency WHERE at < $1";
}

/// What the first request under a key asked for and got.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    /// A hash of the request: the same key with another one is a mistake of the caller.
    pub request_hash: String,
    /// What it got.
    pub result: serde_json::Value,
    /// When it came.
    pub at: Millis,
}

#[derive(sqlx::FromRow)]
struct Line {
    request_hash: String,
    result: String,
    at: i64,
}

/// What is remembered under `key` in `scope`, which names the use case and whose keys they are.
pub async fn find(
    reader: &mut Reader,
    scope: &str,
    key: &str,
) -> Result<Option<Remembered>, StoreError> {
    let Some(line) = fetch_optional!(reader, Line, FIND, scope, key)? else {
        return Ok(None);
    };
    let cells = Cells {
        table: "idempotency",
        row: scope,
    };
    Ok(Some(Remembered {
        result: cells.json("result", &line.result)?,
        request_hash: line.request_hash,
        at: Millis::new(line.at),
    }))
}

/// Remembers the result. [`crate::Constraint::IdempotencyKey`] if the key was used before.
pub async fn remember(
    tx: &mut Tx,
    scope: &str,
    key: &str,
    request_hash: &str,
    result: &serde_json::Value,
    at: Millis,
) -> Result<(), StoreError> {
    let result = to_json("idempotency", "result", result)?;
    execute!(tx, REMEMBER, scope, key, request_hash, &result, at.get())?;
    Ok(())
}

/// Forgets what came before `moment` and gives the number of keys forgotten.
pub async fn forget_before(tx: &mut Tx, moment: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, moment.get())?)
}
