//! Events: committed changes, numbered, for those who follow along.

use crate::cells::{Cells, to_json};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::ledger::{self, EventCursor, Head};
use crate::tx::{Reader, Tx};
use domain::{EnvironmentName, Millis};
use serde::{Deserialize, Serialize};

statements! {
    APPEND = "INSERT INTO events (epoch, seq, kind, subject, environment, view, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    AFTER = "SELECT epoch, seq, kind, subject, environment, view, at FROM events
        WHERE epoch = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    OLDEST = "SELECT epoch, seq FROM events ORDER BY epoch, seq LIMIT 1";
    PRUNE = "DELETE FROM events WHERE epoch < $1 OR seq <= $2";
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A job.
    Job,
    /// A proposal.
    Proposal,
    /// What is known of an account's projects, versions and policies.
    Inventory,
    /// The pause of the installation.
    Installation,
}

impl EventKind {
    /// The word used in SQL and in the stream.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Proposal => "proposal",
            Self::Inventory => "inventory",
            Self::Installation => "installation",
        }
    }
}

/// An event before it has a number.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// What has changed.
    pub kind: EventKind,
    /// The id of what has changed.
    pub subject: String,
    /// The environment whose readers may see it; none if everybody may.
    pub environment: Option<EnvironmentName>,
    /// What the stream carries: small, without names and ARNs, the same for every reader.
    pub view: serde_json::Value,
    /// When.
    pub at: Millis,
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its number.
    pub cursor: EventCursor,
    /// What has changed.
    pub kind: EventKind,
    /// The id of what has changed.
    pub subject: String,
    /// The environment whose readers may see it; none if everybody may.
    pub environment: Option<EnvironmentName>,
    /// What the stream carries, as JSON text.
    pub view: String,
    /// When.
    pub at: Millis,
}

/// What follows a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The events after it, in order and without a gap; empty at the head.
    Events(Vec<EventRow>),
    /// Nobody can tell: the cursor is older than what is kept, comes from another epoch, or was
    /// never given out. Whoever holds it must read everything anew.
    Resync,
}

#[derive(sqlx::FromRow)]
struct Line {
    epoch: i64,
    seq: i64,
    kind: String,
    subject: String,
    environment: Option<String>,
    view: String,
    at: i64,
}

impl Line {
    fn into_row(self) -> Result<EventRow, StoreError> {
        let cursor = EventCursor {
            epoch: self.epoch,
            seq: self.seq,
        };
        let key = cursor.to_string();
        let cells = Cells {
            table: "events",
            row: &key,
        };
        Ok(EventRow {
            cursor,
            kind: cells.text("kind", self.kind)?,
            environment: cells.optional_text("environment", self.environment)?,
            subject: self.subject,
            view: self.view,
            at: Millis::new(self.at),
        })
    }
}

/// Writes the event as the one after `head` and moves `head` to it.
pub(crate) async fn append(
    reader: &mut Reader,
    head: &mut Head,
    event: &NewEvent,
) -> Result<(), StoreError> {
    let view = to_json("events", "view", &event.view)?;
    let seq = head.event_seq + 1;
    execute!(
        reader,
        APPEND,
        head.epoch,
        seq,
        event.kind.as_str(),
        &event.subject,
        event.environment.as_ref().map(EnvironmentName::as_str),
        &view,
        event.at.get()
    )?;
    head.event_seq = seq;
    Ok(())
}

/// At most `limit` (at least 1) events after `cursor`.
pub async fn after(
    reader: &mut Reader,
    cursor: EventCursor,
    limit: i64,
) -> Result<Replay, StoreError> {
    let head = ledger::head(reader).await?;
    if cursor == head {
        return Ok(Replay::Events(Vec::new()));
    }
    if cursor.epoch != head.epoch || cursor > head {
        return Ok(Replay::Resync);
    }
    let lines = fetch_all!(reader, Line, AFTER, cursor.epoch, cursor.seq, limit.max(1))?;
    // The first one missing means that more than the cursor was removed.
    if lines
        .first()
        .is_none_or(|first| first.seq != cursor.seq + 1)
    {
        return Ok(Replay::Resync);
    }
    let events: Result<Vec<_>, _> = lines.into_iter().map(Line::into_row).collect();
    Ok(Replay::Events(events?))
}

/// The oldest event that is kept.
pub async fn oldest(reader: &mut Reader) -> Result<Option<EventCursor>, StoreError> {
    let row = fetch_optional!(reader, (i64, i64), OLDEST)?;
    Ok(row.map(|(epoch, seq)| EventCursor { epoch, seq }))
}

/// Removes all but the newest `keep` events and gives the number of those removed. Events of this
/// transaction are not counted.
pub async fn prune(tx: &mut Tx, keep: i64) -> Result<u64, StoreError> {
    let head = tx.head();
    Ok(execute!(
        tx,
        PRUNE,
        head.epoch,
        head.seq.saturating_sub(keep.max(0))
    )?)
}
