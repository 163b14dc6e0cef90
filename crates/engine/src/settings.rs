//! How often, how long, how many.

use domain::Millis;

/// The settings of an engine. All durations are milliseconds.
///
/// Those that are compared with stored moments (leases, waits, ages) are measured on the injected
/// clock; [`poll_ms`](Self::poll_ms) and [`call_timeout_ms`](Self::call_timeout_ms) on the machine's.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// How many jobs are worked on at once. Looks at running copies do not count: jobs that wait for
    /// a call that AWS allows would hold them up.
    pub concurrency: usize,
    /// Into how many projects is looked at once.
    pub looks: usize,
    /// How long a claimed job belongs to one engine. At least 30,000; less is raised to that.
    pub lease_ms: i64,
    /// The longest pause between two searches for work when nothing woke the engine.
    pub poll_ms: u64,
    /// How long one call to AWS may take. More than a third of the lease is lowered to that, so
    /// that no call outlives the lease it was made under.
    pub call_timeout_ms: u64,
    /// When running copies are looked at.
    pub look: LookSchedule,
    /// What happens while it is unclear whether AWS took a copy.
    pub doubt: DoubtSettings,
    /// How failed calls are tried again.
    pub retry: RetrySettings,
    /// Pause of a job that waits for room in a project's policies, or until AWS takes more copies.
    pub hold_ms: i64,
    /// How long a copy that AWS accepted may stay invisible before it counts as removed.
    pub invisible_ms: i64,
    /// How many policies a project may have; AWS's default is 5 and can be raised ("Attaching a
    /// project policy (SDK)", Amazon Rekognition Custom Labels guide).
    pub policies_per_project: usize,
}

/// When running copies are looked at: often at first, seldom later.
#[derive(Clone, Debug)]
pub struct LookSchedule {
    /// Between two looks at a young copy.
    pub young_ms: i64,
    /// Until when a copy counts as young.
    pub young_until_ms: i64,
    /// Between two looks after that.
    pub middle_ms: i64,
    /// Until when that holds.
    pub middle_until_ms: i64,
    /// Between two looks at anything older.
    pub old_ms: i64,
}

/// What happens between an unclear answer to `CopyProjectVersion` and the truth.
#[derive(Clone, Debug)]
pub struct DoubtSettings {
    /// Between two looks for the version.
    pub look_ms: i64,
    /// After this time two looks that found nothing let the same copy be sent again. Longer than
    /// a call may take and than AWS may hide a new version.
    pub resend_after_ms: i64,
    /// A version that cannot be told to be ours is looked at this long before a person is asked.
    pub proof_ms: i64,
    /// After this time a person is asked.
    pub give_up_ms: i64,
    /// A version made this long before the intent can still be ours: clocks differ.
    pub slack_ms: i64,
    /// Between two looks once a person was asked.
    pub watch_ms: i64,
}

/// How a step is tried again after a call that did not succeed: full jitter, as in "Exponential
/// backoff and jitter" (AWS Architecture Blog).
#[derive(Clone, Debug)]
pub struct RetrySettings {
    /// The longest first pause; it doubles with each try.
    pub base_ms: i64,
    /// The longest pause.
    pub cap_ms: i64,
    /// How many tries in a row a step gets.
    pub attempts: u32,
}

const SHORTEST_LEASE_MS: i64 = 30_000;

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            concurrency: 16,
            looks: 128,
            lease_ms: 60_000,
            poll_ms: 2_000,
            call_timeout_ms: 15_000,
            look: LookSchedule::default(),
            doubt: DoubtSettings::default(),
            retry: RetrySettings::default(),
            hold_ms: 30_000,
            invisible_ms: 600_000,
            policies_per_project: 5,
        }
    }
}

impl Default for LookSchedule {
    fn default() -> Self {
        Self {
            young_ms: 2_000,
            young_until_ms: 60_000,
            middle_ms: 10_000,
            middle_until_ms: 600_000,
            old_ms: 30_000,
        }
    }
}

impl Default for DoubtSettings {
    fn default() -> Self {
        Self {
            look_ms: 5_000,
            resend_after_ms: 60_000,
            proof_ms: 60_000,
            give_up_ms: 600_000,
            slack_ms: 600_000,
            watch_ms: 60_000,
        }
    }
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            base_ms: 1_000,
            cap_ms: 60_000,
            attempts: 10,
        }
    }
}

impl LookSchedule {
    /// The same pause at every age.
    pub fn every(pause_ms: i64) -> Self {
        Self {
            young_ms: pause_ms,
            middle_ms: pause_ms,
            old_ms: pause_ms,
            ..Self::default()
        }
    }

