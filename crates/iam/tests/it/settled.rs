//! Cases on which `@cloud-copilot/iam-simulate` answers otherwise, settled by AWS's pages (titles of
//! the IAM User Guide). `examples/simulate` knows each and counts it.

use crate::world::{COPY, LOCAL, Question, USER, decide, granted, identity, session_of, word};
use domain::Millis;
use iam::{ConditionContext, PrincipalFacts};

fn with(key: &str, value: &str) -> ConditionContext {
    ConditionContext::new().with(key, value)
}

/// "IAM JSON policy elements: Version": without 2012-10-17 "variables … aren't recognized as
/// variables and are instead treated as literal strings". The simulator resolves them.
#[test]
fn an_old_document_has_no_variables() {
    for (version, expected) in [
        (r#""Version":"2012-10-17","#, "allowed"),
        (r#""Version":"2008-10-17","#, "missing"),
        ("", "missing"),
    ] {
        let document = iam::PolicyDocument::parse(&format!(
            r#"{{{version}"Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"StringEquals":{{"test:key":"${{aws:PrincipalAccount}}"}}}}}}}}"#
        ))
        .unwrap();
        let decision = iam::evaluate(&iam::EvaluationRequest {
            principal: &session_of(LOCAL),
            action: COPY,
            resource: "*",
            resource_account: &crate::world::account("111111111111"),
            context: &with("test:key", "111111111111"),
            identity: &[iam::NamedPolicy {
                name: "inline",
                document: &document,
            }],
            session: None,
            resource_policies: &[],
            resource_rule: iam::ResourceRule::IdentityOrResource,
        });
        assert_eq!(word(&decision), expected, "{version}: {decision}");
    }
}

/// "IAM policy elements: Variables and tags", Policy variables with no value: "Inverted condition
/// operators … do match against a null value". The simulator lets no operator match.
#[test]
fn a_variable_without_a_value_differs_from_everything() {
    let context = with("test:key", "a").absent("test:none");
    for (operator, expected) in [
        ("StringEquals", "missing"),
        ("StringNotEquals", "allowed"),
        ("StringNotLike", "allowed"),
    ] {
        let condition = format!(r#"{{"{operator}":{{"test:key":"${{test:none}}"}}}}"#);
        assert_eq!(decide(&condition, context.clone()), expected, "{condition}");
    }
}

/// "IAM policy elements: Variables and tags", Special characters: they "can be used in any string
/// where you can use regular policy variables". The simulator takes them for themselves unless the
/// operator knows wildcards.
#[test]
fn special_characters_stand_for_themselves_in_every_string() {
    for (operator, expected) in [
        ("StringEquals", "allowed"),
        ("StringNotEquals", "missing"),
        ("StringEqualsIgnoreCase", "allowed"),
        ("StringLike", "allowed"),
    ] {
        let condition = format!(r#"{{"{operator}":{{"test:key":"a${{$}}b${{*}}c${{?}}"}}}}"#);
        assert_eq!(
            decide(&condition, with("test:key", "a$b*c?")),
            expected,
            "{condition}"
        );
    }
}

/// "IAM policy elements: Variables and tags": variables stand in values of the ARN operators. The
/// simulator takes the colon in a variable's name for one that divides the ARN.
#[test]
fn variables_stand_in_arns() {
    for (operator, expected) in [("ArnLike", "allowed"), ("ArnNotEquals", "missing")] {
        let condition = format!(
            r#"{{"{operator}":{{"aws:PrincipalArn":"arn:aws:iam::${{aws:PrincipalAccount}}:role/*"}}}}"#
        );
        assert_eq!(
            decide(&condition, ConditionContext::new()),
            expected,
            "{condition}"
        );
    }
}

/// "IAM JSON policy elements: Condition operators", Date: values stand in ISO 8601 "or in epoch
/// (UNIX) time". The simulator compares seconds with milliseconds.
#[test]
fn a_date_in_seconds_equals_the_same_date_in_iso_8601() {
    let now = ConditionContext::new().at(Millis::new(1_795_521_600_000));
    for (condition, expected) in [
        (
            r#"{"DateEquals":{"aws:CurrentTime":"1795521600"}}"#,
            "allowed",
        ),
        (
            r#"{"DateLessThan":{"aws:CurrentTime":"1795521601"}}"#,
            "allowed",
        ),
        (
            r#"{"DateLessThan":{"aws:CurrentTime":"1795521600"}}"#,
            "missing",
        ),
        (
            r#"{"DateLessThan":{"aws:EpochTime":"2026-11-24T12:00:01Z"}}"#,
            "allowed",
        ),
    ] {
        assert_eq!(decide(condition, now.clone()), expected, "{condition}");
    }
}

/// "IAM JSON policy elements: Condition operators", IP address, and RFC 4632: a prefix of no bits is
/// every IPv4 address, and what is compared with one address may have the other version. The
/// simulator finds nothing in the former and lets neither operator match the latter.
#[test]
fn every_address_lies_in_the_range_of_all_and_none_of_the_other_version_in_one() {
    for (operator, range, address, expected) in [
        ("IpAddress", "0.0.0.0/0", "203.0.113.7", "allowed"),
        ("NotIpAddress", "0.0.0.0/0", "203.0.113.7", "missing"),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", "missing"),
        ("NotIpAddress", "0.0.0.0/0", "2001:db8::1", "allowed"),
        ("NotIpAddress", "203.0.113.7", "2001:db8::1", "allowed"),
        ("NotIpAddress", "203.0.113.7", "203.0.113.7", "missing"),
    ] {
        let condition = format!(r#"{{"{operator}":{{"aws:SourceIp":"{range}"}}}}"#);
        assert_eq!(
            decide(&condition, with("aws:SourceIp", address)),
            expected,
            "{condition} from {address}"
        );
    }
}

/// "Single-valued vs. multivalued context keys": `ForAllValues` holds and `ForAnyValue` fails on a
/// null dataset, "such as an empty string". The simulator compares the empty string.
#[test]
fn an_empty_string_is_a_null_dataset() {
    for (operator, expected) in [
        ("ForAllValues:StringEquals", "allowed"),
        ("ForAnyValue:StringNotEquals", "missing"),
    ] {
        let condition = format!(r#"{{"{operator}":{{"aws:TagKeys":"stage"}}}}"#);
        assert_eq!(
            decide(&condition, with("aws:TagKeys", "")),
            expected,
            "{condition}"
        );
    }
}

/// "How AWS enforcement code logic evaluates requests to allow or deny access": what a
/// resource-based policy grants directly to a session is "not limited by an implicit deny in … a
/// session policy". To the simulator a session policy limits everything.
#[test]
fn a_grant_to_the_session_itself_is_not_limited_by_its_session_policy() {
    let session = "arn:aws:sts::111111111111:assumed-role/local/ch-1";
    for (principal, expected) in [(session, "allowed"), (LOCAL, "missing")] {
        let question = Question {
            session: Some(identity("Allow", "s3:*", "*")),
            resource: granted("Allow", &format!(r#"{{"AWS":"{principal}"}}"#)),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{principal}");
    }
}

/// "How AWS enforcement code logic evaluates requests to allow or deny access": the account's root
/// user "has full access". The simulator wants an identity policy, which a root user cannot have.
#[test]
fn the_root_user_has_full_access_and_a_user_has_none() {
    let root = PrincipalFacts::root(
        crate::world::role(LOCAL).partition(),
        &crate::world::account("111111111111"),
    );
    assert_eq!(word(&Question::new(root).ask()), "allowed");
    let user = PrincipalFacts::user(USER).unwrap();
    assert_eq!(word(&Question::new(user).ask()), "missing");
}

/// "Identify AWS resources with Amazon Resource Names (ARNs)": session policies "do not support
/// incomplete ARNs". The simulator completes them there as in identity policies.
#[test]
fn a_session_policy_takes_no_incomplete_arn() {
    let question = Question {
        identity: identity("Allow", COPY, "arn:aws:rekognition"),
        ..Question::new(session_of(LOCAL))
    };
    assert_eq!(word(&question.ask()), "allowed");
    let question = Question {
        session: Some(identity("Allow", COPY, "arn:aws:rekognition")),
        ..question
    };
    assert_eq!(word(&question.ask()), "unknown");
}
