//! The tables of "Policy evaluation logic" and "Cross-account policy evaluation logic".

use crate::world::{
    COPY, LOCAL, PROMOTER, Question, USER, VERSION, account, document, granted, identity, role,
    session_of, word,
};
use iam::{Decision, Limit, PrincipalFacts, ResourceRule};

fn aws(principal: &str) -> String {
    format!(r#"{{"AWS":"{principal}"}}"#)
}

fn allow_copy() -> String {
    identity("Allow", COPY, "*")
}

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

#[test]
fn a_service_needs_only_the_resource_policy() {
    let service = PrincipalFacts::service("rekognition.amazonaws.com");
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
        // Not valid in AWS, and would match only across a colon.
        ("rek*", VERSION, "unknown"),
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

/// "By default, all requests are implicitly denied with the exception of the AWS account root user,
/// which has full access" ("How AWS enforcement code logic evaluates requests").
#[test]
fn an_accounts_root_user_needs_no_identity_policy() {
    let root = |number: &str| PrincipalFacts::root(role(LOCAL).partition(), &account(number));
    let own = "arn:aws:iam::111111111111:root";
    let foreign = "arn:aws:iam::333333333333:root";
    for (caller, rule, resource_side, expected) in [
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            String::new(),
            "allowed",
        ),
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            granted("Deny", &aws(own)),
            "denied",
        ),
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            granted("Deny", r#""*""#),
            "denied",
        ),
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            granted("Deny", &aws(LOCAL)),
            "allowed",
        ),
        (
            "111111111111",
            ResourceRule::ResourceMustAllow,
            String::new(),
            "missing",
        ),
        (
            "111111111111",
            ResourceRule::ResourceMustAllow,
            granted("Allow", &aws(own)),
            "allowed",
        ),
        (
            "333333333333",
            ResourceRule::IdentityOrResource,
            String::new(),
            "missing",
        ),
        (
            "333333333333",
            ResourceRule::IdentityOrResource,
            granted("Allow", &aws(foreign)),
            "allowed",
        ),
        (
            "333333333333",
            ResourceRule::IdentityOrResource,
            granted("Allow", &aws(PROMOTER)),
            "missing",
        ),
    ] {
        let question = Question {
            resource: resource_side.clone(),
            rule,
            ..Question::new(root(caller))
        };
        let decision = question.ask();
        assert_eq!(
            word(&decision),
            expected,
            "{caller} {rule:?} {resource_side}: {decision}"
        );
    }
    let keys = r#""StringEquals":{"aws:PrincipalType":"Account","aws:userid":"111111111111","aws:PrincipalAccount":"111111111111"},"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:root"},"Null":{"aws:username":true}"#;
    let question = Question {
        resource: format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{{{keys}}}}}"#
        ),
        ..Question::new(root("111111111111"))
    };
    assert_eq!(word(&question.ask()), "denied", "its keys are known");
    insta::assert_snapshot!(Question::new(root("111111111111")).ask(), @"Allowed to the account's root user without a statement");
}