    /// When to look again at a copy that was accepted `age_ms` ago: after about the pause of its
    /// age, or after `least_ms` if that is longer.
    ///
    /// Give or take half a pause it is one of the moments that all copies with this `phase` have in
    /// common.
    pub(crate) fn next(&self, now: Millis, age_ms: i64, least_ms: i64, phase: i64) -> Millis {
        let young_ms = self.young_ms.max(1);
        let pause_ms = self.pause(age_ms).max(least_ms).max(1);
        let pause_ms = (pause_ms + young_ms - 1) / young_ms * young_ms;
        from(now.plus(pause_ms / 2), pause_ms, phase)
    }

    /// When to look first at a copy that was accepted at `accepted_at`: at the next of the moments
    /// of its `phase`.
    pub(crate) fn first(&self, accepted_at: Millis, phase: i64) -> Millis {
        from(accepted_at.plus(1), self.young_ms.max(1), phase)
    }

    /// The pause after a look at a copy that was accepted `age_ms` ago.
    pub(crate) fn pause(&self, age_ms: i64) -> i64 {
        if age_ms < self.young_until_ms {
            self.young_ms
        } else if age_ms < self.middle_until_ms {
            self.middle_ms
        } else {
            self.old_ms
        }
    }
}

/// The first moment from `start` on that lies `phase` beyond a multiple of `pause_ms`.
fn from(start: Millis, pause_ms: i64, phase: i64) -> Millis {
    let beyond = (start.get() - phase).rem_euclid(pause_ms);
    start.plus((pause_ms - beyond) % pause_ms)
}

impl EngineSettings {
    /// The limit of a call in milliseconds, as a span between two moments.
    pub(crate) fn call_ms(&self) -> i64 {
        i64::try_from(self.call_timeout_ms).unwrap_or(i64::MAX)
    }

    /// The same settings with leases that are long enough and calls that are short enough.
    pub(crate) fn bounded(mut self) -> Self {
        self.lease_ms = self.lease_ms.max(SHORTEST_LEASE_MS);
        let third = u64::try_from(self.lease_ms / 3).unwrap_or(u64::MAX);
        self.call_timeout_ms = self.call_timeout_ms.clamp(1, third);
        self.concurrency = self.concurrency.max(1);
        self.looks = self.looks.max(1);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_never_shorter_than_thirty_seconds_and_outlives_every_call() {
        let settings = EngineSettings {
            lease_ms: 5,
            call_timeout_ms: 99_000,
            concurrency: 0,
            looks: 0,
            ..EngineSettings::default()
        }
        .bounded();
        assert_eq!(settings.lease_ms, 30_000);
        assert_eq!(settings.call_timeout_ms, 10_000);
        assert_eq!((settings.concurrency, settings.looks), (1, 1));
    }

    #[test]
    fn copies_of_one_project_are_looked_at_in_the_same_moments() {
        let look = LookSchedule::default();
        for phase in [0, 1, 777, 1_999, 4_000_000_000] {
            let mut moments = std::collections::BTreeSet::new();
            for begun in [0, 1, 700, 1_300, 1_999] {
                let mut at = look.first(Millis::new(begun), phase);
                assert!((1..=2_000).contains(&at.since(Millis::new(begun))));
                // Looks come a little late.
                while at < Millis::new(20_000) {
                    let next = look.next(at.plus(30), at.get(), 0, phase);
                    assert_eq!(next.since(at), 2_000);
                    moments.insert(at);
                    at = next;
                }
            }
            assert!(moments.len() <= 11, "{moments:?}");
            // An older copy's moments are among them, and so are those of a long pause.
            for (age_ms, least_ms, pause_ms) in
                [(60_000, 0, 10_000), (600_000, 0, 30_000), (0, 4_100, 6_000)]
            {
                let at = *moments.first().expect("a moment");
                let next = look.next(at, age_ms, least_ms, phase);
                assert_eq!(next.since(at) % 2_000, 0);
                let after = look.next(next.plus(30), age_ms, least_ms, phase);
                assert_eq!(after.since(next), pause_ms);
            }
        }
    }

    #[test]
    fn looks_become_rarer_with_age() {
        let look = LookSchedule::default();
        for (age_ms, pause_ms) in [
            (0, 2_000),
            (59_999, 2_000),
            (60_000, 10_000),
            (599_999, 10_000),
            (600_000, 30_000),
        ] {
            assert_eq!(look.pause(age_ms), pause_ms, "{age_ms}");
        }
    }
}
