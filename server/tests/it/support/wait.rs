//! Waiting for a state instead of for a time.

use std::future::Future;
use std::time::{Duration, Instant};

/// Asks again and again until `look` gives something; panics after `seconds`.
pub(crate) async fn until<T, F>(what: &str, seconds: u64, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "waited {seconds} s in vain: {what}"
        );
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
