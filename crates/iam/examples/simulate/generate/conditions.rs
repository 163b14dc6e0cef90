//! Conditions: operators that suit their keys, and values that often match.

use super::dice::Dice;
use super::keys::{KEYS, Key, Kind, suits};
use super::scenario::Operation;
use crate::case::Case;
use iam::document::{ConditionTest, Values};

const TEXT: &[&str] = &[
    "StringEquals",
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringLike",
    "StringNotLike",
];
const ARN: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "StringLike",
];
const NUMBER: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
const DATE: &[&str] = &[
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
];

/// The tests of one statement; `likely` many of a hundred values are those that the call carries.
pub(super) fn roll(
    dice: &mut Dice,
    case: &Case,
    operation: Operation,
    likely: u32,
) -> Vec<ConditionTest> {
    let count = dice.weighted(&[(52, 0), (34, 1), (14, 2)]);
    let mut tests: Vec<ConditionTest> = Vec::new();
    let keys: Vec<Key> = KEYS
        .iter()
        .filter(|key| suits(key, operation))
        .copied()
        .collect();
    for _ in 0..count {
        let key = dice.pick(&keys);
        let operator = operator(dice, key);
        let wanted = match operator.as_str() {
            "Null" => dice.pick(&["true", "false"]).into(),
            _ => wanted(dice, case, key, &operator, likely),
        };
        match tests.iter_mut().find(|test| test.operator == operator) {
            Some(test) if test.keys.iter().any(|(name, _)| name == key.name) => {}
            Some(test) => test.keys.push((spelled(dice, key), wanted)),
            None => tests.push(ConditionTest {
                operator,
                keys: vec![(spelled(dice, key), wanted)],
            }),
        }
    }
    tests
}

/// Names of keys are compared without regard to case.
fn spelled(dice: &mut Dice, key: Key) -> String {
    if dice.percent(10) {
        key.name.to_ascii_lowercase()
    } else {
        key.name.to_owned()
    }
}

fn operator(dice: &mut Dice, key: Key) -> String {
    if dice.percent(8) {
        return "Null".to_owned();
    }
    let as_number = dice.percent(30);
    let plain = dice.pick(match key.kind {
        Kind::Text | Kind::Set => TEXT,
        Kind::Arn => ARN,
        Kind::Bool => &["Bool"],
        Kind::Number => NUMBER,
        Kind::Date if key.name == "aws:EpochTime" && as_number => NUMBER,
        Kind::Date => DATE,
        Kind::Address => &["IpAddress", "NotIpAddress"],
        Kind::Binary => &["BinaryEquals"],
    });
    let quantified = match key.kind {
        Kind::Set => 93,
        _ => 6,
    };
    let mut operator = String::new();
    if dice.percent(quantified) {
        operator.push_str(dice.pick(&["ForAnyValue:", "ForAllValues:"]));
    }
    operator.push_str(plain);
    let optional = if operator.starts_with("ForAnyValue:") {
        4
    } else {
        15
    };
    if dice.percent(optional) {
        operator.push_str("IfExists");
    }
    operator
}

fn wanted(dice: &mut Dice, case: &Case, key: Key, operator: &str, likely: u32) -> Values {
    let carried = case.context.get(key.name);
    let count = dice.weighted(&[(70, 1), (22, 2), (8, 3)]);
    (0..count)
        .map(|_| match carried {
            Some(values) if dice.percent(likely) => {
                let value = dice.pick(values);
                if operator.contains("Like") && dice.percent(60) {
                    pattern(dice, &value)
                } else {
                    value
                }
            }
            _ => special(dice, key).unwrap_or_else(|| dice.pick(key.wanted).to_owned()),
        })
        .collect()
}

/// The value with a part of it as wildcard.
fn pattern(dice: &mut Dice, value: &str) -> String {
    let place = dice.between(0, value.len());
    match dice.between(0, 2) {
        0 => format!("{}*", &value[..place]),
        1 if !value.is_empty() => {
            let mut characters: Vec<char> = value.chars().collect();
            let place = place.min(characters.len() - 1);
            characters[place] = '?';
            characters.into_iter().collect()
        }
        _ => format!("*{}", &value[place..]),
    }
}

/// Now and then a variable that has a default, no value, or several values.
fn special(dice: &mut Dice, key: Key) -> Option<String> {
    let takes_variables = matches!(key.kind, Kind::Text | Kind::Set);
    (takes_variables && dice.percent(12)).then(|| {
        dice.weighted(&[
            (4, "${aws:PrincipalTag/absent, 'vision'}"),
            (4, "${aws:PrincipalTag/team, 'dev'}"),
            (4, "${aws:PrincipalTag/absent}"),
            (1, "${aws:TagKeys}"),
        ])
        .to_owned()
    })
}
