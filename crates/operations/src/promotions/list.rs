//! Listing proposals.

use super::view::{ProposalRow, arrow_of};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::OpResult;
use crate::people::named;
use crate::proposals::job_link;
use crate::view::{Page, PageRequest};
use domain::Action;
use store::{Reader, proposals};

/// Proposals of every kind, newest first.
pub async fn list(cx: &OpContext, page: PageRequest) -> OpResult<Page<ProposalRow>> {
    cx.require(Action::ViewProposals)?;
    let mut reader = cx.store.read().await?;
    let within = cx.environments(Action::ViewProposals);
    let registry = Registry::load(&mut reader).await?;
    let rows = proposals::list(
        &mut reader,
        &within,
        page.before,
        i64::from(page.limit()) + 1,
    )
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        items.push(view(cx, &mut reader, &registry, row).await?);
    }
    Ok(page.page(items, |item| item.number))
}

pub(super) async fn view(
    cx: &OpContext,
    reader: &mut Reader,
    registry: &Registry,
    row: &proposals::ProposalRow,
) -> OpResult<ProposalRow> {
    Ok(ProposalRow {
        id: row.id,
        number: row.number,
        kind: row.kind,
        word: row.state.word(),
        arrow: arrow_of(registry, &row.plan)?,
        created_at: row.created_at,
        job: job_link(cx, reader, row.id).await?,
        requester: row.requester.clone(),
        requester_name: named(reader, &row.requester).await?,
    })
}
