//! Condition operators, keys and policy variables, each through a whole decision.

use crate::world::{COPY, LOCAL, Question, session_of, word};
use domain::Millis;
use iam::ConditionContext;

/// The word for one condition on an otherwise allowing statement.
fn decide(condition: &str, context: ConditionContext) -> &'static str {
    let question = Question {
        identity: format!(
            r#"{{"Effect":"Allow","Action":"{COPY}","Resource":"*","Condition":{condition}}}"#
        ),
        context,
        ..Question::new(session_of(LOCAL))
    };
    word(&question.ask())
}

fn check(rows: &[(&str, &[&str], &str)]) {
    for (test, values, expected) in rows {
        let (operator, wanted) = test.split_once(' ').expect("operator and values");
        let context = ConditionContext::new()
            .with_all("test:key", values.iter().map(|value| (*value).to_owned()));
        let condition = format!(r#"{{"{operator}":{{"test:KEY":{wanted}}}}}"#);
        assert_eq!(
            decide(&condition, context),
            *expected,
            "{condition} on {values:?}"
        );
    }
}

#[test]
fn strings() {
    check(&[
        (r#"StringEquals "a""#, &["a"], "allowed"),
        (r#"StringEquals "a""#, &["A"], "missing"),
        (r#"StringEquals ["b","a"]"#, &["a"], "allowed"),
        (r#"StringEquals "a*""#, &["ab"], "missing"),
        (r#"StringEquals "a*""#, &["a*"], "allowed"),
        (r#"StringNotEquals ["b","a"]"#, &["a"], "missing"),
        (r#"StringNotEquals ["b","c"]"#, &["a"], "allowed"),
        (r#"StringEqualsIgnoreCase "a""#, &["A"], "allowed"),
        (r#"StringNotEqualsIgnoreCase "a""#, &["A"], "missing"),
        (r#"StringLike "a*c?""#, &["abcd"], "allowed"),
        (r#"StringLike "a*c?""#, &["abc"], "missing"),
        (r#"StringNotLike "a*""#, &["abc"], "missing"),
    ]);
}

#[test]
fn arns_are_compared_part_by_part() {
    let arn = "arn:aws:iam::333333333333:role/team/promoter";
    check(&[
        (
            r#"ArnEquals "arn:aws:iam::333333333333:role/team/promoter""#,
            &[arn],
            "allowed",
        ),
        (r#"ArnEquals "arn:aws:iam::*:role/*""#, &[arn], "allowed"),
        (
            r#"ArnLike "arn:*:iam::333333333333:role/team/pro?oter""#,
            &[arn],
            "allowed",
        ),
        (
            r#"ArnLike "arn:aws:iam::333333333333:user/*""#,
            &[arn],
            "missing",
        ),
        (
            r#"ArnNotEquals "arn:aws:iam::333333333333:role/*""#,
            &[arn],
            "missing",
        ),
        (
            r#"ArnNotLike "arn:aws:iam::222222222222:role/*""#,
            &[arn],
            "allowed",
        ),
        // The page's own example: an asterisk that would have to cross a colon.
        (
            r#"ArnLike "arn:aws:someservice:*:111122223333:finance/*""#,
            &[
                "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            ],
            "missing",
        ),
        (
            r#"StringLike "arn:aws:someservice:*:111122223333:finance/*""#,
            &[
                "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            ],
            "allowed",
        ),
        (
            r#"ArnNotLike "arn:aws:someservice:*:111122223333:finance/*""#,
            &[
                "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            ],
            "allowed",
        ),
        (r#"ArnLike "arn:aws:iam::*""#, &[arn], "unknown"),
        (r#"ArnLike "*""#, &[arn], "unknown"),
    ]);
}

#[test]
fn booleans_numbers_and_addresses() {
    check(&[
        ("Bool true", &["true"], "allowed"),
        (r#"Bool "false""#, &["true"], "missing"),
        (r#"Bool "yes""#, &["true"], "unknown"),
        ("NumericEquals 10", &["10.0"], "allowed"),
        ("NumericNotEquals 10", &["10"], "missing"),
        ("NumericLessThan 10", &["9.99"], "allowed"),
        ("NumericLessThan 10", &["10"], "missing"),
        ("NumericLessThanEquals 10", &["10"], "allowed"),
        ("NumericGreaterThan 10", &["10"], "missing"),
        ("NumericGreaterThanEquals 10", &["10"], "allowed"),
        (r#"NumericGreaterThan "ten""#, &["10"], "unknown"),
        (
            r#"IpAddress ["203.0.113.0/24","2001:db8::/32"]"#,
            &["203.0.113.9"],
            "allowed",
        ),
        (
            r#"IpAddress "203.0.113.0/24""#,
            &["198.51.100.1"],
            "missing",
        ),
        (
            r#"NotIpAddress "203.0.113.0/24""#,
            &["203.0.113.9"],
            "missing",
        ),
        (r#"IpAddress "203.0.113""#, &["203.0.113.9"], "unknown"),
    ]);
}

#[test]
fn dates_against_the_moment_of_the_call() {
    let now = ConditionContext::new().at(Millis::new(1_795_521_600_999));
    for (condition, expected) in [
        (
            r#"{"DateLessThan":{"aws:CurrentTime":"2026-11-24T12:00:01Z"}}"#,
            "allowed",
        ),
        (
            r#"{"DateLessThan":{"aws:CurrentTime":"2026-11-24T12:00:00Z"}}"#,
            "missing",
        ),
        (
            r#"{"DateLessThanEquals":{"aws:CurrentTime":"2026-11-24T12:00:00Z"}}"#,
            "allowed",
        ),
        (
            r#"{"DateGreaterThan":{"aws:CurrentTime":"2026-11-24"}}"#,
            "allowed",
        ),
        (
            r#"{"DateGreaterThanEquals":{"aws:CurrentTime":"2026-11-24T13:00:00+01:00"}}"#,
            "allowed",
        ),
        (
            r#"{"DateEquals":{"aws:CurrentTime":"2026-11-24T12:00:00Z"}}"#,
            "allowed",
        ),
        (
            r#"{"DateNotEquals":{"aws:CurrentTime":"2026-11-24T12:00:00Z"}}"#,
            "missing",
        ),
        (r#"{"DateEquals":{"aws:EpochTime":1795521600}}"#, "allowed"),
        (
            r#"{"NumericLessThan":{"aws:EpochTime":1795521600}}"#,
            "missing",
        ),
        (
            r#"{"DateLessThan":{"aws:CurrentTime":"next week"}}"#,
            "unknown",
        ),
    ] {
        assert_eq!(decide(condition, now.clone()), expected, "{condition}");
    }
}

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

#[test]
fn binary_values() {
    check(&[
        (r#"BinaryEquals "QmluYXJ5""#, &["QmluYXJ5"], "allowed"),
        (
            r#"BinaryEquals ["QQ==","QmluYXJ5"]"#,
            &["QmluYXJ5"],
            "allowed",
        ),
        (r#"BinaryEquals "QmluYXJ5""#, &["qmluyxj5"], "missing"),
        (r#"BinaryEquals "QmluYXJ5""#, &[], "missing"),
        (r#"BinaryEqualsIfExists "QmluYXJ5""#, &[], "allowed"),
        (r#"BinaryEquals "plain""#, &["QmluYXJ5"], "unknown"),
        // No policy variable stands in a binary value.
        (r#"BinaryEquals "${test:key}""#, &["QmluYXJ5"], "unknown"),
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
    let none = ConditionContext::new().absent("aws:TagKeys");
    let condition = r#"{"StringEquals":{"aws:TagKeys":"stage"}}"#;
    assert_eq!(decide(condition, none), "missing");
}

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
    let document = iam::PolicyDocument::parse(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/${test:none}*"}}"#,
    )
    .unwrap();
    let decision = iam::evaluate(&iam::EvaluationRequest {
        principal: &session_of(LOCAL),
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/x",
        resource_account: &crate::world::account("111111111111"),
        context: &ConditionContext::new().absent("test:none"),
        identity: &[iam::NamedPolicy {
            name: "inline",
            document: &document,
        }],
        session: None,
        resource_policies: &[],
        resource_rule: iam::ResourceRule::IdentityOrResource,
    });
    assert_eq!(word(&decision), "allowed", "{decision}");
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
fn policy_variables() {
    let resource = |version: &str, pattern: &str| {
        let text = format!(
            r#"{{"Version":"{version}","Statement":{{"Effect":"Allow","Action":"s3:GetObject","Resource":"{pattern}"}}}}"#
        );
        iam::PolicyDocument::parse(&text).unwrap()
    };
    let context = ConditionContext::new()
        .with("test:team", "vision")
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
        let document = resource(version, pattern);
        let decision = iam::evaluate(&iam::EvaluationRequest {
            principal: &session_of(LOCAL),
            action: "s3:GetObject",
            resource: object,
            resource_account: &crate::world::account("111111111111"),
            context: &context,
            identity: &[iam::NamedPolicy {
                name: "inline",
                document: &document,
            }],
            session: None,
            resource_policies: &[],
            resource_rule: iam::ResourceRule::IdentityOrResource,
        });
        assert_eq!(
            word(&decision),
            expected,
            "{version} {pattern} on {object}: {decision}"
        );
    }
}
