//! Whether the conditions of a statement hold.

use super::context::Known;
use super::operator::{Comparison, Operator, Quantifier};
use super::{address, binary, is_multivalued, moment, number};
use crate::document::{ConditionTest, Values, quoted};
use crate::pattern::{Case, Pattern, Scope};
use crate::truth::Truth;
use std::cmp::Ordering;

/// Whether one key passes one operator.
///
/// Several values in the policy are alternatives; for negated operators none of them may match. A
/// key that the call does not carry passes negated operators, `…IfExists` and `ForAllValues`, and
/// fails the others; to the quantifiers a key with nothing but empty values is no different.
/// Unknown: operators not known here, keys of which nothing is known, values that cannot be read, a
/// multivalued key without a quantifier, and `ForAnyValue:…IfExists` on an absent key, for which
/// AWS's rules contradict each other.
fn key_holds(operator: &str, key: &str, wanted: &Values, scope: &Scope<'_>) -> Truth {
    let Some(parsed) = Operator::parse(operator) else {
        return unheard(operator);
    };
    let known = scope.context.lookup(key);
    if known == Known::Nothing {
        return Truth::Unknown(format!("condition key {}", quoted(key)));
    }
    let Operator::Compare {
        comparison,
        negated,
        quantifier,
        if_exists,
    } = parsed
    else {
        let absent = known == Known::Absent;
        return Truth::any(wanted.iter().map(|value| match boolean(value) {
            Some(value) => Truth::of(value == absent),
            None => unreadable(operator, value),
        }));
    };
    let Known::Values(found) = known else {
        return match quantifier {
            Quantifier::ForAllValues => Truth::Yes,
            Quantifier::ForAnyValue if if_exists => Truth::Unknown(format!(
                "condition operator {} on the absent key {}",
                quoted(operator),
                quoted(key)
            )),
            Quantifier::ForAnyValue => Truth::No,
            Quantifier::Single => Truth::of(if_exists || negated),
        };
    };
    let passes = |found: &String| {
        let matched = Truth::any(
            wanted
                .iter()
                .map(|wanted| compare(comparison, operator, wanted, found, scope)),
        );
        if negated { matched.negate() } else { matched }
    };
    let null = found.iter().all(String::is_empty);
    match (quantifier, found) {
        (Quantifier::ForAnyValue, _) if null => Truth::No,
        (Quantifier::ForAllValues, _) if null => Truth::Yes,
        (Quantifier::ForAnyValue, _) => Truth::any(found.iter().map(passes)),
        (Quantifier::ForAllValues, _) => Truth::all(found.iter().map(passes)),
        (Quantifier::Single, [one]) if !is_multivalued(key) => passes(one),
        (Quantifier::Single, _) => Truth::Unknown(format!(
            "condition key {}, which holds several values while its operator takes one",
            quoted(key)
        )),
    }
}

/// Whether all tests of a statement hold. Where one does not, the second value names the first
/// such operator and key.
pub(crate) fn holds(
    tests: &[ConditionTest],
    scope: &Scope<'_>,
) -> (Truth, Option<(String, String)>) {
    let mut whole = Truth::Yes;
    for test in tests {
        if test.keys.is_empty() && Operator::parse(&test.operator).is_none() {
            whole = whole.and(unheard(&test.operator));
        }
        for (key, wanted) in &test.keys {
            let truth = key_holds(&test.operator, key, wanted, scope);
            if truth == Truth::No {
                return (Truth::No, Some((test.operator.clone(), key.clone())));
            }
            whole = whole.and(truth);
        }
    }
    (whole, None)
}

fn compare(
    comparison: Comparison,
    operator: &str,
    wanted: &str,
    found: &str,
    scope: &Scope<'_>,
) -> Truth {
    let ordered = |ordering: Option<Ordering>, order: super::operator::Order| match ordering {
        Some(ordering) => Truth::of(order.holds(ordering)),
        None => unreadable(operator, wanted),
    };
    match comparison {
        Comparison::StringEquals => Pattern::plain(wanted, scope).matches(found, Case::Counts),
        Comparison::StringEqualsIgnoreCase => ignoring_case(operator, wanted, found, scope),
        Comparison::StringLike => {
            Pattern::with_wildcards(wanted, scope).matches(found, Case::Counts)
        }
        Comparison::Arn => Pattern::with_wildcards(wanted, scope).matches_arn(found),
        Comparison::Binary => match binary::same(wanted, found) {
            Some(same) => Truth::of(same),
            None => unreadable(operator, wanted),
        },
        Comparison::Bool => match (boolean(wanted), boolean(found)) {
            (Some(wanted), Some(found)) => Truth::of(wanted == found),
            _ => unreadable(operator, wanted),
        },
        Comparison::Number(order) => ordered(number::compare(found, wanted), order),
        Comparison::Date(order) => ordered(moment::compare(found, wanted), order),
        Comparison::Address => match address::within(found, wanted) {
            Some(within) => Truth::of(within),
            None => unreadable(operator, wanted),
        },
    }
}

/// AWS does not say which letters beyond ASCII are the same but for their case, so texts that differ
/// in such letters only are not judged.
fn ignoring_case(operator: &str, wanted: &str, found: &str, scope: &Scope<'_>) -> Truth {
    let pattern = Pattern::plain(wanted, scope);
    match pattern.matches(found, Case::Ignored) {
        Truth::No if pattern.matches(found, Case::IgnoredEverywhere) != Truth::No => {
            unreadable(operator, wanted)
        }
        decided => decided,
    }
}

fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn unheard(operator: &str) -> Truth {
    Truth::Unknown(format!("condition operator {}", quoted(operator)))
}

fn unreadable(operator: &str, wanted: &str) -> Truth {
    Truth::Unknown(format!(
        "comparison {} with {}",
        quoted(operator),
        quoted(wanted)
    ))
}
