//! Time as a number and the source it comes from.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Prints as `2026-11-24T10:14:14Z`.
///
/// Never further from there than 2^53 − 1 ms (some 285,000 years), the integers that JSON carries
/// exactly, so that every moment has a canonical form (see [`crate::canonical`]).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "i64", into = "i64")]
pub struct Millis(i64);

impl Millis {
    /// The latest moment.
    pub const MAX: Self = Self((1 << 53) - 1);
    /// The earliest moment.
    pub const MIN: Self = Self(-Self::MAX.0);

    /// The moment `value` milliseconds after 1970-01-01T00:00:00Z; negative values lie before it.
    /// What is out of range becomes the nearest moment.
    pub const fn new(value: i64) -> Self {
        if value > Self::MAX.0 {
            Self::MAX
        } else if value < Self::MIN.0 {
            Self::MIN
        } else {
            Self(value)
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The moment `milliseconds` later, or the latest one; earlier for negative values.
    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Self {
        Self::new(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment rounded down to a whole second, as IAM date conditions take it.
    #[must_use]
    pub const fn whole_second(self) -> Self {
        Self::new(self.0 - self.0.rem_euclid(1000))
    }

    /// Reads an ISO 8601 moment such as `2026-11-24T10:14:14Z`; anything finer than a
    /// millisecond is dropped. Text without an offset, or out of range, gives `None`.
    pub fn parse_iso(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(|timestamp| Self(timestamp.as_millisecond()))
    }
}

impl From<i64> for Millis {
    fn from(value: i64) -> Self {
        Self::new(value)
    }
}

impl From<Millis> for i64 {
    fn from(moment: Millis) -> Self {
        moment.0
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(formatter, "{timestamp}"),
            Err(_) => write!(formatter, "{} ms", self.0),
        }
    }
}

/// Tells the time. The product takes it from the machine; tests move it by hand.
pub trait Clock: Send + Sync {
    /// The present moment, UTC.
    fn now(&self) -> Millis;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_prints_and_reads_as_iso_8601() {
        let moment = Millis::new(1_795_515_254_000);
        assert_eq!(moment.to_string(), "2026-11-24T10:14:14Z");
        assert_eq!(Millis::parse_iso("2026-11-24T10:14:14Z"), Some(moment));
        assert_eq!(Millis::parse_iso("2026-11-24"), None);
    }

    #[test]
    fn a_moment_stays_within_the_safe_integers() {
        assert_eq!(Millis::MAX.get(), 9_007_199_254_740_991);
        for (moment, nearest) in [
            (Millis::new(i64::MAX), Millis::MAX),
            (Millis::new(i64::MIN), Millis::MIN),
            (Millis::MAX.plus(1), Millis::MAX),
            (Millis::MIN.plus(i64::MIN), Millis::MIN),
            (Millis::MIN.whole_second(), Millis::MIN),
            (
                serde_json::from_str("9223372036854775807").unwrap(),
                Millis::MAX,
            ),
        ] {
            assert_eq!(moment, nearest);
            assert!(crate::canonical::to_canonical_json(&moment).is_ok());
            assert!(!moment.to_string().is_empty());
        }
        assert_eq!(serde_json::to_string(&Millis::new(-5)).unwrap(), "-5");
    }

    #[test]
    fn whole_seconds_round_down_on_both_sides_of_the_epoch() {
        assert_eq!(Millis::new(1999).whole_second(), Millis::new(1000));
        assert_eq!(Millis::new(-1).whole_second(), Millis::new(-1000));
    }
}
