//! Calls per second, as AWS counts them for Custom Labels: each operation on its own, per account
//! and Region.

use domain::{AccountNumber, Millis, Region};
use std::collections::HashMap;

/// Token buckets that hold one second's worth of calls and fill at the same rate. AWS does not
/// publish the burst; one second's worth is the smallest that lets the quota be used.
#[derive(Default)]
pub(crate) struct Throttle {
    buckets: HashMap<(AccountNumber, Region, &'static str), Level>,
}

struct Level {
    /// Calls left, in thousandths.
    thousandths: i64,
    at: Millis,
}

impl Throttle {
    /// Takes one call, or says that there is none left. `per_second` of 0 is no limit.
    pub(crate) fn take(
        &mut self,
        account: &AccountNumber,
        region: &Region,
        operation: &'static str,
        per_second: u32,
        now: Millis,
    ) -> bool {
        if per_second == 0 {
            return true;
        }
        let full = i64::from(per_second) * 1000;
        let level = self
            .buckets
            .entry((account.clone(), region.clone(), operation))
            .or_insert(Level {
                thousandths: full,
                at: now,
            });
        // A rate of n calls per second is n thousandths per millisecond.
        let elapsed = now.since(level.at).max(0);
        let gained = elapsed.saturating_mul(i64::from(per_second));
        level.thousandths = level.thousandths.saturating_add(gained).min(full);
        level.at = now;
        if level.thousandths < 1000 {
            return false;
        }
        level.thousandths -= 1000;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_second_gives_the_quota_and_no_more() {
        let account: AccountNumber = "111111111111".parse().unwrap();
        let region: Region = "eu-west-1".parse().unwrap();
        let mut throttle = Throttle::default();
        let mut take =
            |operation, at| throttle.take(&account, &region, operation, 5, Millis::new(at));
        for _ in 0..5 {
            assert!(take("DescribeProjects", 0));
        }
        assert!(
            !take("DescribeProjects", 0),
            "the sixth call of a second is refused"
        );
        assert!(
            take("CopyProjectVersion", 0),
            "each operation counts on its own"
        );
        assert!(
            !take("DescribeProjects", 199),
            "the next one comes after a fifth of a second"
        );
        assert!(take("DescribeProjects", 200));
        for _ in 0..5 {
            assert!(take("DescribeProjects", 10_000));
        }
        assert!(
            !take("DescribeProjects", 10_000),
            "a long rest does not save calls up"
        );
    }

    #[test]
    fn a_quota_of_zero_is_no_limit() {
        let account: AccountNumber = "111111111111".parse().unwrap();
        let region: Region = "eu-west-1".parse().unwrap();
        let mut throttle = Throttle::default();
        assert!((0..1000).all(|_| throttle.take(&account, &region, "x", 0, Millis::new(0))));
    }
}
