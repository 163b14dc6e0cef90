//! Who must allow across two accounts.

use crate::world::{
    COPY, PROMOTER, Question, VERSION, allow_copy, aws, granted, identity, session_of, word,
};

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
