//! Pauses between tries.

use crate::settings::RetrySettings;
use domain::Random;

/// A pause before try number `attempt` (from 0), in milliseconds: anything from 1 to the base
/// doubled `attempt` times, at most the cap. Many jobs that failed together do not come back
/// together.
pub(crate) fn full_jitter(settings: &RetrySettings, attempt: u32, random: &dyn Random) -> i64 {
    let doubled = settings
        .base_ms
        .saturating_mul(1_i64.checked_shl(attempt.min(40)).unwrap_or(i64::MAX));
    between(1, doubled.min(settings.cap_ms).max(1), random)
}

/// A number from `low` to `high`, both included.
pub(crate) fn between(low: i64, high: i64, random: &dyn Random) -> i64 {
    let mut bytes = [0_u8; 8];
    random.fill(&mut bytes);
    let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
    let offset = u64::from_be_bytes(bytes) % width.saturating_add(1);
    low.saturating_add(i64::try_from(offset).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes(u8);
    impl Random for Bytes {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_pause_is_at_least_one_and_never_more_than_the_cap() {
        let settings = RetrySettings::default();
        for attempt in [0, 1, 5, 60, u32::MAX] {
            for byte in 0..=255 {
                let pause = full_jitter(&settings, attempt, &Bytes(byte));
                assert!((1..=settings.cap_ms).contains(&pause), "{attempt}: {pause}");
            }
        }
    }

    #[test]
    fn the_first_pause_stays_within_the_base() {
        let settings = RetrySettings::default();
        for byte in 0..=255 {
            assert!(full_jitter(&settings, 0, &Bytes(byte)) <= settings.base_ms);
        }
    }
}
