//! Faults on request: rules that make chosen calls go wrong.

use domain::AccountNumber;
use serde::{Deserialize, Serialize};

/// One rule. It looks only at calls whose signature was good.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultRule {
    /// An operation such as `CopyProjectVersion`; every one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    /// The caller's account; every one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<AccountNumber>,
    /// The first matching call that is hit, counted from 1.
    #[serde(default = "one")]
    nth: u32,
    /// How many matching calls are hit from there; 0 is all of them.
    #[serde(default = "one")]
    times: u32,
    effect: Effect,
    /// Matching calls so far. What a sender puts here is not looked at.
    #[serde(default, skip_deserializing)]
    seen: u32,
}

fn one() -> u32 {
    1
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Effect {
    /// The service's throttling error; the call is not carried out.
    Throttle,
    /// The service's internal error; the call is not carried out.
    InternalError,
    /// The call waits this long and is then carried out.
    Delay {
        /// At most ten minutes.
        milliseconds: Milliseconds,
    },
    /// The connection is reset and the call is not carried out.
    ResetBefore,
    /// The call is carried out and the connection is reset instead of an answer.
    ResetAfter,
    /// The call is carried out and the answer's body is nonsense.
    GarbageBody,
    /// The caller's session counts as expired; the call is not carried out.
    ExpiredCredentials,
    /// A copy is taken, and ends in `COPYING_FAILED` with this message.
    CopyFails {
        /// The status message.
        message: String,
    },
}

/// A wait, 0 to 600000 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub(crate) struct Milliseconds(pub(crate) u64);

impl TryFrom<u64> for Milliseconds {
    type Error = String;

    fn try_from(milliseconds: u64) -> Result<Self, String> {
        if milliseconds <= 600_000 {
            Ok(Self(milliseconds))
        } else {
            Err("a delay takes 0 to 600000 milliseconds".to_owned())
        }
    }
}

impl Effect {
    /// The effect's name in rules and in the ledger.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::InternalError => "internal_error",
            Self::Delay { .. } => "delay",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::GarbageBody => "garbage_body",
            Self::ExpiredCredentials => "expired_credentials",
            Self::CopyFails { .. } => "copy_fails",
        }
    }
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

impl Faults {
    /// Replaces all rules; an empty list ends all faults.
    pub(crate) fn replace(&mut self, rules: Vec<FaultRule>) {
        self.rules = rules;
    }

    /// The rules with how often each was met.
    pub(crate) fn rules(&self) -> &[FaultRule] {
        &self.rules
    }

    /// Counts one call and says what goes wrong with it: the first rule that hits it decides,
    /// and every rule that matches it counts it.
    pub(crate) fn meet(&mut self, operation: &str, account: &AccountNumber) -> Option<Effect> {
        let mut effect = None;
        for rule in &mut self.rules {
            let matches = rule
                .operation
                .as_deref()
                .is_none_or(|name| name == operation)
                && rule.account.as_ref().is_none_or(|number| number == account);
            if !matches {
                continue;
            }
            rule.seen = rule.seen.saturating_add(1);
            let hit =
                rule.seen >= rule.nth && (rule.times == 0 || rule.seen - rule.nth < rule.times);
            if hit && effect.is_none() {
                effect = Some(rule.effect.clone());
            }
        }
        effect
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(rule: &str, calls: u32) -> Vec<u32> {
        let account: AccountNumber = "111111111111".parse().unwrap();
        let mut faults = Faults::default();
        faults.replace(vec![serde_json::from_str(rule).unwrap()]);
        (1..=calls)
            .filter(|_| faults.meet("Copy", &account).is_some())
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
                r#"{"operation":"Copy","effect":{"kind":"throttle"}}"#,
                vec![1],
            ),
            (
                r#"{"operation":"List","effect":{"kind":"throttle"}}"#,
                vec![],
            ),
            (
                r#"{"account":"222222222222","effect":{"kind":"throttle"}}"#,
                vec![],
            ),
        ];
        for (rule, expected) in cases {
            assert_eq!(hits(rule, 5), expected, "{rule}");
        }
    }

    #[test]
    fn a_rule_with_an_unknown_key_or_too_long_a_delay_is_refused() {
        for rule in [
            r#"{"effect":{"kind":"explode"}}"#,
            r#"{"operation":"Copy"}"#,
            r#"{"what":1,"effect":{"kind":"throttle"}}"#,
            r#"{"effect":{"kind":"delay","milliseconds":600001}}"#,
        ] {
            assert!(serde_json::from_str::<FaultRule>(rule).is_err(), "{rule}");
        }
    }
}
