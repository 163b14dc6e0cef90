//! Audit entries: who did what to what, when and on whose behalf.
//!
//! Entries are never changed. Each one's hash covers the one before it, so that changing, removing
//! or inserting an entry later is seen by [`verify_chain`].

mod chain;

pub use chain::{ChainFault, ChainVerdict, verify_chain};

use crate::cells::Cells;
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::ledger::Head;
use crate::tx::Reader;
use domain::canonical::to_canonical_json;
use domain::{Actor, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

statements! {
    APPEND = "INSERT INTO audit (n, at, subject_kind, subject_id, entry, hash)
        VALUES ($1, $2, $3, $4, $5, $6)";
    LIST = "SELECT n, at, subject_kind, subject_id, entry, hash FROM audit
        WHERE n < $1 ORDER BY n DESC LIMIT $2";
    OF_SUBJECT = "SELECT n, at, subject_kind, subject_id, entry, hash FROM audit
        WHERE subject_kind = $1 AND subject_id = $2 ORDER BY n DESC LIMIT $3";
    IN_ORDER = "SELECT n, at, subject_kind, subject_id, entry, hash FROM audit
        WHERE n > $1 ORDER BY n LIMIT $2";
}

/// What is recorded of one act. Names are snapshots: they stay as they were at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: Actor,
    /// For whom, where it was not for themselves: the engine acts for a requester.
    pub on_behalf_of: Option<Actor>,
    /// What, as noun and verb: `promotion.propose`, `aws.copy_project_version`.
    pub action: String,
    /// Whether it is done in this transaction, or one half of a call to AWS.
    pub phase: Phase,
    /// To what.
    pub subject: Subject,
    /// What else matters, each under its name. Never a secret.
    pub details: BTreeMap<String, String>,
    /// The request that it came with, ours or AWS's.
    pub request_id: Option<String>,
}

/// Which part of an act an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The act itself, carried out by the same transaction.
    Done,
    /// A write to AWS that is about to be sent.
    Intended,
    /// What became of a write to AWS.
    Outcome,
}

/// What was acted on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its id, or for what AWS owns its number or ARN.
    pub id: String,
}

/// The kinds of things that are acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The installation as a whole.
    Installation,
    /// An account.
    Account,
    /// An environment.
    Environment,
    /// A Custom Labels project.
    Project,
    /// A proposal.
    Proposal,
    /// A job.
    Job,
    /// A person.
    Person,
}

impl SubjectKind {
    /// The word used in SQL and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Account => "account",
            Self::Environment => "environment",
            Self::Project => "project",
            Self::Proposal => "proposal",
            Self::Job => "job",
            Self::Person => "person",
        }
    }
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number; counts from 1 without gaps.
    pub n: i64,
    /// Its place in the chain: 64 lower-case hexadecimal digits.
    pub hash: String,
    /// What it records.
    pub entry: AuditEntry,
}

#[derive(sqlx::FromRow)]
struct Line {
    n: i64,
    at: i64,
    subject_kind: String,
    subject_id: String,
    entry: String,
    hash: String,
}

impl Line {
    fn into_row(self) -> Result<AuditRow, StoreError> {
        let key = self.n.to_string();
        let cells = Cells {
            table: "audit",
            row: &key,
        };
        Ok(AuditRow {
            n: self.n,
            entry: cells.json("entry", &self.entry)?,
            hash: self.hash,
        })
    }
}

/// Writes the entry as the one after `head` and moves `head` to it.
pub(crate) async fn append(
    reader: &mut Reader,
    head: &mut Head,
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    let text = to_canonical_json(entry).map_err(|_| StoreError::Unwritable {
        table: "audit",
        column: "entry",
    })?;
    let n = head.audit_seq + 1;
    let hash = chain::link(n, &head.audit_hash, &text);
    execute!(
        reader,
        APPEND,
        n,
        entry.at.get(),
        entry.subject.kind.as_str(),
        &entry.subject.id,
        &text,
        &hash
    )?;
    head.audit_seq = n;
    head.audit_hash = hash;
    Ok(())
}

/// At most `limit` entries before number `before`, or the newest ones; newest first.
pub async fn list(
    reader: &mut Reader,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST, before.unwrap_or(i64::MAX), limit)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// At most `limit` entries about one thing, newest first.
pub async fn of_subject(
    reader: &mut Reader,
    subject: &Subject,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let lines = fetch_all!(
        reader,
        Line,
        OF_SUBJECT,
        subject.kind.as_str(),
        &subject.id,
        limit
    )?;
    lines.into_iter().map(Line::into_row).collect()
}
