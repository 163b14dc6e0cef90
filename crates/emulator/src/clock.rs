//! Two clocks: the machine's, and the emulated world's, which can be moved forward.

use domain::{Clock, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Millis {
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Millis::new(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A moment in ISO 8601 with exactly three digits of milliseconds, so that moments of one length
/// stand in order as text.
pub(crate) fn exact(moment: Millis) -> String {
    let second = moment.whole_second();
    let text = second.to_string();
    match text.strip_suffix('Z') {
        Some(text) => format!("{text}.{:03}Z", moment.since(second)),
        None => text,
    }
}

/// The world's clock: the machine's plus everything it was advanced by.
///
/// Copies, session expiry, `aws:CurrentTime` and timestamps in answers follow the world;
/// signature skew and the `Date` header stay with the machine.
pub(crate) struct WorldClock {
    machine: Arc<dyn Clock>,
    ahead_ms: AtomicI64,
}

impl WorldClock {
    pub(crate) fn new(machine: Arc<dyn Clock>) -> Self {
        Self {
            machine,
            ahead_ms: AtomicI64::new(0),
        }
    }

    /// The machine's time.
    pub(crate) fn machine_now(&self) -> Millis {
        self.machine.now()
    }

    /// The world's time.
    pub(crate) fn now(&self) -> Millis {
        self.machine
            .now()
            .plus(self.ahead_ms.load(Ordering::SeqCst))
    }

    /// How far the world is ahead of the machine, in milliseconds.
    pub(crate) fn ahead_ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::SeqCst)
    }

    /// Moves the world forward. It never goes back.
    pub(crate) fn advance(&self, milliseconds: i64) {
        self.ahead_ms
            .fetch_add(milliseconds.max(0), Ordering::SeqCst);
    }

    /// Brings the world back to the machine's time.
    pub(crate) fn reset(&self) {
        self.ahead_ms.store(0, Ordering::SeqCst);
    }
}
