//! Reading the audit.

use super::filter::{AuditForm, UnreadablePart};
use super::view::{AuditView, Names};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::view::{Page, PageRequest};
use domain::Action;
use store::audit::{self, AuditFilter};
use store::{checkpoint, people};

/// How many entries an export reads at once.
const BATCH: i64 = 500;

/// What a look into the audit found.
#[derive(Clone, Debug)]
pub enum Found {
    /// These, newest first.
    Entries(Page<AuditView>),
    /// Nothing was looked for: these parts cannot be read.
    Unreadable(Vec<UnreadablePart>),
}

/// The entries that fit, newest first, a page at a time.
pub async fn list(cx: &OpContext, form: &AuditForm, page: PageRequest) -> OpResult<Found> {
    cx.require(Action::ViewAudit)?;
    let filter = match form.filter() {
        Ok(filter) => filter,
        Err(wrong) => return Ok(Found::Unreadable(wrong)),
    };
    let mut reader = cx.store.read().await?;
    let names = Names::load(&mut reader).await?;
    let limit = i64::from(page.limit()) + 1;
    let rows = audit::search(&mut reader, &filter, page.before, limit).await?;
    let views = rows.into_iter().map(|row| names.view(row)).collect();
    Ok(Found::Entries(page.page(views, |view| view.n)))
}

/// Who there is to look for: id and name of every person, by name. Names are untrusted text.
pub async fn actors(cx: &OpContext) -> OpResult<Vec<(String, String)>> {
    cx.require(Action::ViewAudit)?;
    let mut reader = cx.store.read().await?;
    let people = people::list(&mut reader).await?;
    let pairs = people.into_iter().map(|row| (row.id.to_string(), row.name));
    Ok(pairs.collect())
}

/// An export under way. It goes up to the entry that was the newest when it began.
pub struct Export {
    cx: OpContext,
    filter: AuditFilter,
    names: Names,
    after: i64,
    last: i64,
}

/// Begins an export of the entries that fit, oldest first; or says which parts cannot be read.
pub async fn export(
    cx: &OpContext,
    form: &AuditForm,
) -> OpResult<Result<Export, Vec<UnreadablePart>>> {
    cx.require(Action::ViewAudit)?;
    let filter = match form.filter() {
        Ok(filter) => filter,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let mut reader = cx.store.read().await?;
    let names = Names::load(&mut reader).await?;
    let last = checkpoint::checkpoint(&mut reader).await?.audit_seq;
    Ok(Ok(Export {
        cx: cx.clone(),
        filter,
        names,
        after: 0,
        last,
    }))
}

impl Export {
    /// The next entries; none at the end. Each call reads in a transaction of its own, so that a slow
    /// reader holds nothing open.
    pub async fn next(&mut self) -> OpResult<Option<Vec<AuditView>>> {
        let mut reader = self.cx.store.read().await?;
        let (after, last) = (self.after, self.last);
        let rows = audit::follow(&mut reader, &self.filter, after, last, BATCH).await?;
        let Some(newest) = rows.last() else {
            return Ok(None);
        };
        self.after = newest.n;
        let views = rows.into_iter().map(|row| self.names.view(row));
        Ok(Some(views.collect()))
    }
}
