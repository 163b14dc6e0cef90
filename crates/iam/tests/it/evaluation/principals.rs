//! Callers of every kind, and the policies that name or except them.

use crate::world::{
    COPY, LOCAL, PROMOTER, Question, USER, account, allow_copy, aws, granted, identity, role,
    session_of, word,
};
use iam::PrincipalFacts;

const SERVICE: &str = "rekognition.amazonaws.com";

#[test]
fn a_service_needs_only_the_resource_policy() {
    let service = PrincipalFacts::service(SERVICE);
    let named = granted("Allow", r#"{"Service":"rekognition.amazonaws.com"}"#);
    for (resource_side, expected) in [
        (named.clone(), "allowed"),
        (granted("Allow", r#""*""#), "unknown"),
        (granted("Allow", &aws("111111111111")), "missing"),
        (
            [
                named,
                granted("Deny", r#"{"Service":"rekognition.amazonaws.com"}"#),
            ]
            .join(","),
            "denied",
        ),
    ] {
        let question = Question {
            resource: resource_side,
            ..Question::new(service.clone())
        };
        assert_eq!(word(&question.ask()), expected, "{}", question.resource);
    }
}

#[test]
fn not_principal_denies_all_who_are_not_listed_in_full() {
    let deny = |listed: &str| {
        format!(
            r#"{{"Effect":"Deny","NotPrincipal":{{"AWS":{listed}}},"Action":"*","Resource":"*"}}"#
        )
    };
    let full = format!(
        r#"["111111111111","{LOCAL}","arn:aws:sts::111111111111:assumed-role/local/ch-1"]"#
    );
    for (listed, expected) in [
        (
            r#""arn:aws:iam::111111111111:role/other""#.to_owned(),
            "denied",
        ),
        (full, "allowed"),
        (format!(r#""{LOCAL}""#), "unknown"),
        (r#""111111111111""#.to_owned(), "unknown"),
        (r#""*""#.to_owned(), "allowed"),
    ] {
        let question = Question {
            identity: allow_copy(),
            resource: deny(&listed),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{listed}");
    }
    let grants = format!(
        r#"{{"Effect":"Allow","NotPrincipal":{{"AWS":"222222222222"}},"Action":"{COPY}","Resource":"*"}}"#
    );
    let question = Question {
        resource: grants,
        ..Question::new(session_of(LOCAL))
    };
    assert_eq!(word(&question.ask()), "unknown");
}

/// The word for a caller whom identity policies, or a service whom the resource policy, would
/// allow, beside `deny`, a member `Principal` or `NotPrincipal` of a denying statement.
fn beside(caller: PrincipalFacts, deny: &str) -> &'static str {
    let question = Question {
        identity: allow_copy(),
        resource: [
            granted("Allow", &format!(r#"{{"Service":"{SERVICE}"}}"#)),
            format!(r#"{{"Effect":"Deny",{deny},"Action":"*","Resource":"*"}}"#),
        ]
        .join(","),
        ..Question::new(caller)
    };
    word(&question.ask())
}

#[test]
fn not_principal_excepts_only_callers_of_the_kind_it_lists() {
    let session_arn = "arn:aws:sts::111111111111:assumed-role/local/ch-1";
    let session = || session_of(LOCAL);
    let service = || PrincipalFacts::service(SERVICE);
    let some_session = || PrincipalFacts::role(&role(LOCAL));
    let as_services = format!(r#"{{"Service":["111111111111","{LOCAL}","{session_arn}"]}}"#);
    for (caller, listed, expected) in [
        (session(), r#"{"Service":"*"}"#, "denied"),
        (session(), r#"{"Federated":"*"}"#, "denied"),
        (session(), as_services.as_str(), "denied"),
        // A canonical user id stands for an account, and nobody knows for which.
        (session(), r#"{"CanonicalUser":"79a59df900b9"}"#, "unknown"),
        (
            service(),
            r#"{"Service":"rekognition.amazonaws.com"}"#,
            "allowed",
        ),
        (service(), r#"{"Service":"s3.amazonaws.com"}"#, "denied"),
        (
            service(),
            r#"{"AWS":"rekognition.amazonaws.com"}"#,
            "denied",
        ),
        (service(), r#"{"CanonicalUser":"79a59df900b9"}"#, "denied"),
        (service(), r#"{"Service":"*.amazonaws.com"}"#, "unknown"),
        (service(), r#"{"AWS":"*"}"#, "unknown"),
        (service(), r#""*""#, "unknown"),
        (some_session(), &aws(session_arn), "unknown"),
    ] {
        let deny = format!(r#""NotPrincipal":{listed}"#);
        assert_eq!(
            beside(caller.clone(), &deny),
            expected,
            "{} {deny}",
            caller.arn()
        );
    }
}

/// "You cannot use a wildcard to match part of a principal name or ARN" ("AWS JSON policy elements:
/// Principal").
#[test]
fn a_wildcard_that_would_match_any_name_of_the_caller_is_not_judged() {
    let sessions = |name: &str| aws(&format!("arn:aws:sts::111111111111:assumed-role/{name}"));
    let some_session = || PrincipalFacts::role(&role(LOCAL));
    let service = || PrincipalFacts::service(SERVICE);
    let user = || PrincipalFacts::user(USER).unwrap();
    let root = || PrincipalFacts::root(role(LOCAL).partition(), &account("111111111111"));
    for (caller, listed, expected) in [
        (session_of(LOCAL), aws("arn:aws:iam::*:root"), "unknown"),
        (session_of(LOCAL), aws("11111111????"), "unknown"),
        (session_of(LOCAL), aws("arn:aws:iam::2*:root"), "allowed"),
        (session_of(LOCAL), sessions("local/*"), "unknown"),
        (session_of(LOCAL), sessions("local/x*"), "allowed"),
        (user(), aws("arn:aws:iam::*:root"), "unknown"),
        (user(), aws("arn:aws:iam::111111111111:user/*"), "unknown"),
        (user(), aws("arn:aws:iam::111111111111:role/*"), "allowed"),
        (root(), aws("1*"), "unknown"),
        (some_session(), sessions("local/*"), "unknown"),
        (some_session(), sessions("local/ch-?"), "unknown"),
        (some_session(), sessions("loc*"), "unknown"),
        (some_session(), sessions("other/*"), "allowed"),
        (service(), r#"{"Service":"*"}"#.to_owned(), "unknown"),
        (
            service(),
            r#"{"Service":"rekognition.*"}"#.to_owned(),
            "unknown",
        ),
        (service(), r#"{"Service":"s3.*"}"#.to_owned(), "allowed"),
        (
            session_of(LOCAL),
            r#"{"Service":"*"}"#.to_owned(),
            "allowed",
        ),
    ] {
        let deny = format!(r#""Principal":{listed}"#);
        assert_eq!(
            beside(caller.clone(), &deny),
            expected,
            "{} {deny}",
            caller.arn()
        );
    }
}

#[test]
fn keys_that_follow_from_a_user_and_a_service_are_known() {
    let user = format!(
        r#""Principal":"*","Condition":{{"ArnEquals":{{"aws:PrincipalArn":"{USER}"}},"StringEquals":{{"aws:PrincipalType":"User","aws:username":"trainer","aws:PrincipalAccount":"111111111111"}},"Bool":{{"aws:PrincipalIsAWSService":false}}}}"#
    );
    let service = format!(
        r#""Principal":{{"Service":"{SERVICE}"}},"Condition":{{"StringEquals":{{"aws:PrincipalServiceName":"{SERVICE}"}},"Bool":{{"aws:PrincipalIsAWSService":true}},"Null":{{"aws:username":true}}}}"#
    );
    assert_eq!(beside(PrincipalFacts::user(USER).unwrap(), &user), "denied");
    assert_eq!(beside(PrincipalFacts::service(SERVICE), &service), "denied");
}

#[test]
fn identity_policies_do_not_deny_a_service() {
    let question = Question {
        identity: identity("Deny", "*", "*"),
        resource: granted("Allow", &format!(r#"{{"Service":"{SERVICE}"}}"#)),
        ..Question::new(PrincipalFacts::service(SERVICE))
    };
    assert_eq!(word(&question.ask()), "allowed");
}

#[test]
fn only_the_arn_of_one_user_makes_a_user() {
    assert!(PrincipalFacts::user(USER).is_ok());
    assert!(
        PrincipalFacts::user("arn:aws:iam::111111111111:user/odd!path/a.b+c=d,e@f-g_h").is_ok()
    );
    for resource in [
        "role/trainer",
        "user/",
        "user/team/",
        "user/*",
        "user/te?m/trainer",
        "user/a b",
        "user/a:b",
        "user/tr\u{e4}iner",
        "user/t\u{e4}am/trainer",
    ] {
        let arn = format!("arn:aws:iam::111111111111:{resource}");
        assert!(PrincipalFacts::user(&arn).is_err(), "{arn}");
    }
}

#[test]
fn a_role_without_a_known_session_is_judged_as_its_sessions_are() {
    for (principal, expected) in [
        (PROMOTER, "allowed"),
        ("333333333333", "allowed"),
        (
            "arn:aws:sts::333333333333:assumed-role/customhouse-promoter/ch-1",
            "unknown",
        ),
        (
            "arn:aws:sts::333333333333:assumed-role/other/ch-1",
            "missing",
        ),
    ] {
        let question = Question {
            identity: allow_copy(),
            resource: granted("Allow", &aws(principal)),
            ..Question::new(PrincipalFacts::role(&role(PROMOTER)))
        };
        assert_eq!(word(&question.ask()), expected, "{principal}");
    }
}
