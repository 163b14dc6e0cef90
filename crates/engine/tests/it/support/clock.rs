//! Time and chance under the test's control.

use domain::{Clock, Millis, Random};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

/// Stands still until it is moved.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn new() -> Self {
        Self(AtomicI64::new(1_795_515_254_000))
    }

    pub(crate) fn forward(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Somebody sets it back.
    pub(crate) fn back(&self, milliseconds: i64) {
        self.0.fetch_sub(milliseconds, Ordering::SeqCst);
    }

    /// Moves to `moment`, never back.
    pub(crate) fn forward_to(&self, moment: Millis) {
        self.0.fetch_max(moment.get(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        Millis::new(self.0.load(Ordering::SeqCst))
    }
}

/// The same bytes for the same seed (`SplitMix64`).
pub(crate) struct Seeded(Mutex<u64>);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().expect("no test panics in here");
        for byte in bytes {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (mixed ^ (mixed >> 31)).to_be_bytes()[0];
        }
    }
}
