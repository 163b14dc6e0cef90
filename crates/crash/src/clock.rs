//! The machine's clock, moved forward: a child that takes over from one that was ended need not
//! wait until the lease of that one runs out.

use domain::{Clock, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs as the machine's clock does, some milliseconds ahead of it. Clones show the same time.
#[derive(Clone, Debug)]
pub struct AheadClock(Arc<AtomicI64>);

impl AheadClock {
    /// A clock that is `ahead_ms` milliseconds ahead.
    pub fn new(ahead_ms: i64) -> Self {
        Self(Arc::new(AtomicI64::new(ahead_ms)))
    }

    /// How far ahead it is, in milliseconds.
    pub fn ahead_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Moves it forward: nobody sits out a pause in which nothing can happen.
    pub fn forward(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for AheadClock {
    fn now(&self) -> Millis {
        #[expect(
            clippy::disallowed_methods,
            reason = "children must agree on the time with each other and with the emulator"
        )]
        let now = SystemTime::now();
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Millis::new(now_ms).plus(self.ahead_ms())
    }
}
