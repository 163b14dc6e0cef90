//! A clock that only tests move.

use domain::{Clock, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Stands still until it is moved. Clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Millis) -> Self {
        Self(Arc::new(AtomicI64::new(start.get())))
    }

    /// Moves the clock forward by `milliseconds`, or back when negative.
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Sets the clock to `moment`.
    pub fn set(&self, moment: Millis) {
        self.0.store(moment.get(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        Millis::new(self.0.load(Ordering::SeqCst))
    }
}
