//! How each kind of value is compared.

use super::check;
use crate::world::decide;
use domain::Millis;
use iam::ConditionContext;

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
        // AWS does not say which letters beyond ASCII are the same but for their case.
        (r#"StringEqualsIgnoreCase "É""#, &["é"], "unknown"),
        (r#"StringNotEqualsIgnoreCase "É""#, &["é"], "unknown"),
        (r#"StringEqualsIgnoreCase "É""#, &["É"], "allowed"),
        (r#"StringNotEqualsIgnoreCase "É""#, &["e"], "allowed"),
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
