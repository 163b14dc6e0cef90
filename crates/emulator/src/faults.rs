//! Faults on request: rules that make chosen calls go wrong, or calls drawn from a seed.

mod effect;
mod rule;

pub(crate) use effect::Effect;
pub(crate) use rule::{FaultRule, NewRule, Rate};

use crate::random;
use domain::{AccountNumber, Random};

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

impl Faults {
    /// One rule that makes calls of every kind go wrong with this chance; none at a rate of 0.
    pub(crate) fn at_rate(rate: Option<Rate>, seed: u64) -> Self {
        Self {
            rules: rate
                .map(|rate| FaultRule::at_rate(rate, seed))
                .into_iter()
                .collect(),
        }
    }

    /// Replaces all rules; an empty list ends all faults. Rules without a seed get one.
    pub(crate) fn replace(&mut self, rules: Vec<NewRule>, random: &dyn Random) {
        self.rules = rules
            .into_iter()
            .map(|rule| FaultRule::start(rule, random::seed(random)))
            .collect();
    }

    /// The rules with how often each was met and hit.
    pub(crate) fn rules(&self) -> &[FaultRule] {
        &self.rules
    }

    /// Counts one call and says what goes wrong with it: the first rule that hits it decides,
    /// and every rule that matches it counts it.
    pub(crate) fn meet(&mut self, operation: &str, account: &AccountNumber) -> Option<Effect> {
        let mut effect = None;
        for rule in &mut self.rules {
            let hit = rule.meet(operation, account);
            effect = effect.or(hit);
        }
        effect
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use proptest::prelude::*;

    fn faults(rule: &str) -> Faults {
        let mut faults = Faults::default();
        let rule = serde_json::from_str(rule).unwrap();
        faults.replace(vec![rule], &SeededRandom::new(1));
        faults
    }

    fn hits(rule: &str, calls: u32) -> Vec<u32> {
        let account: AccountNumber = "111111111111".parse().unwrap();
        let mut faults = faults(rule);
        (1..=calls)
            .filter(|_| faults.meet("CopyProjectVersion", &account).is_some())
            .collect()
    }

    #[test]
    fn a_rule_hits_the_calls_that_it_names() {
        let cases = [
            (r#"{"effect":{"kind":"throttle"}}"#, vec![1]),
            (
                r#"{"nth":2,"times":2,"effect":{"kind":"throttle"}}"#,
                vec![2, 3],
            ),
            (
                r#"{"nth":3,"times":0,"effect":{"kind":"throttle"}}"#,
                vec![3, 4, 5],
            ),
            (
                r#"{"operation":"CopyProjectVersion","effect":{"kind":"throttle"}}"#,
                vec![1],
            ),
            (
                r#"{"operation":"ListProjectPolicies","effect":{"kind":"throttle"}}"#,
                vec![],
            ),
            (
                r#"{"account":"222222222222","effect":{"kind":"throttle"}}"#,
                vec![],
            ),
            (
                r#"{"random":{"rate":1},"nth":2,"effect":{"kind":"throttle"}}"#,
                vec![2, 3, 4, 5],
            ),
            (
                r#"{"random":{"rate":1},"times":2,"effect":{"kind":"throttle"}}"#,
                vec![1, 2],
            ),
            (
                r#"{"random":{"rate":0},"effect":{"kind":"throttle"}}"#,
                vec![],
            ),
        ];
        for (rule, expected) in cases {
            assert_eq!(hits(rule, 5), expected, "{rule}");
        }
    }

    #[test]
    fn a_rule_out_of_shape_is_refused() {
        for rule in [
            r#"{"effect":{"kind":"explode"}}"#,
            r#"{"operation":"CopyProjectVersion"}"#,
            r#"{"operation":"CopyModel","effect":{"kind":"throttle"}}"#,
            r#"{"what":1,"effect":{"kind":"throttle"}}"#,
            r#"{"effect":{"kind":"delay","milliseconds":600001}}"#,
            r#"{"random":{"rate":1.1},"effect":{"kind":"throttle"}}"#,
            r#"{"random":{"rate":0.5}}"#,
            r#"{"effects":[{"kind":"throttle"}]}"#,
            r#"{"random":{"rate":1},"effect":{"kind":"throttle"},"effects":[{"kind":"throttle"}]}"#,
        ] {
            assert!(serde_json::from_str::<NewRule>(rule).is_err(), "{rule}");
        }
    }

    /// An operation by a letter.
    fn named(letter: char) -> &'static str {
        match letter {
            'a' => "AssumeRole",
            'b' => "DescribeProjects",
            _ => "GetObject",
        }
    }

    /// What happens to each of a run of calls, each an operation by its letter.
    fn run(seed: u64, rate: f64, operation: &str, calls: &[char]) -> Vec<Option<Effect>> {
        let account: AccountNumber = "111111111111".parse().unwrap();
        let rule = format!(
            r#"{{{operation}"random":{{"rate":{rate},"seed":{seed}}},
                "effects":[{{"kind":"throttle"}},{{"kind":"reset_after"}},
                    {{"kind":"delay","milliseconds":1,"jitter_milliseconds":1000}}]}}"#
        );
        let mut faults = faults(&rule);
        calls
            .iter()
            .map(|call| faults.meet(named(*call), &account))
            .collect()
    }

    proptest! {
        #[test]
        fn the_same_seed_and_order_bring_the_same_faults(
            seed: u64,
            rate in 0.0..=1.0_f64,
            calls in proptest::collection::vec(proptest::char::range('a', 'c'), 0..60),
        ) {
            let first = run(seed, rate, "", &calls);
            prop_assert_eq!(&first, &run(seed, rate, "", &calls));
            // Calls that a rule does not match move nothing.
            let only_a: Vec<char> = calls.iter().copied().filter(|call| *call == 'a').collect();
            let among_others: Vec<Option<Effect>> = run(seed, rate, r#""operation":"AssumeRole","#, &calls)
                .into_iter()
                .zip(&calls)
                .filter(|(_, call)| **call == 'a')
                .map(|(effect, _)| effect)
                .collect();
            prop_assert_eq!(among_others, run(seed, rate, "", &only_a));
        }

        #[test]
        fn a_higher_rate_hits_every_call_that_a_lower_one_hits(seed: u64, low in 0.0..0.5_f64) {
            let calls = ['a'; 50];
            let high = run(seed, low + 0.5, "", &calls);
            for (few, many) in run(seed, low, "", &calls).iter().zip(&high) {
                prop_assert!(few.is_none() || few == many);
            }
        }
    }

    #[test]
    fn another_seed_brings_other_faults_at_about_the_rate() {
        let calls = vec!['a'; 10_000];
        let first = run(1, 0.05, "", &calls);
        assert_ne!(first, run(2, 0.05, "", &calls));
        let hit = first.iter().flatten().count();
        assert!((400..600).contains(&hit), "{hit} of 10000");
    }
}
