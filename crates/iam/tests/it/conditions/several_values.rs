//! Keys with several values, and the quantifiers that test them.

use super::check;
use crate::world::decide;
use iam::ConditionContext;

#[test]
fn several_values() {
    check(&[
        (
            r#"ForAnyValue:StringEquals ["a","b"]"#,
            &["x", "b"],
            "allowed",
        ),
        (
            r#"ForAnyValue:StringEquals ["a","b"]"#,
            &["x", "y"],
            "missing",
        ),
        (r#"ForAnyValue:StringEquals "a""#, &[], "missing"),
        (r#"ForAnyValue:StringNotEquals "a""#, &["a", "b"], "allowed"),
        (r#"ForAnyValue:StringNotEquals "a""#, &["a"], "missing"),
        (r#"ForAnyValue:StringEqualsIfExists "a""#, &[], "unknown"),
        (
            r#"ForAllValues:StringLike ["a*","b"]"#,
            &["ax", "b"],
            "allowed",
        ),
        (r#"ForAllValues:StringLike "a*""#, &["ax", "b"], "missing"),
        (r#"ForAllValues:StringEquals "a""#, &[], "allowed"),
        (
            r#"ForAllValues:StringNotEquals "a""#,
            &["b", "a"],
            "missing",
        ),
        (r#"StringEquals "a""#, &["a", "b"], "unknown"),
    ]);
}

/// "`ForAllValues` … returns true if … the context key value resolves to a null dataset, such as an
/// empty string" ("Single-valued vs. multivalued context keys").
#[test]
fn empty_values_are_a_null_dataset() {
    check(&[
        (r#"ForAllValues:StringEquals "a""#, &[""], "allowed"),
        (r#"ForAllValues:StringEquals "a""#, &["", ""], "allowed"),
        (r#"ForAllValues:StringEquals "a""#, &["", "b"], "missing"),
        (r#"ForAnyValue:StringEquals """#, &[""], "missing"),
        (
            r#"ForAnyValue:StringEquals ["","a"]"#,
            &["", "a"],
            "allowed",
        ),
        (r#"StringEquals """#, &[""], "allowed"),
    ]);
}

/// "Multivalued context keys require a condition set operator", and "you cannot use a multivalued
/// context key as a policy variable" ("Single-valued vs. multivalued context keys").
#[test]
fn multivalued_keys_take_a_quantifier_and_make_no_variable() {
    let one_tag = || {
        ConditionContext::new()
            .with("aws:TagKeys", "stage")
            .with("test:key", "stage")
    };
    for (condition, expected) in [
        (r#"{"StringEquals":{"aws:tagkeys":"stage"}}"#, "unknown"),
        (r#"{"StringNotEquals":{"aws:TagKeys":"x"}}"#, "unknown"),
        (
            r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"stage"}}"#,
            "allowed",
        ),
        (
            r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"x"}}"#,
            "missing",
        ),
        (
            r#"{"StringEquals":{"test:key":"${aws:TagKeys}"}}"#,
            "unknown",
        ),
        (r#"{"Null":{"aws:TagKeys":"false"}}"#, "allowed"),
    ] {
        assert_eq!(decide(condition, one_tag()), expected, "{condition}");
    }
    let condition = r#"{"StringNotEquals":{"s3:RequestObjectTagKeys":"x"}}"#;
    let context = ConditionContext::new().with("s3:RequestObjectTagKeys", "stage");
    assert_eq!(decide(condition, context), "unknown");
    let none = ConditionContext::new().absent("aws:TagKeys");
    let condition = r#"{"StringEquals":{"aws:TagKeys":"stage"}}"#;
    assert_eq!(decide(condition, none), "missing");
}
