//! Throws away what nobody needs any more: ended sessions, old events, used keys.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use store::sessions::Sessions;
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

/// Between two rounds.
const PAUSE: Duration = Duration::from_mins(10);
/// How many events are kept for readers that come back.
const EVENTS: i64 = 50_000;
/// How long the same request under the same key gets the first result: 7 days.
const KEYS_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Cleans up now and then until `stop`.
pub(crate) async fn run(store: Store, clock: Arc<dyn Clock>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = clean(&store, &clock).await {
            tracing::warn!(%error, "cleaning up did not succeed; it is tried again later");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn clean(store: &Store, clock: &Arc<dyn Clock>) -> Result<(), StoreError> {
    Sessions::new(store.clone(), Arc::clone(clock))
        .delete_expired()
        .await?;
    let mut tx = store.begin().await?;
    store::events::prune(&mut tx, EVENTS).await?;
    store::idempotency::forget_before(&mut tx, clock.now().plus(-KEYS_MS)).await?;
    tx.commit().await?;
    Ok(())
}
