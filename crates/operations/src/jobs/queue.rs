//! Whose turn it is in a destination project.

use super::{Claim, held};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, JobWord, Millis};
use store::jobs::{self, AheadRow, JobRow};
use store::{Reader, Tx};

/// Whether a job may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may.
    Now,
    /// Others are before it, until a place is free.
    Later,
    /// Another worker has claimed the job since.
    Lost,
}

/// Whether there is a place for a queued copy in its destination project, and nobody waits for it
/// longer. Policy jobs need none.
pub async fn turn(cx: &OpContext, claim: &Claim) -> OpResult<Turn> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    let Some(row) = held(&mut reader, claim).await? else {
        return Ok(Turn::Lost);
    };
    let (before, _) = before(cx, &mut reader, &row).await?;
    Ok(if before == 0 { Turn::Now } else { Turn::Later })
}

/// How many jobs must leave the project or the queue before it is `row`'s turn, and those ahead.
pub(super) async fn before(
    cx: &OpContext,
    reader: &mut Reader,
    row: &JobRow,
) -> OpResult<(usize, Vec<AheadRow>)> {
    let Some(project) = &row.destination_project else {
        return Ok((0, Vec::new()));
    };
    let ahead = jobs::ahead(reader, project, row.number).await?;
    let places = usize::try_from(cx.settings.copies_per_project.max(1)).unwrap_or(usize::MAX);
    Ok(((ahead.len() + 1).saturating_sub(places), ahead))
}

/// How many jobs are before a queued one that has to wait for its turn; 0 for every other.
pub(crate) async fn behind(cx: &OpContext, reader: &mut Reader, row: &JobRow) -> OpResult<usize> {
    if row.state.word() != JobWord::Queued || row.held {
        return Ok(0);
    }
    let (before, ahead) = before(cx, reader, row).await?;
    Ok(if before == 0 { 0 } else { ahead.len() })
}

/// Whether a place is free for `row`. In a writing transaction it stays free to the end.
pub(super) async fn has_place(cx: &OpContext, tx: &mut Tx, row: &JobRow) -> OpResult<bool> {
    let Some(project) = &row.destination_project else {
        return Ok(true);
    };
    let ahead = jobs::ahead(tx, project, row.number).await?;
    let taken = ahead.iter().filter(|other| other.holds_place);
    Ok(u32::try_from(taken.count()).unwrap_or(u32::MAX) < cx.settings.copies_per_project.max(1))
}

/// Makes those who wait for their turn behind `row` look again whether it has come.
pub(super) async fn wake_behind(tx: &mut Tx, row: &JobRow, now: Millis) -> OpResult<()> {
    if let Some(project) = &row.destination_project {
        jobs::wake_queue(tx, project, now).await?;
    }
    Ok(())
}
