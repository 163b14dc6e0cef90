//! Finding entries.

use super::{AuditRow, Line, Phase, SubjectKind, columns, select};
use crate::dialect::{fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::Reader;
use domain::{Actor, Millis};

/// All conditions; an empty text stands for any. The condition in front, if there is one, is the one
/// whose index is to be used.
macro_rules! newest_first {
    ($index:literal) => {
        select!(
            "WHERE ",
            $index,
            "n < $1 AND ($2 = '' OR actor = $2) AND ($3 = '' OR action = $3)
            AND ($4 = '' OR phase = $4) AND ($5 = '' OR subject_kind = $5)
            AND ($6 = '' OR subject_id = $6) AND at >= $7 AND at < $8 ORDER BY n DESC LIMIT $9"
        )
    };
}

/// The same from the oldest on, up to a last one.
macro_rules! oldest_first {
    ($index:literal) => {
        select!(
            "WHERE ",
            $index,
            "n > $1 AND ($2 = '' OR actor = $2) AND ($3 = '' OR action = $3)
            AND ($4 = '' OR phase = $4) AND ($5 = '' OR subject_kind = $5)
            AND ($6 = '' OR subject_id = $6) AND at >= $7 AND at < $8 AND n <= $10
            ORDER BY n LIMIT $9"
        )
    };
}

statements! {
    SEARCH = newest_first!("");
    SEARCH_SUBJECT = newest_first!("subject_id = $6 AND ");
    SEARCH_ACTOR = newest_first!("actor = $2 AND ");
    SEARCH_ACTION = newest_first!("action = $3 AND ");
    SEARCH_PHASE = newest_first!("phase = $4 AND ");
    FOLLOW = oldest_first!("");
    FOLLOW_SUBJECT = oldest_first!("subject_id = $6 AND ");
    FOLLOW_ACTOR = oldest_first!("actor = $2 AND ");
    FOLLOW_ACTION = oldest_first!("action = $3 AND ");
    FOLLOW_PHASE = oldest_first!("phase = $4 AND ");
    LAST_REFUSED = "SELECT at FROM audit
        WHERE actor = $1 AND action = $2 AND phase = 'refused' ORDER BY n DESC LIMIT 1";
}

/// Which entries are looked for: those that every given part fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By whom: a person's id, or the word of a part of the product, such as `engine`.
    pub actor: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// In which phase.
    pub phase: Option<Phase>,
    /// To what kind of thing.
    pub subject_kind: Option<SubjectKind>,
    /// To which thing.
    pub subject_id: Option<String>,
    /// Not before this moment.
    pub from: Option<Millis>,
    /// Before this moment.
    pub until: Option<Millis>,
}

/// The filter as the statements take it.
struct Binds<'a> {
    actor: &'a str,
    action: &'a str,
    phase: &'static str,
    kind: &'static str,
    id: &'a str,
    from: i64,
    until: i64,
}

impl AuditFilter {
    fn binds(&self) -> Binds<'_> {
        Binds {
            actor: self.actor.as_deref().unwrap_or_default(),
            action: self.action.as_deref().unwrap_or_default(),
            phase: self.phase.map_or("", Phase::as_str),
            kind: self.subject_kind.map_or("", SubjectKind::as_str),
            id: self.subject_id.as_deref().unwrap_or_default(),
            from: self.from.map_or(i64::MIN, Millis::get),
            until: self.until.map_or(i64::MAX, Millis::get),
        }
    }

    /// The statement that begins with what leaves the fewest entries: one thing has fewer than one
    /// person, and one person fewer than one phase.
    fn pick(&self, of: [&'static str; 5]) -> &'static str {
        let [subject, actor, action, phase, all] = of;
        let given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        if given(&self.subject_id) {
            subject
        } else if given(&self.actor) {
            actor
        } else if given(&self.action) {
            action
        } else if self.phase.is_some() {
            phase
        } else {
            all
        }
    }
}

/// At most `limit` entries that fit, before number `before` or the newest ones; newest first.
pub async fn search(
    reader: &mut Reader,
    filter: &AuditFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let sql = filter.pick([
        SEARCH_SUBJECT,
        SEARCH_ACTOR,
        SEARCH_ACTION,
        SEARCH_PHASE,
        SEARCH,
    ]);
    let binds = filter.binds();
    let lines = fetch_all!(
        reader,
        Line,
        sql,
        before.unwrap_or(i64::MAX),
        binds.actor,
        binds.action,
        binds.phase,
        binds.kind,
        binds.id,
        binds.from,
        binds.until,
        limit
    )?;
    lines.into_iter().map(Line::into_row).collect()
}

/// At most `limit` entries that fit, after number `after` and up to number `last`; oldest first.
pub async fn follow(
    reader: &mut Reader,
    filter: &AuditFilter,
    after: i64,
    last: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let sql = filter.pick([
        FOLLOW_SUBJECT,
        FOLLOW_ACTOR,
        FOLLOW_ACTION,
        FOLLOW_PHASE,
        FOLLOW,
    ]);
    let binds = filter.binds();
    let lines = fetch_all!(
        reader,
        Line,
        sql,
        after,
        binds.actor,
        binds.action,
        binds.phase,
        binds.kind,
        binds.id,
        binds.from,
        binds.until,
        limit,
        last
    )?;
    lines.into_iter().map(Line::into_row).collect()
}

/// When `actor` was last refused `action`.
pub async fn last_refused(
    reader: &mut Reader,
    actor: &Actor,
    action: &str,
) -> Result<Option<Millis>, StoreError> {
    let row = fetch_optional!(reader, (i64,), LAST_REFUSED, columns::key(actor), action)?;
    Ok(row.map(|(at,)| Millis::new(at)))
}
