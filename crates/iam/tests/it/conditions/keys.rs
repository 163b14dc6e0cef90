//! What is known of a key: nothing, that it is absent, or its one value.

use super::check;
use crate::world::{LOCAL, decide};
use iam::ConditionContext;

#[test]
fn absent_keys() {
    check(&[
        (r#"StringEquals "a""#, &[], "missing"),
        (r#"StringNotEquals "a""#, &[], "allowed"),
        (r#"ArnNotLike "arn:aws:iam::1:role/a""#, &[], "allowed"),
        (r#"NotIpAddress "10.0.0.0/8""#, &[], "allowed"),
        ("NumericLessThan 1", &[], "missing"),
        (r#"StringEqualsIfExists "a""#, &[], "allowed"),
        (r#"StringEqualsIfExists "a""#, &["b"], "missing"),
        (r#"Null "true""#, &[], "allowed"),
        (r#"Null "true""#, &["a"], "missing"),
        ("Null false", &["a"], "allowed"),
        ("Null false", &[], "missing"),
        (r#"Null "maybe""#, &[], "unknown"),
    ]);
}

#[test]
fn what_is_not_known_is_not_guessed() {
    for operator in [
        "BinaryNotEquals",
        "stringequals",
        "StringMatches",
        "Numeric",
        "DateBefore",
        "ForSomeValues:StringEquals",
        "ForAnyValue:Null",
        "IfExists",
        "",
    ] {
        let condition = format!(r#"{{"{operator}":{{"test:key":"a"}}}}"#);
        let context = ConditionContext::new().with("test:key", "a");
        assert_eq!(decide(&condition, context), "unknown", "{operator}");
    }
    let condition = r#"{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#;
    assert_eq!(decide(condition, ConditionContext::new()), "unknown");
    assert_eq!(
        decide(
            condition,
            ConditionContext::new().absent("aws:principalorgid")
        ),
        "missing"
    );
    // An operator that is not known is not known without keys either.
    assert_eq!(
        decide(r#"{"StringMatches":{}}"#, ConditionContext::new()),
        "unknown"
    );
    assert_eq!(
        decide(r#"{"StringEquals":{}}"#, ConditionContext::new()),
        "allowed"
    );
    // Two conditions must both hold; one that surely fails settles it.
    let both = r#"{"StringEquals":{"aws:PrincipalOrgID":"o-1","aws:PrincipalAccount":"2"}}"#;
    assert_eq!(decide(both, ConditionContext::new()), "missing");
}

#[test]
fn keys_that_follow_from_the_call_are_known() {
    for (condition, expected) in [
        (
            format!(r#"{{"ArnEquals":{{"aws:PrincipalArn":"{LOCAL}"}}}}"#),
            "allowed",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalAccount":"111111111111"}}"#.to_owned(),
            "allowed",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalType":"AssumedRole"}}"#.to_owned(),
            "allowed",
        ),
        (
            r#"{"StringEquals":{"aws:ResourceAccount":"111111111111"}}"#.to_owned(),
            "allowed",
        ),
        (r#"{"Null":{"aws:username":true}}"#.to_owned(), "allowed"),
        (
            r#"{"Null":{"aws:PrincipalServiceName":true,"aws:PrincipalServiceNamesList":true}}"#
                .to_owned(),
            "allowed",
        ),
        (
            r#"{"Bool":{"aws:PrincipalIsAWSService":false}}"#.to_owned(),
            "allowed",
        ),
    ] {
        assert_eq!(
            decide(&condition, ConditionContext::new()),
            expected,
            "{condition}"
        );
    }
}

#[test]
fn families_of_keys_can_be_absent() {
    let context = ConditionContext::new()
        .absent("aws:RequestTag/*")
        .with("aws:RequestTag/Stage", "prod");
    for (key, expected) in [
        ("aws:requesttag/stage", "allowed"),
        ("aws:RequestTag/other", "missing"),
        ("aws:x", "unknown"),
    ] {
        let condition = format!(r#"{{"StringEquals":{{"{key}":"prod"}}}}"#);
        assert_eq!(decide(&condition, context.clone()), expected, "{key}");
    }
}

#[test]
fn the_last_word_on_a_key_counts() {
    let condition = r#"{"StringEquals":{"test:key":"a"}}"#;
    let known = ConditionContext::new().with("test:key", "a");
    for (context, expected) in [
        (known.clone(), "allowed"),
        (known.clone().absent("TEST:key"), "missing"),
        (known.clone().with_all("test:key", []), "missing"),
        (
            known.clone().absent("test:key").with("test:key", "a"),
            "allowed",
        ),
        (known.absent("test:*"), "allowed"),
    ] {
        assert_eq!(decide(condition, context.clone()), expected, "{context:?}");
    }
}
