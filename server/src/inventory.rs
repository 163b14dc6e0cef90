//! Looks at the projects and versions of all accounts, so that pages have something to show.

use std::time::Duration;

use operations::OpContext;
use tokio_util::sync::CancellationToken;

/// How long the first look may hold up the first answer.
const FIRST: Duration = Duration::from_secs(5);

/// Looks once before the server answers. An AWS that does not answer delays it by five seconds
/// and no more; pages then say what was not seen.
pub(crate) async fn first_look(cx: &OpContext) {
    if tokio::time::timeout(FIRST, look(cx)).await.is_err() {
        tracing::warn!("AWS has not answered in time; projects and versions are looked at later");
    }
}

/// Looks again after each `pause`, until `stop`.
pub(crate) async fn keep_looking(cx: OpContext, pause: Duration, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = look(&cx) => {}
        }
    }
}

async fn look(cx: &OpContext) {
    match operations::models::refresh(cx, None).await {
        Ok(seen) => {
            let failed = seen
                .places
                .iter()
                .filter(|place| place.error.is_some())
                .count();
            tracing::info!(
                places = seen.places.len(),
                failed,
                "looked at projects and versions"
            );
        }
        Err(error) => tracing::warn!(%error, "projects and versions could not be looked at"),
    }
}
