//! Who must allow, within an account and across two.

use crate::world::{
    COPY, LOCAL, PROMOTER, Question, USER, VERSION, allow_copy, aws, granted, identity, session_of,
    word,
};
use iam::{PrincipalFacts, ResourceRule};

#[test]
fn across_accounts_both_sides_must_allow() {
    let other = "arn:aws:iam::333333333333:role/other";
    let session = "arn:aws:sts::333333333333:assumed-role/customhouse-promoter/ch-1";
    for (identity_side, resource_side, expected) in [
        (allow_copy(), granted("Allow", &aws(PROMOTER)), "allowed"),
        (allow_copy(), granted("Allow", &aws(session)), "allowed"),
        (
            allow_copy(),
            granted("Allow", &aws("333333333333")),
            "allowed",
        ),
        (
            allow_copy(),
            granted("Allow", &aws("arn:aws:iam::333333333333:root")),
            "allowed",
        ),
        (allow_copy(), granted("Allow", &aws("*")), "allowed"),
        (allow_copy(), granted("Allow", r#""*""#), "allowed"),
        (String::new(), granted("Allow", &aws(PROMOTER)), "missing"),
        (String::new(), granted("Allow", &aws(session)), "missing"),
        (String::new(), granted("Allow", r#""*""#), "missing"),
        (allow_copy(), String::new(), "missing"),
        (allow_copy(), granted("Allow", &aws(other)), "missing"),
        (
            allow_copy(),
            granted("Allow", &aws("222222222222")),
            "missing",
        ),
        (
            allow_copy(),
            granted("Allow", &aws("arn:aws-cn:iam::333333333333:root")),
            "missing",
        ),
        (
            allow_copy(),
            granted("Allow", r#"{"Service":"rekognition.amazonaws.com"}"#),
            "missing",
        ),
        (
            allow_copy(),
            granted("Allow", r#"{"Federated":"accounts.google.com"}"#),
            "missing",
        ),
        (
            allow_copy(),
            granted("Allow", &aws("AROAEXAMPLEEXAMPLE")),
            "missing",
        ),
        (
            allow_copy(),
            granted("Allow", &aws("arn:aws:iam::333333333333:role/*")),
            "unknown",
        ),
        (
            allow_copy(),
            granted("Allow", &aws("arn:aws:iam::222222222222:role/*")),
            "missing",
        ),
        (
            allow_copy(),
            granted("Allow", r#"{"CanonicalUser":"79a59df900b9"}"#),
            "unknown",
        ),
        (
            identity("Allow", COPY, "arn:aws:s3:::x"),
            granted("Allow", &aws(PROMOTER)),
            "missing",
        ),
        (
            allow_copy(),
            [
                granted("Allow", &aws(PROMOTER)),
                granted("Deny", &aws(PROMOTER)),
            ]
            .join(","),
            "denied",
        ),
        (
            [allow_copy(), identity("Deny", "rekognition:*", "*")].join(","),
            granted("Allow", &aws(PROMOTER)),
            "denied",
        ),
    ] {
        let question = Question {
            identity: identity_side.clone(),
            resource: resource_side.clone(),
            ..Question::new(session_of(PROMOTER))
        };
        let decision = question.ask();
        assert_eq!(
            word(&decision),
            expected,
            "{identity_side} {resource_side}: {decision}"
        );
    }
}

#[test]
fn a_session_policy_narrows_across_accounts() {
    for (session, expected) in [
        (None, "allowed"),
        (Some(identity("Allow", COPY, VERSION)), "allowed"),
        (Some(identity("Allow", "s3:*", "*")), "missing"),
        (Some(String::new()), "missing"),
        (
            Some([allow_copy(), identity("Deny", COPY, VERSION)].join(",")),
            "denied",
        ),
    ] {
        let question = Question {
            identity: allow_copy(),
            session: session.clone(),
            resource: granted("Allow", &aws(PROMOTER)),
            ..Question::new(session_of(PROMOTER))
        };
        assert_eq!(word(&question.ask()), expected, "{session:?}");
    }
}

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
}
