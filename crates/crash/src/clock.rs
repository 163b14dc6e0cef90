//! The machine's clock, moved forward: a child that takes over from one that was ended need not
//! wait until the lease of that one runs out.

use domain::{Clock, Millis};
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs as the machine's clock does, some milliseconds ahead of it.
#[derive(Clone, Copy, Debug)]
pub struct AheadClock {
    /// How far ahead, in milliseconds.
    pub ahead_ms: i64,
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
        Millis::new(now_ms).plus(self.ahead_ms)
    }
}
