//! What a decision says, and when it cannot tell.

use crate::world::{
    COPY, LOCAL, PROMOTER, Question, allow_copy, aws, document, get_object, granted, identity,
    session_of, word,
};
use iam::{ConditionContext, Decision, Limit};

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
    let both = [boundary[0], policies[0]];
    assert_eq!(
        allowed.clone().beside(&both),
        allowed.clone().beside(&boundary)
    );
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
    let refusal = question.ask();
    question.identity = identity("Allow", "s3:*", "*");
    assert_eq!(
        question.ask(),
        refusal,
        "who allows other actions is not near"
    );
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
    let element = r#""Resource":"arn:aws:s3:::other/*""#;
    let object = "arn:aws:s3:::b/it's x\n\u{202e}evil";
    let missing = get_object("2012-10-17", element, object, &ConditionContext::new());
    insta::assert_snapshot!(missing, @r#"Not allowed: no identity or resource policy allows s3:GetObject on arn:aws:s3:::b/it's x\n\u{202e}evil for arn:aws:sts::111111111111:assumed-role/local/ch-1; statement 1 of identity policy "inline" is about other resources"#);
}
