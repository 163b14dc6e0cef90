//! One fault rule: which calls it hits, and with what.

use super::effect::Effect;
use crate::asked::played;
use domain::AccountNumber;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// A rule as it is sent and shown. It looks only at calls whose signature was good.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// An operation such as `CopyProjectVersion`; every one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<OperationName>,
    /// The caller's account; every one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<AccountNumber>,
    /// The first matching call that can be hit, counted from 1.
    #[serde(default = "one")]
    nth: u32,
    /// How many calls are hit; 0 is no bound. Left out: 1, and no bound for a random rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    /// Hits each matching call with this chance instead of every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    random: Option<Chance>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effect: Option<Effect>,
    /// In place of `effect` in a random rule: one of these is drawn for each hit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    effects: Vec<Effect>,
}

fn one() -> u32 {
    1
}

/// An operation that is played.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
struct OperationName(String);

impl TryFrom<String> for OperationName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if played().any(|(_, played)| played == name) {
            return Ok(Self(name));
        }
        let names: Vec<String> = played().map(|(_, name)| format!("`{name}`")).collect();
        Err(format!(
            "unknown operation `{name}`, expected one of {}",
            names.join(", ")
        ))
    }
}

/// The chance of a random rule.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chance {
    rate: Rate,
    /// What is drawn follows from it; one is chosen and shown when it is left out.
    #[serde(default)]
    seed: Option<u64>,
}

/// A chance from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64")]
pub(crate) struct Rate(f64);

impl TryFrom<f64> for Rate {
    type Error = String;

    fn try_from(rate: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&rate) {
            Ok(Self(rate))
        } else {
            Err("a rate takes 0 to 1".to_owned())
        }
    }
}

/// A rule that a sender asks for, checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct NewRule(Written);

impl TryFrom<Written> for NewRule {
    type Error = &'static str;

    fn try_from(rule: Written) -> Result<Self, Self::Error> {
        match (&rule.effect, rule.effects.is_empty(), rule.random.is_some()) {
            (Some(_), true, _) | (None, false, true) => Ok(Self(rule)),
            (None, false, false) => Err("several effects need random, which draws among them"),
            (Some(_), false, _) => Err("a rule has effect or effects, not both"),
            (None, true, _) => Err("a rule has an effect"),
        }
    }
}

/// A rule in force.
#[derive(Debug, Serialize)]
pub(crate) struct FaultRule {
    #[serde(flatten)]
    rule: Written,
    /// Matching calls so far.
    seen: u32,
    /// Calls hit so far.
    hit: u32,
    #[serde(skip)]
    draws: ChaCha8Rng,
}

impl FaultRule {
    /// Puts `rule` in force. `seed` is used where the rule brings none.
    pub(super) fn start(rule: NewRule, seed: u64) -> Self {
        let NewRule(mut rule) = rule;
        let seed = match &mut rule.random {
            Some(chance) => *chance.seed.get_or_insert(seed),
            None => seed,
        };
        Self {
            rule,
            seen: 0,
            hit: 0,
            draws: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// Hits calls of every kind with this chance and with effects of every kind.
    pub(super) fn at_rate(rate: Rate, seed: u64) -> Self {
        let rule = Written {
            operation: None,
            account: None,
            nth: 1,
            times: None,
            random: Some(Chance {
                rate,
                seed: Some(seed),
            }),
            effect: None,
            effects: Effect::kinds(),
        };
        Self::start(NewRule(rule), seed)
    }

    /// Counts one call, and says what goes wrong with it. What is drawn for a call follows from
    /// the seed and from how many calls matched before, and from nothing else.
    pub(super) fn meet(&mut self, operation: &str, account: &AccountNumber) -> Option<Effect> {
        let Written {
            operation: wanted,
            account: number,
            nth,
            times,
            random,
            effect,
            effects,
        } = &self.rule;
        let matches = wanted.as_ref().is_none_or(|name| name.0 == operation)
            && number.as_ref().is_none_or(|number| number == account);
        if !matches {
            return None;
        }
        self.seen = self.seen.saturating_add(1);
        let [lot, choice, jitter] = [(); 3].map(|()| self.draws.next_u64());
        let drawn = random.is_none_or(|chance| hits(lot, chance.rate));
        let most = times.unwrap_or(u32::from(random.is_none()));
        if self.seen < *nth || !drawn || (most != 0 && self.hit >= most) {
            return None;
        }
        self.hit = self.hit.saturating_add(1);
        let count = u64::try_from(effects.len()).unwrap_or(u64::MAX).max(1);
        let chosen = usize::try_from(choice % count).unwrap_or_default();
        let effect = effect.as_ref().or_else(|| effects.get(chosen))?;
        Some(effect.drawn(jitter))
    }
}

/// Whether a lot out of all 64-bit numbers lies within the chance.
fn hits(lot: u64, Rate(rate): Rate) -> bool {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the upper 53 bits of a lot are a float without loss"
    )]
    let fraction = (lot >> 11) as f64 / (1_u64 << 53) as f64;
    fraction < rate
}
