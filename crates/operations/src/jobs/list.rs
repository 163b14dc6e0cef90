//! Listing jobs.

use super::queue::behind;
use super::view::JobRow;
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::promotions::arrow_of;
use crate::view::{Page, PageRequest};
use domain::Action;
use store::{jobs, proposals};

/// Jobs of every kind, newest first.
pub async fn list(cx: &OpContext, page: PageRequest) -> OpResult<Page<JobRow>> {
    cx.require(Action::ViewProposals)?;
    let mut reader = cx.store.read().await?;
    let within = cx.environments(Action::ViewProposals);
    let registry = Registry::load(&mut reader).await?;
    let rows = jobs::list(
        &mut reader,
        &within,
        page.before,
        i64::from(page.limit()) + 1,
    )
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let proposal = proposals::find(&mut reader, row.proposal).await?;
        let proposal = proposal.ok_or_else(|| OpError::stored("proposal of a job"))?;
        items.push(JobRow {
            id: row.id,
            number: row.number,
            kind: row.kind,
            word: row.state.word(),
            behind: behind(cx, &mut reader, &row).await?,
            arrow: arrow_of(&registry, &proposal.plan)?,
            created_at: row.created_at,
            ended_at: row.ended_at,
        });
    }
    Ok(page.page(items, |item| item.number))
}
