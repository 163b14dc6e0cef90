//! A token bucket that slows down when AWS throttles.

use domain::Millis;

/// One call, in the unit that tokens are counted in: a rate in millionths of a call a second, times
/// milliseconds.
const CALL: i64 = 1_000_000_000;

/// However much AWS throttles, one call may be made in this time.
const SLOWEST_MS: i64 = 5_000;

/// That pace as a rate.
const SLOWEST: i64 = CALL / SLOWEST_MS;

/// Calls a second of one operation.
///
/// In any span of `t` seconds it gives at most `quota − rate` calls at once, or one, and `rate × t`
/// more. So in no second more than AWS's quota are made, or one more when the whole quota is used.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    /// Millionths of a call a second, when AWS does not throttle.
    full: i64,
    /// The same at present.
    rate: i64,
    /// The most tokens.
    capacity: i64,
    tokens: i64,
    /// When the tokens were counted last.
    at: Millis,
    /// When the rate was halved last.
    cut_at: Option<Millis>,
}

impl Bucket {
    /// A full bucket for `share` of `quota` calls a second.
    pub(super) fn new(quota: f64, share: f64, now: Millis) -> Self {
        let full = millionths(quota * share).max(SLOWEST);
        let room = millionths(quota) - full;
        let capacity = (room * 1_000).max(CALL);
        Self {
            full,
            rate: full,
            capacity,
            tokens: capacity,
            at: now,
            cut_at: None,
        }
    }

    /// Takes a token, if there is one.
    pub(super) fn take(&mut self, now: Millis) -> bool {
        self.settle(now);
        let there = self.tokens >= CALL;
        if there {
            self.tokens -= CALL;
        }
        there
    }

    /// In how many milliseconds there will be a token; 0 if there is one.
    pub(super) fn ready_in(&mut self, now: Millis) -> i64 {
        self.settle(now);
        let missing = (CALL - self.tokens).max(0);
        (missing + self.rate - 1) / self.rate
    }

    /// AWS throttled a call that was sent at `sent_at`: the rate is halved and the bucket emptied.
    /// Calls that had been sent before the last halving say nothing new.
    pub(super) fn throttled(&mut self, sent_at: Millis, now: Millis) {
        self.settle(now);
        if self.cut_at.is_some_and(|cut_at| sent_at <= cut_at) {
            return;
        }
        self.rate = (self.rate / 2).max(SLOWEST);
        self.tokens = 0;
        self.cut_at = Some(now);
    }

    /// Millionths of a call a second at present.
    pub(super) fn rate(&mut self, now: Millis) -> i64 {
        self.settle(now);
        self.rate
    }

    /// Counts what has come since the last time: tokens at the rate of then, and a tenth of the full
    /// rate for each second. A clock that was set back brings nothing and costs nothing.
    fn settle(&mut self, now: Millis) {
        // A minute fills every bucket and brings back every rate.
        let passed = now.since(self.at).clamp(0, 60_000);
        self.tokens = (self.tokens + self.rate * passed).min(self.capacity);
        if self.rate < self.full {
            self.rate = (self.rate + self.full * passed / 10_000).min(self.full);
        }
        self.at = now;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "quotas are a few calls a second; what is out of range becomes the nearest number"
)]
fn millionths(calls: f64) -> i64 {
    (calls * 1e6).clamp(1.0, 1e9) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: i64) -> Millis {
        Millis::new(1_000_000 + ms)
    }

    #[derive(Clone, Debug)]
    enum Act {
        Wait(i64),
        Ask,
        Throttle,
        SetBack(i64),
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let act = prop_oneof![
            4 => (0_i64..400).prop_map(Act::Wait),
            8 => Just(Act::Ask),
            1 => Just(Act::Throttle),
        ];
        proptest::collection::vec(act, 0..300)
    }

    proptest! {
        /// In every window, however asked and throttled, no more calls than the budget allows.
        #[test]
        fn no_window_holds_more_than_the_budget(
            share in 0.1_f64..=1.0,
            quota in 1.0_f64..20.0,
            acts in acts(),
        ) {
            let mut bucket = Bucket::new(quota, share, at(0));
            let mut now = 0;
            let mut taken: Vec<i64> = Vec::new();
            for act in acts {
                match act {
                    Act::Wait(ms) => now += ms,
                    Act::Ask => if bucket.take(at(now)) { taken.push(now) },
                    Act::Throttle => bucket.throttled(at(now), at(now)),
                    Act::SetBack(_) => {}
                }
            }
            let rate = (quota * share).max(0.2);
            let burst = (quota - rate).max(1.0);
            for (first, from) in taken.iter().enumerate() {
                for (last, to) in taken.iter().enumerate().skip(first) {
                    let calls = f64::from(u32::try_from(last - first + 1).unwrap());
                    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                    let seconds = (to - from) as f64 / 1000.0;
                    prop_assert!(
                        calls <= burst + rate * seconds + 0.01,
                        "{calls} calls in {seconds} s at {rate}/s and a burst of {burst}"
                    );
                }
            }
        }

        /// Whatever came before, soon after the last throttling the full rate is there again, and a
        /// call never waits longer than the slowest pace.
        #[test]
        fn it_always_recovers(
            acts in acts(),
            back in proptest::collection::vec((0_i64..5_000_000).prop_map(Act::SetBack), 0..3),
        ) {
            let mut bucket = Bucket::new(5.0, 0.7, at(0));
            let mut now = 0;
            for act in acts.into_iter().chain(back) {
                match act {
                    Act::Wait(ms) => now += ms,
                    Act::Ask => { bucket.take(at(now)); }
                    Act::Throttle => bucket.throttled(at(now), at(now)),
                    Act::SetBack(ms) => now -= ms,
                }
                prop_assert!(bucket.ready_in(at(now)) <= SLOWEST_MS);
            }
            let steps = 120;
            for _ in 0..steps {
                now += 100;
                bucket.ready_in(at(now));
            }
            prop_assert_eq!(bucket.rate(at(now)), 3_500_000);
            prop_assert!(bucket.take(at(now)));
        }
    }

    #[test]
    fn throttling_halves_once_for_all_calls_that_were_under_way() {
        let mut bucket = Bucket::new(5.0, 1.0, at(0));
        for _ in 0..3 {
            bucket.throttled(at(0), at(100));
        }
        assert_eq!(bucket.rate(at(100)), 2_500_000);
        bucket.throttled(at(101), at(100));
        assert_eq!(bucket.rate(at(100)), 1_250_000);
        assert_eq!(
            bucket.rate(at(1_100)),
            1_750_000,
            "a tenth of 5/s for a second"
        );
    }
}
