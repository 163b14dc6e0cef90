//! Who must allow within one account, and what limits it.

use crate::world::{
    COPY, LOCAL, Question, USER, VERSION, allow_copy, aws, granted, session_of, word,
};
use iam::{PrincipalFacts, ResourceRule};

/// "Resource-based policies and implicit denies in other policy types (same account)".
#[test]
fn within_an_account_the_named_principal_decides_what_limits_a_grant() {
    let session_arn = "arn:aws:sts::111111111111:assumed-role/local/ch-1";
    let nothing = Some(String::new());
    let copy = Some(allow_copy());
    for (principal, identity_side, session, resource_side, expected) in [
        // Identity policies alone are enough, and limited by session policies.
        (
            session_of(LOCAL),
            allow_copy(),
            None,
            String::new(),
            "allowed",
        ),
        (
            session_of(LOCAL),
            allow_copy(),
            copy.clone(),
            String::new(),
            "allowed",
        ),
        (
            session_of(LOCAL),
            allow_copy(),
            nothing.clone(),
            String::new(),
            "missing",
        ),
        (
            session_of(LOCAL),
            String::new(),
            None,
            String::new(),
            "missing",
        ),
        // A role's ARN: no identity policy needed, session policies limit.
        (
            session_of(LOCAL),
            String::new(),
            None,
            granted("Allow", &aws(LOCAL)),
            "allowed",
        ),
        (
            session_of(LOCAL),
            String::new(),
            copy.clone(),
            granted("Allow", &aws(LOCAL)),
            "allowed",
        ),
        (
            session_of(LOCAL),
            String::new(),
            nothing.clone(),
            granted("Allow", &aws(LOCAL)),
            "missing",
        ),
        // The session's ARN: nothing limits.
        (
            session_of(LOCAL),
            String::new(),
            nothing.clone(),
            granted("Allow", &aws(session_arn)),
            "allowed",
        ),
        // Everyone: no identity policy needed; beside a session policy AWS does not say.
        (
            session_of(LOCAL),
            String::new(),
            None,
            granted("Allow", r#""*""#),
            "allowed",
        ),
        (
            session_of(LOCAL),
            String::new(),
            nothing.clone(),
            granted("Allow", r#""*""#),
            "unknown",
        ),
        (
            session_of(LOCAL),
            String::new(),
            nothing.clone(),
            format!(
                r#"{{"Effect":"Allow","Principal":"*","Action":"{COPY}","Resource":"{VERSION}",
                    "Condition":{{"ArnEquals":{{"aws:PrincipalArn":"{LOCAL}"}}}}}}"#
            ),
            "allowed",
        ),
        (
            session_of(LOCAL),
            String::new(),
            nothing.clone(),
            format!(
                r#"{{"Effect":"Allow","Principal":"*","Action":"{COPY}","Resource":"{VERSION}",
                    "Condition":{{"ArnNotEquals":{{"aws:PrincipalArn":"{USER}"}}}}}}"#
            ),
            "unknown",
        ),
        // The account: identity policies decide.
        (
            session_of(LOCAL),
            String::new(),
            None,
            granted("Allow", &aws("111111111111")),
            "missing",
        ),
        // A user named directly.
        (
            PrincipalFacts::user(USER).unwrap(),
            String::new(),
            None,
            granted("Allow", &aws(USER)),
            "allowed",
        ),
        (
            PrincipalFacts::user(USER).unwrap(),
            String::new(),
            None,
            granted("Allow", &aws(LOCAL)),
            "missing",
        ),
        // Explicit deny of a role holds for its sessions, whatever grants.
        (
            session_of(LOCAL),
            allow_copy(),
            None,
            [
                granted("Deny", &aws(LOCAL)),
                granted("Allow", &aws(session_arn)),
            ]
            .join(","),
            "denied",
        ),
        (
            session_of(LOCAL),
            allow_copy(),
            None,
            granted("Deny", &aws("111111111111")),
            "denied",
        ),
    ] {
        let question = Question {
            identity: identity_side.clone(),
            session: session.clone(),
            resource: resource_side.clone(),
            ..Question::new(principal.clone())
        };
        let decision = question.ask();
        assert_eq!(
            word(&decision),
            expected,
            "{} {identity_side} {session:?} {resource_side}: {decision}",
            principal.arn()
        );
    }
}

/// "Key policies in AWS KMS": without the key policy, identity policies are ineffective.
#[test]
fn where_the_resource_must_allow_identity_policies_alone_do_not() {
    for (resource_side, identity_side, expected) in [
        (String::new(), allow_copy(), "missing"),
        (
            granted("Allow", &aws("arn:aws:iam::111111111111:root")),
            allow_copy(),
            "allowed",
        ),
        (
            granted("Allow", &aws("arn:aws:iam::111111111111:root")),
            String::new(),
            "missing",
        ),
        (granted("Allow", &aws(LOCAL)), String::new(), "allowed"),
    ] {
        let question = Question {
            identity: identity_side.clone(),
            resource: resource_side.clone(),
            rule: ResourceRule::ResourceMustAllow,
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(
            word(&question.ask()),
            expected,
            "{resource_side} {identity_side}"
        );
    }
    // What the account hands to identity policies, session policies limit.
    let question = Question {
        identity: allow_copy(),
        session: Some(String::new()),
        resource: granted("Allow", &aws("111111111111")),
        rule: ResourceRule::ResourceMustAllow,
        ..Question::new(session_of(LOCAL))
    };
    assert_eq!(word(&question.ask()), "missing");
}

/// Session policies "do not limit permissions granted using the `aws:PrincipalArn` condition key with
/// a wildcard(*) in the `Principal` element" ("AWS JSON policy elements: Principal").
#[test]
fn everyone_reaches_past_a_session_policy_only_where_a_condition_names_the_caller() {
    for (operator, value, expected) in [
        ("ArnEquals", LOCAL, "allowed"),
        ("ArnLike", LOCAL, "allowed"),
        ("StringEquals", LOCAL, "allowed"),
        ("StringLike", LOCAL, "allowed"),
        ("StringEquals", USER, "missing"),
        ("StringEqualsIfExists", LOCAL, "unknown"),
        ("StringNotEquals", USER, "unknown"),
        ("Null", "false", "unknown"),
    ] {
        let question = Question {
            session: Some(String::new()),
            resource: format!(
                r#"{{"Effect":"Allow","Principal":"*","Action":"{COPY}","Resource":"*",
                    "Condition":{{"{operator}":{{"aws:PrincipalArn":"{value}"}}}}}}"#
            ),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{operator} {value}");
    }
}
