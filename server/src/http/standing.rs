//! Ends streams whose reader may not read any more.
//!
//! A stream is asked for once and stays open for hours; meanwhile its sign-in may end, or what its
//! person may can change (CVE-2024-41666). So one task reads again and again, for all open streams
//! together, which sign-ins are good and under which version, at every commit and every
//! [`ROUND`]: other processes, and the clock, end sign-ins too.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use operations::{Caller, OpContext};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long at most between two readings while a stream is open.
const ROUND: Duration = Duration::from_millis(500);

/// After how many readings in a row that did not succeed all streams end.
const FAILURES: u32 = 10;

/// What is good at present, by credential. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    latest: watch::Sender<Arc<HashMap<String, i64>>>,
}

impl Standing {
    /// Reads until `stop`; only while there are streams.
    pub async fn run(self, cx: OpContext, stop: CancellationToken) {
        let mut head = cx.store.watch_head();
        let mut failures = 0_u32;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                Ok(()) = head.changed() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
            if self.latest.receiver_count() == 0 {
                continue;
            }
            match operations::people::standing(&cx).await {
                Ok(now) => {
                    failures = 0;
                    self.latest.send_replace(Arc::new(now));
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "whether streams may stay open is not known");
                    failures += 1;
                    if failures == FAILURES {
                        // What cannot be asked is not allowed: readers come again.
                        self.latest.send_replace(Arc::default());
                    }
                }
            }
        }
    }

    /// Ends once the caller's credential is not good any more, or is good for something else.
    pub fn until_ended(&self, caller: &Caller) -> impl Future<Output = ()> + Send + use<> {
        let (credential, version) = (caller.credential(), caller.version);
        let mut latest = self.latest.subscribe();
        // What was read before the stream was asked for says nothing about it.
        latest.mark_unchanged();
        async move {
            let Some(credential) = credential else {
                return;
            };
            while latest.changed().await.is_ok() {
                if latest.borrow_and_update().get(&credential) != Some(&version) {
                    return;
                }
            }
        }
    }
}
