//! What stands beside the text of an entry, for searching.

use super::{AuditEntry, Line};
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::store::Store;
use domain::Actor;

statements! {
    UNFILLED = "SELECT n, entry FROM audit WHERE phase IS NULL ORDER BY n LIMIT $1";
    FILL = "UPDATE audit SET actor = $2, action = $3, phase = $4 WHERE n = $1";
}

/// How many rows are filled in one transaction.
const BATCH: i64 = 2_000;

/// The columns of one entry, as its text has them.
pub(super) struct Columns<'a> {
    pub(super) at: i64,
    pub(super) subject_kind: &'static str,
    pub(super) subject_id: &'a str,
    pub(super) actor: String,
    pub(super) action: &'a str,
    pub(super) phase: &'static str,
}

impl<'a> Columns<'a> {
    pub(super) fn of(entry: &'a AuditEntry) -> Self {
        Self {
            at: entry.at.get(),
            subject_kind: entry.subject.kind.as_str(),
            subject_id: &entry.subject.id,
            actor: key(&entry.actor),
            action: &entry.action,
            phase: entry.phase.as_str(),
        }
    }

    /// Whether the row has exactly these.
    pub(super) fn are_those_of(&self, line: &Line) -> bool {
        self.at == line.at
            && self.subject_kind == line.subject_kind
            && self.subject_id == line.subject_id
            && Some(self.actor.as_str()) == line.actor.as_deref()
            && Some(self.action) == line.action.as_deref()
            && Some(self.phase) == line.phase.as_deref()
    }
}

/// What somebody is searched by: the id of a person, else the word of a part of the product.
pub(super) fn key(actor: &Actor) -> String {
    match actor {
        Actor::LocalOperator => "local_operator".to_owned(),
        Actor::Engine => "engine".to_owned(),
        Actor::Rule => "rule".to_owned(),
        Actor::Configuration => "configuration".to_owned(),
        Actor::Person { id } => id.to_string(),
    }
}

/// Fills the columns of rows that an older version wrote, from their text, and gives their number.
/// It writes nothing when all are filled; after a crash the next call goes on.
///
/// A text that cannot be read gets empty columns: verifying the chain tells of it, and opening the
/// database must not fail for it.
pub(crate) async fn fill(store: &Store) -> Result<u64, StoreError> {
    let mut filled = 0;
    loop {
        let mut reader = store.read().await?;
        let rows = fetch_all!(reader, (i64, String), UNFILLED, BATCH)?;
        drop(reader);
        if rows.is_empty() {
            return Ok(filled);
        }
        let mut writer = store.begin_aside().await?;
        for (n, text) in rows {
            let entry = serde_json::from_str::<AuditEntry>(&text).ok();
            let columns = entry.as_ref().map(Columns::of);
            let (actor, action, phase) = match &columns {
                Some(columns) => (columns.actor.as_str(), columns.action, columns.phase),
                None => ("", "", ""),
            };
            filled += execute!(writer, FILL, n, actor, action, phase)?;
        }
        writer.commit().await?;
        tracing::info!(
            filled,
            "audit entries of a former version can be searched now"
        );
    }
}
