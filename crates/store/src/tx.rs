//! Transactions: one kind that reads, and the one that writes.

use crate::audit::{self, AuditEntry};
use crate::dialect::Connection;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::fuse::Fuse;
use crate::ledger::{self, EventCursor, Head};
use std::ops::{Deref, DerefMut};
use tokio::sync::watch;

/// A transaction that reads. What it sees does not change while it is open.
pub struct Reader {
    pub(crate) connection: Connection,
    pub(crate) fuse: Fuse,
}

impl Reader {
    /// Commits a transaction for rows that are no part of the history.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.connection.commit().await.map_err(|error| {
            self.fuse.judge(&error);
            StoreError::Commit(error)
        })
    }
}

/// Who is told of a commit.
#[derive(Clone)]
pub(crate) struct Watches {
    /// The newest head that is known.
    pub(crate) head: watch::Sender<EventCursor>,
    /// The newest head that was committed by this process.
    pub(crate) committed: watch::Sender<EventCursor>,
}

/// The transaction that writes; it reads as a [`Reader`] does.
///
/// A change of state, its audit entries and its events belong into the same one. Dropping it rolls
/// everything back.
#[must_use = "what is not committed is rolled back"]
pub struct Tx {
    reader: Reader,
    head: Head,
    audits: Vec<AuditEntry>,
    events: Vec<NewEvent>,
    watches: Watches,
}

impl Tx {
    pub(crate) fn new(reader: Reader, head: Head, watches: Watches) -> Self {
        Self {
            reader,
            head,
            audits: Vec::new(),
            events: Vec::new(),
            watches,
        }
    }

    /// The newest event before this transaction.
    pub(crate) fn head(&self) -> EventCursor {
        self.head.cursor()
    }

    /// Adds an audit entry. It is numbered, chained and written by [`Tx::commit`].
    pub fn audit(&mut self, entry: AuditEntry) {
        self.audits.push(entry);
    }

    /// Adds an event. It is numbered and written by [`Tx::commit`], and seen by nobody before.
    pub fn emit(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Begins a new epoch, one above both the present one and `beyond`: events count from 1 again,
    /// and no cursor that was given out before fits any more, so every reader loads anew.
    pub fn begin_epoch(&mut self, beyond: i64) {
        self.head.epoch = self.head.epoch.max(beyond) + 1;
        self.head.event_seq = 0;
    }

    /// Makes everything permanent and gives the number of the newest event.
    ///
    /// The last statement updates the one row of `ledger_head`: numbers follow the order of
    /// commits and have no gaps. When this fails with [`StoreError::Commit`] it is not known
    /// whether the database has committed: read before acting again.
    pub async fn commit(mut self) -> Result<EventCursor, StoreError> {
        for entry in std::mem::take(&mut self.audits) {
            audit::append(&mut self.reader, &mut self.head, &entry).await?;
        }
        for event in std::mem::take(&mut self.events) {
            events::append(&mut self.reader, &mut self.head, &event).await?;
        }
        ledger::store(&mut self.reader, &self.head).await?;
        self.reader.commit().await?;
        let head = self.head.cursor();
        ledger::advance(&self.watches.head, head);
        ledger::advance(&self.watches.committed, head);
        Ok(head)
    }
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}
