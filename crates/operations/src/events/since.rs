//! Reading on in the stream.

use super::{EventCursor, StreamView};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Action;
use store::events::{EventRow, Replay};

/// Events after `after` in their order, at most `limit` of them. None when the reader's place is
/// not known any more (another epoch, ahead of the head, or older than what is kept): it has to
/// load anew what it shows.
pub async fn since(
    cx: &OpContext,
    after: EventCursor,
    limit: u32,
) -> OpResult<Option<Vec<(EventCursor, StreamView)>>> {
    cx.require(Action::FollowEvents)?;
    let mut reader = cx.store.read().await?;
    let replay = store::events::after(&mut reader, after, i64::from(limit)).await?;
    Ok(match replay {
        Replay::Resync => None,
        Replay::Events(rows) => Some(rows.into_iter().map(streamed).collect()),
    })
}

fn streamed(row: EventRow) -> (EventCursor, StreamView) {
    let view = StreamView {
        name: row.kind,
        environment: row.environment,
        subject: row.subject,
        data: row.view,
    };
    (row.cursor, view)
}
