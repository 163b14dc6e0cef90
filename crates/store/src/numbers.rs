//! Numbers that people call proposals and jobs by: from 1, without gaps.

use crate::dialect::{fetch_one, statements};
use crate::error::StoreError;
use crate::tx::Tx;

statements! {
    NEXT = "UPDATE numbers SET last = last + 1 WHERE series = $1 RETURNING last";
}

/// The next number of a series. It is taken once the transaction commits.
pub(crate) async fn next(tx: &mut Tx, series: &'static str) -> Result<i64, StoreError> {
    let (number,) = fetch_one!(tx, (i64,), NEXT, series)?;
    Ok(number)
}
