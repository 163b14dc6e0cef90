//! Actions and resources of statements.

use crate::world::{
    COPY, LOCAL, Question, VERSION, allow_copy, granted, identity, session_of, word,
};

#[test]
fn actions_ignore_case_and_resources_do_not() {
    let lower = VERSION.replace("inspector", "INSPECTOR");
    for (action, resource, expected) in [
        ("REKOGNITION:copyprojectversion", "*", "allowed"),
        ("rekognition:Copy*", VERSION, "allowed"),
        ("rekognition:Copy?rojectVersion", VERSION, "allowed"),
        ("*", VERSION, "allowed"),
        (
            "rekognition:*",
            "arn:aws:rekognition:*:111111111111:project/inspector/*",
            "allowed",
        ),
        ("rekognition:Put*", VERSION, "missing"),
        (COPY, lower.as_str(), "missing"),
        // AWS refuses them: "Action vendors must not contain wildcards".
        ("rek*", VERSION, "unknown"),
        ("*:*", VERSION, "unknown"),
        ("rek*:CopyProjectVersion", VERSION, "unknown"),
        ("?ekognition:Copy*", VERSION, "unknown"),
        ("s*:*", VERSION, "missing"),
        // Would match only across a colon.
        (COPY, "arn:aws:rekognition:eu*1:project/*", "unknown"),
        // A star at the end of a part reaches beyond its colon.
        (
            COPY,
            "arn:aws:rekognition:*:project/inspector/version/v7:*",
            "missing",
        ),
        // Identity policies may leave parts out.
        (COPY, "arn:aws:rekognition:*", "allowed"),
        (COPY, "arn:aws:rekognition:eu-*:project/*", "unknown"),
        (COPY, "arn:aws:rekognition", "allowed"),
        (COPY, "arn:aws:s3", "missing"),
        (COPY, "arn:aws:s3:*", "missing"),
    ] {
        let question = Question {
            identity: identity("Allow", action, resource),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{action} {resource}");
    }
}

#[test]
fn not_action_and_not_resource_mean_all_the_rest() {
    let statement =
        |action: &str, resource: &str| format!(r#"{{"Effect":"Allow",{action},{resource}}}"#);
    let any = r#""Resource":"*""#;
    let copy = format!(r#""Action":"{COPY}""#);
    for (text, expected) in [
        (statement(r#""NotAction":"s3:*""#, any), "allowed"),
        (
            statement(r#""NotAction":["s3:*","rekognition:*"]"#, any),
            "missing",
        ),
        (
            statement(&copy, r#""NotResource":"arn:aws:s3:::x""#),
            "allowed",
        ),
        (
            statement(&copy, &format!(r#""NotResource":"{VERSION}""#)),
            "missing",
        ),
    ] {
        let question = Question {
            identity: text.clone(),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{text}");
    }
}

#[test]
fn statements_in_the_wrong_place_are_not_judged() {
    let no_resource = format!(r#"{{"Effect":"Allow","Action":"{COPY}"}}"#);
    for (identity_side, resource_side) in [
        (no_resource.clone(), String::new()),
        (granted("Allow", r#""*""#), String::new()),
        (String::new(), identity("Allow", COPY, VERSION)),
    ] {
        let question = Question {
            identity: identity_side,
            resource: resource_side,
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(
            word(&question.ask()),
            "unknown",
            "{} {}",
            question.identity,
            question.resource
        );
    }
}

#[test]
fn an_incomplete_arn_in_a_session_policy_is_not_judged() {
    for (resource, expected) in [
        ("arn:aws:rekognition", "unknown"),
        ("arn:aws:rekognition:*", "unknown"),
        ("arn:aws:s3", "missing"),
    ] {
        let question = Question {
            identity: allow_copy(),
            session: Some(identity("Allow", COPY, resource)),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{resource}");
    }
}

/// "You specify a resource using an ARN", or `*` ("IAM JSON policy elements: Resource").
#[test]
fn a_resource_that_is_no_arn_is_not_judged_where_it_would_match() {
    for (element, expected) in [
        (r#""Resource":"ar*""#, "unknown"),
        (r#""Resource":"**""#, "unknown"),
        (r#""Resource":"?rn:aws:rekognition:*""#, "unknown"),
        (r#""Resource":["ar*","*"]"#, "allowed"),
        (r#""Resource":"x*""#, "missing"),
        (r#""NotResource":"ar*""#, "unknown"),
        (r#""NotResource":"x*""#, "allowed"),
    ] {
        let question = Question {
            identity: format!(r#"{{"Effect":"Allow","Action":"{COPY}",{element}}}"#),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{element}");
    }
}
