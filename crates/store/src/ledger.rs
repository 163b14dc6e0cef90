//! The one row of numbers: epoch, newest event, newest audit entry and its hash.
//!
//! Whoever writes holds this row from begin to commit. That gives one order of commits on every
//! replica, numbers without gaps, and one chain of audit entries. A database sequence would give
//! numbers out before the commit, so that a reader could pass one by.

use crate::dialect::{execute, fetch_one, statements};
use crate::error::StoreError;
use crate::tx::Reader;
use std::fmt;
use std::str::FromStr;
use tokio::sync::watch;

statements! {
    LOCK = "UPDATE ledger_head SET one = one RETURNING epoch, event_seq, audit_seq, audit_hash";
    STORE = "UPDATE ledger_head SET epoch = $1, event_seq = $2, audit_seq = $3, audit_hash = $4";
    READ = "SELECT epoch, event_seq, audit_seq, audit_hash FROM ledger_head";
}

/// The number of an event. A restored database begins a new epoch, so that a number given out
/// before the restore is not taken for one given out after it.
///
/// Prints as `<epoch>-<seq>`, the id of a frame in the event stream, and is read from exactly that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventCursor {
    /// Counts restores, from 1.
    pub epoch: i64,
    /// Counts events, from 1; 0 stands before the first.
    pub seq: i64,
}

/// Text that is not an event's number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an event's number, which looks like 1-42")]
pub struct InvalidCursor;

impl fmt::Display for EventCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.epoch, self.seq)
    }
}

impl FromStr for EventCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let number = |digits: &str| {
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse().ok())
                .flatten()
        };
        text.split_once('-')
            .and_then(|(epoch, seq)| {
                Some(Self {
                    epoch: number(epoch)?,
                    seq: number(seq)?,
                })
            })
            .ok_or(InvalidCursor)
    }
}

/// The row.
#[derive(sqlx::FromRow)]
pub(crate) struct Head {
    pub(crate) epoch: i64,
    pub(crate) event_seq: i64,
    pub(crate) audit_seq: i64,
    pub(crate) audit_hash: String,
}

impl Head {
    pub(crate) fn cursor(&self) -> EventCursor {
        EventCursor {
            epoch: self.epoch,
            seq: self.event_seq,
        }
    }
}

/// Takes the row for the transaction that writes.
pub(crate) async fn lock(reader: &mut Reader) -> Result<Head, StoreError> {
    Ok(fetch_one!(reader, Head, LOCK)?)
}

/// The last statement of the transaction that writes.
pub(crate) async fn store(reader: &mut Reader, head: &Head) -> Result<(), StoreError> {
    execute!(
        reader,
        STORE,
        head.epoch,
        head.event_seq,
        head.audit_seq,
        &head.audit_hash
    )?;
    Ok(())
}

/// The whole row.
pub(crate) async fn read(reader: &mut Reader) -> Result<Head, StoreError> {
    Ok(fetch_one!(reader, Head, READ)?)
}

/// The number of the newest event.
pub async fn head(reader: &mut Reader) -> Result<EventCursor, StoreError> {
    Ok(read(reader).await?.cursor())
}

/// Moves the watch forward. Two commits may arrive here in either order.
pub(crate) fn advance(watch: &watch::Sender<EventCursor>, head: EventCursor) {
    watch.send_if_modified(|known| {
        let newer = head > *known;
        if newer {
            *known = head;
        }
        newer
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watch_never_goes_back() {
        let (sender, receiver) = watch::channel(EventCursor::default());
        let cursor = |epoch, seq| EventCursor { epoch, seq };
        for (head, known) in [
            (cursor(1, 2), cursor(1, 2)),
            (cursor(1, 1), cursor(1, 2)),
            (cursor(2, 0), cursor(2, 0)),
            (cursor(1, 9), cursor(2, 0)),
        ] {
            advance(&sender, head);
            assert_eq!(*receiver.borrow(), known, "after {head}");
        }
    }

    #[test]
    fn a_cursor_reads_back_and_anything_else_is_refused() {
        let cursor = EventCursor { epoch: 1, seq: 42 };
        assert_eq!(cursor.to_string(), "1-42");
        assert_eq!("1-42".parse(), Ok(cursor));
        for text in [
            "",
            "1",
            "1-",
            "-42",
            "1-+4",
            "1--4",
            "a-1",
            "1-1 ",
            "1-99999999999999999999",
        ] {
            assert_eq!(text.parse::<EventCursor>(), Err(InvalidCursor), "{text}");
        }
    }
}
