//! Policy variables, in conditions and in resources.

use crate::world::{decide, get_object, word};
use iam::ConditionContext;

/// "Policy variables with no value" ("IAM policy elements: Variables and tags").
#[test]
fn nothing_is_equal_to_or_like_a_variable_without_a_value() {
    for (test, value, expected) in [
        ("StringEquals", "${test:none}", "missing"),
        ("StringLike", "*${test:none}*", "missing"),
        ("StringNotEquals", "${test:none}", "allowed"),
        ("StringNotLike", "*${test:none}", "allowed"),
        ("StringNotEquals", "${test:none, 'a'}", "missing"),
        ("ForAnyValue:StringEquals", "${test:none}", "missing"),
        ("ForAllValues:StringNotLike", "${test:none}*", "allowed"),
    ] {
        let context = ConditionContext::new()
            .with("test:key", "a")
            .absent("test:none");
        let condition = format!(r#"{{"{test}":{{"test:key":"{value}"}}}}"#);
        assert_eq!(decide(&condition, context), expected, "{condition}");
    }
}

#[test]
fn not_resource_with_a_variable_without_a_value_excepts_nothing() {
    let element = r#""NotResource":"arn:aws:s3:::b/${test:none}*""#;
    let context = ConditionContext::new().absent("test:none");
    let decision = get_object("2012-10-17", element, "arn:aws:s3:::b/x", &context);
    assert_eq!(word(&decision), "allowed", "{decision}");
}

#[test]
fn policy_variables() {
    let context = ConditionContext::new()
        .with("test:team", "vision")
        .with("test:arn", "arn:aws:s3:::b/x")
        .with("test:service", "s3")
        .with("test:star", "*")
        .with_all("test:many", ["a".to_owned(), "b".to_owned()])
        .absent("test:none");
    for (version, pattern, object, expected) in [
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:team}/*",
            "arn:aws:s3:::b/vision/x",
            "allowed",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:team}/*",
            "arn:aws:s3:::b/other/x",
            "missing",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:star}",
            "arn:aws:s3:::b/x",
            "missing",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:star}",
            "arn:aws:s3:::b/*",
            "allowed",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${*}${?}${$}",
            "arn:aws:s3:::b/*?$",
            "allowed",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${*}",
            "arn:aws:s3:::b/x",
            "missing",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:none, 'all'}",
            "arn:aws:s3:::b/all",
            "allowed",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:none}",
            "arn:aws:s3:::b/x",
            "missing",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:none}*",
            "arn:aws:s3:::b/${test:none}",
            "missing",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:none, all}",
            "arn:aws:s3:::b/all",
            "unknown",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:team, vision}",
            "arn:aws:s3:::b/vision",
            "unknown",
        ),
        // Only the last part of an ARN takes variables.
        ("2012-10-17", "${test:arn}", "arn:aws:s3:::b/x", "unknown"),
        (
            "2012-10-17",
            "arn:aws:${test:service}",
            "arn:aws:s3:::b/x",
            "unknown",
        ),
        (
            "2012-10-17",
            "arn:aws:${test:team}:::b/x",
            "arn:aws:vision:::b/x",
            "unknown",
        ),
        (
            "2012-10-17",
            "arn:aws:${test:team}:::b/x",
            "arn:aws:s3:::b/x",
            "missing",
        ),
        (
            "2008-10-17",
            "arn:aws:${test:team}:::b/*",
            "arn:aws:${test:team}:::b/x",
            "allowed",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:unheard}",
            "arn:aws:s3:::b/x",
            "unknown",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:none}",
            "arn:aws:s3:::c/x",
            "missing",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:many}",
            "arn:aws:s3:::b/a",
            "unknown",
        ),
        (
            "2012-10-17",
            "arn:aws:s3:::b/${test:team",
            "arn:aws:s3:::b/vision",
            "unknown",
        ),
        (
            "2008-10-17",
            "arn:aws:s3:::b/${test:team}",
            "arn:aws:s3:::b/vision",
            "missing",
        ),
        (
            "2008-10-17",
            "arn:aws:s3:::b/${test:team}",
            "arn:aws:s3:::b/${test:team}",
            "allowed",
        ),
    ] {
        let element = format!(r#""Resource":"{pattern}""#);
        let decision = get_object(version, &element, object, &context);
        assert_eq!(
            word(&decision),
            expected,
            "{version} {pattern} on {object}: {decision}"
        );
    }
}
