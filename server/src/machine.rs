//! The machine's own clock and randomness: the one place where the product takes either.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Clock, Millis, Random};
use rand::TryRngCore;
use rand::rngs::OsRng;

/// The machine's clock. A clock set before 1970 counts as 1970.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineClock;

/// The operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineRandom;

impl Clock for MachineClock {
    fn now(&self) -> Millis {
        #[expect(
            clippy::disallowed_methods,
            reason = "everything else is given this clock"
        )]
        let now = SystemTime::now();
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis::new(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Random for MachineRandom {
    fn fill(&self, bytes: &mut [u8]) {
        OsRng
            .try_fill_bytes(bytes)
            .expect("an operating system without random bytes cannot run a server");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_forward_and_random_bytes_differ() {
        let before = MachineClock.now();
        assert!(before > Millis::new(1_700_000_000_000));
        assert!(MachineClock.now() >= before);
        let (mut one, mut other) = ([0; 16], [0; 16]);
        MachineRandom.fill(&mut one);
        MachineRandom.fill(&mut other);
        assert_ne!(one, other);
    }
}