#[test]
fn what_limits_a_call_and_is_not_judged_is_named() {
    let boundary = [Limit::PermissionsBoundary("b\"1")];
    let policies = [
        Limit::ServiceControlPolicy("p-1"),
        Limit::ResourceControlPolicy("p-2"),
        Limit::EndpointPolicy("vpce-1"),
    ];
    let allowed = Question {
        identity: allow_copy(),
        ..Question::new(session_of(LOCAL))
    }
    .ask();
    assert_eq!(allowed.clone().beside(&[]), allowed);
    insta::assert_snapshot!(allowed.clone().beside(&boundary), @r#"Cannot tell: permissions boundary "b\"1", which is not judged"#);
    for limit in policies {
        let decision = allowed.clone().beside(&[limit]);
        assert_eq!(word(&decision), "unknown");
        assert!(
            decision.to_string().contains(&limit.to_string()),
            "{decision}"
        );
    }
    let missing = Question::new(session_of(LOCAL)).ask();
    assert_eq!(missing.clone().beside(&boundary), missing);
    let denied = Question {
        identity: identity("Deny", "*", "*"),
        ..Question::new(session_of(LOCAL))
    }
    .ask();
    assert_eq!(denied.clone().beside(&policies), denied);
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

#[test]
fn an_unknown_element_counts_only_where_it_could_change_the_outcome() {
    let strange = |effect: &str| {
        format!(
            r#"{{"Effect":"{effect}","Action":"{COPY}","Resource":"*","Condition":{{"StringEquals":{{"aws:PrincipalOrgID":"o-1"}}}}}}"#
        )
    };
    for (identity_side, expected) in [
        (strange("Allow"), "unknown"),
        ([strange("Allow"), allow_copy()].join(","), "allowed"),
        ([strange("Deny"), allow_copy()].join(","), "unknown"),
        (strange("Deny"), "missing"),
        (
            [strange("Allow"), identity("Deny", "*", "*")].join(","),
            "denied",
        ),
    ] {
        let question = Question {
            identity: identity_side.clone(),
            ..Question::new(session_of(LOCAL))
        };
        assert_eq!(word(&question.ask()), expected, "{identity_side}");
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

#[test]
fn a_decision_reads_as_a_sentence_that_names_its_ground() {
    let grant = document(
        r#"{"Sid":"ChGrant","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:role/other"},"Action":"rekognition:CopyProjectVersion","Resource":"*"}"#,
    );
    let mut question = Question {
        identity: allow_copy(),
        resource: granted("Allow", &aws(PROMOTER)),
        ..Question::new(session_of(PROMOTER))
    };
    insta::assert_snapshot!(question.ask(), @r#"Allowed by statement 1 of resource policy "grants" and statement 1 of identity policy "inline""#);
    question.identity = String::new();
    insta::assert_snapshot!(question.ask(), @"Not allowed: no identity policy allows rekognition:CopyProjectVersion on arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456 for arn:aws:sts::333333333333:assumed-role/customhouse-promoter/ch-1");
    question.identity = allow_copy();
    question.resource = serde_json::to_string(&grant.statements[0]).unwrap();
    insta::assert_snapshot!(question.ask(), @r#"Not allowed: no resource policy allows rekognition:CopyProjectVersion on arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456 for arn:aws:sts::333333333333:assumed-role/customhouse-promoter/ch-1; statement "ChGrant" of resource policy "grants" names other principals"#);
    question.identity = [allow_copy(), identity("Deny", "rekognition:*", "*")].join(",");
    insta::assert_snapshot!(question.ask(), @r#"Denied by statement 2 of identity policy "inline""#);
    question.identity = format!(
        r#"{{"Sid":"Odd","Effect":"Allow","Action":"{COPY}","Resource":"*","Condition":{{"BinaryNotEquals":{{"aws:x":"eA=="}}}}}}"#
    );
    question.resource = granted("Allow", &aws(PROMOTER));
    insta::assert_snapshot!(question.ask(), @r#"Cannot tell: condition operator "BinaryNotEquals" in statement "Odd" of identity policy "inline""#);
    question.identity = format!(
        r#"{{"Effect":"Allow","Action":"{COPY}","Resource":"*","Condition":{{"Bool":{{"aws:PrincipalIsAWSService":true}}}}}}"#
    );
    insta::assert_snapshot!(question.ask(), @r#"Not allowed: no identity policy allows rekognition:CopyProjectVersion on arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456 for arn:aws:sts::333333333333:assumed-role/customhouse-promoter/ch-1; statement 1 of identity policy "inline" asks for "Bool" on "aws:PrincipalIsAWSService""#);
}

#[test]
fn names_from_outside_cannot_break_out_of_a_sentence() {
    let question = Question {
        identity: format!(
            r#"{{"Sid":"x\"\n\u202eevil","Effect":"Allow","Action":"{COPY}","Resource":"*"}}"#
        ),
        ..Question::new(session_of(LOCAL))
    };
    let Decision::Allowed { by } = question.ask() else {
        panic!("allowed");
    };
    insta::assert_snapshot!(by[0], @r#"statement "x\"\n\u{202e}evil" of identity policy "inline""#);
}
