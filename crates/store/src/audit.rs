//! Audit entries: who did what to what, when and on whose behalf.
//!
//! Entries are never changed. Each one's hash covers the one before it, so that changing, removing
//! or inserting an entry later is seen by [`verify_chain`]. [`search()`] finds entries.

mod chain;
mod columns;
mod search;

pub use chain::{ChainFault, ChainVerdict, Mark, verify_against, verify_chain};
pub use search::{AuditFilter, follow, last_refused, search};

pub(crate) use columns::fill;

use crate::cells::Cells;
use crate::dialect::{execute, fetch_all, statements};
use crate::error::StoreError;
use crate::ledger::Head;
use crate::statements::Statement;
use crate::tx::Reader;
use columns::Columns;
use domain::canonical::to_canonical_json;
use domain::{Actor, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The columns of a [`Line`].
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT n, at, subject_kind, subject_id, actor, action, phase, entry, hash FROM audit ",
            $($rest),+
        )
    };
}
use select;

statements! {
    APPEND = "INSERT INTO audit
            (n, at, subject_kind, subject_id, actor, action, phase, entry, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIST = select!("WHERE n < $1 ORDER BY n DESC LIMIT $2");
    OF_SUBJECT =
        select!("WHERE subject_kind = $1 AND subject_id = $2 ORDER BY n DESC LIMIT $3");
    IN_ORDER = select!("WHERE n > $1 ORDER BY n LIMIT $2");
}

/// The statements of the modules below.
pub(crate) const MORE_STATEMENTS: [&[Statement]; 2] = [columns::STATEMENTS, search::STATEMENTS];

/// What is recorded of one act. Names are snapshots: they stay as they were at that time.
///
/// A part that was added later and is not known stays out of the text that is hashed, so entries of
/// before keep their hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: Actor,
    /// The salted hash of the name that a person had then: 64 lower-case hexadecimal digits. The
    /// name itself stands apart, so that it can be replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// For whom, where it was not for themselves: the engine acts for a requester.
    pub on_behalf_of: Option<Actor>,
    /// What, as noun and verb: `promotion.propose`, `aws.copy_project_version`. Of a refused
    /// attempt: what was wanted, in the words of the permission, `propose_promotion`.
    pub action: String,
    /// Whether it is done in this transaction, or one half of a call to AWS, or was refused.
    pub phase: Phase,
    /// To what.
    pub subject: Subject,
    /// What else matters, each under its name. Never a secret.
    pub details: BTreeMap<String, String>,
    /// The request that it came with, ours or AWS's.
    pub request_id: Option<String>,
    /// The way by which the request came in: `page`, `api`, `command_line` or `engine`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The address that the request came from, if it came over a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
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
    /// An attempt of a known person that was refused; nothing was done.
    Refused,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 4] = [Self::Done, Self::Intended, Self::Outcome, Self::Refused];

    /// The word used in SQL and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Intended => "intended",
            Self::Outcome => "outcome",
            Self::Refused => "refused",
        }
    }
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
    /// A person, or a service account.
    Person,
    /// A token.
    Token,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Installation,
        Self::Account,
        Self::Environment,
        Self::Project,
        Self::Proposal,
        Self::Job,
        Self::Person,
        Self::Token,
    ];

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
            Self::Token => "token",
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
    /// The text that the hash covers: the entry as canonical JSON (RFC 8785).
    pub canonical: String,
}

#[derive(sqlx::FromRow)]
struct Line {
    n: i64,
    at: i64,
    subject_kind: String,
    subject_id: String,
    actor: Option<String>,
    action: Option<String>,
    phase: Option<String>,
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
            canonical: self.entry,
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
    let columns = Columns::of(entry);
    execute!(
        reader,
        APPEND,
        n,
        columns.at,
        columns.subject_kind,
        columns.subject_id,
        columns.actor,
        columns.action,
        columns.phase,
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
