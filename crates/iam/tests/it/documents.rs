//! Reading, writing and editing documents.

use crate::world::{PROMOTER, document, role};
use iam::{PolicyDocument, PolicyVersion, generate::grant_statement};

#[test]
fn every_element_is_read_and_written_back_in_order() {
    let text = r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"A","Effect":"Deny","NotPrincipal":{"Service":"s3.amazonaws.com","AWS":["111111111111","*"]},"NotAction":["a:b"],"NotResource":"*","Condition":{"StringLike":{"b:z":"1","a:y":["2","3"]},"Bool":{"a:s":"true"}}},{"Effect":"Allow","Principal":"*","Action":"*","Resource":["*"]}]}"#;
    let document = PolicyDocument::parse(text).unwrap();
    assert_eq!(document.to_json(), text);
    assert_eq!(document.to_string(), text);
    assert_eq!(
        serde_json::from_str::<PolicyDocument>(text).unwrap(),
        document
    );
    assert_eq!(document.characters(), text.len());
}

#[test]
fn spellings_come_out_in_one_form() {
    let text = r#" {"Statement": {"Condition": {"Bool": {"a:b": true}, "NumericEquals": {"a:c": [1, 2.5]}},
        "Action": "s3:*", "Resource": "*", "Effect": "Allow"}, "Version": "2008-10-17"} "#;
    let document = PolicyDocument::parse(text).unwrap();
    assert_eq!(document.version, Some(PolicyVersion::V2008));
    insta::assert_snapshot!(document, @r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"a:b":"true"},"NumericEquals":{"a:c":["1","2.5"]}}}]}"#);
}

#[test]
fn what_is_not_a_policy_is_refused_with_its_place() {
    let statement = |inside: &str| format!(r#"{{"Statement":[{{{inside}}}]}}"#);
    let deep = format!(r#"{{"Id":{}1{}}}"#, "[".repeat(500), "]".repeat(500));
    let rows = [
        (String::new(), "$"),
        ("{".to_owned(), "$"),
        ("[]".to_owned(), "$"),
        (deep, "$"),
        (r#"{"Statement":[]} x"#.to_owned(), "$"),
        (r#"{"Version":"2012-10-17"}"#.to_owned(), "$"),
        (
            r#"{"Version":"2012-10-18","Statement":[]}"#.to_owned(),
            "$.Version",
        ),
        (r#"{"Version":2012,"Statement":[]}"#.to_owned(), "$.Version"),
        (r#"{"Id":null,"Statement":[]}"#.to_owned(), "$.Id"),
        (r#"{"Statement":[],"statement":[]}"#.to_owned(), "$"),
        (r#"{"Statement":[],"Statement":[]}"#.to_owned(), "$"),
        (r#"{"Statement":"x"}"#.to_owned(), "$.Statement"),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*"},3]}"#.to_owned(),
            "$.Statement[1]",
        ),
        (
            statement(r#""Action":"*","Resource":"*""#),
            "$.Statement[0]",
        ),
        (
            statement(r#""Effect":"ALLOW","Action":"*""#),
            "$.Statement[0].Effect",
        ),
        (
            statement(r#""Effect":"allow","Action":"*""#),
            "$.Statement[0].Effect",
        ),
        (
            statement(r#""Effect":"Allow","Effect":"Deny","Action":"*""#),
            "$.Statement[0]",
        ),
        (statement(r#""Effect":"Allow""#), "$.Statement[0]"),
        (
            statement(r#""Effect":"Allow","Action":"*","NotAction":"*""#),
            "$.Statement[0]",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Resource":"*","NotResource":"*""#),
            "$.Statement[0]",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Principal":"*","NotPrincipal":"*""#),
            "$.Statement[0]",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Extra":1"#),
            "$.Statement[0]",
        ),
        (
            statement(r#""Effect":"Allow","Action":[]"#),
            "$.Statement[0].Action",
        ),
        (
            statement(r#""Effect":"Allow","Action":["a",{}]"#),
            "$.Statement[0].Action[1]",
        ),
        (
            statement(r#""Effect":"Allow","Action":true"#),
            "$.Statement[0].Action",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Resource":{}"#),
            "$.Statement[0].Resource",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Principal":"x""#),
            "$.Statement[0].Principal",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Principal":{}"#),
            "$.Statement[0].Principal",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Principal":{"aws":"*"}"#),
            "$.Statement[0].Principal",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Principal":{"AWS":1}"#),
            "$.Statement[0].Principal.AWS",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Condition":[]"#),
            "$.Statement[0].Condition",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Condition":{"Bool":1}"#),
            "$.Statement[0].Condition.Bool",
        ),
        (
            statement(r#""Effect":"Allow","Action":"*","Condition":{"Bool":{"a:b":null}}"#),
            r#"$.Statement[0].Condition.Bool["a:b"]"#,
        ),
        (
            statement(
                r#""Effect":"Allow","Action":"*","Condition":{"Bool":{"a":"1"},"Bool":{"b":"1"}}"#,
            ),
            "$.Statement[0].Condition",
        ),
        (
            statement(
                r#""Effect":"Allow","Action":"*","Condition":{"Bool":{"a:b":"1","A:B":"1"}}"#,
            ),
            "$.Statement[0].Condition.Bool",
        ),
    ];
    for (text, path) in rows {
        let error = PolicyDocument::parse(&text).expect_err(&text);
        assert_eq!(error.path, path, "{text}: {error}");
    }
}

#[test]
fn messages_quote_and_cut_what_came_from_outside() {
    let text = format!(r#"{{"Statement":[],"<b>\n{}":1}}"#, "x".repeat(500));
    let message = PolicyDocument::parse(&text).unwrap_err().to_string();
    insta::assert_snapshot!(message, @r#"not a policy document: at $, policies have no member "<b>\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… here"#);
}

#[test]
fn upper_case_effects_are_read_only_when_asked_for() {
    let text = r#"{"Statement":[{"Effect":"ALLOW","Action":"*"},{"Effect":"DENY","Action":"*"}]}"#;
    assert!(PolicyDocument::parse(text).is_err());
    let document = PolicyDocument::parse_accepting_upper_case_effect(text).unwrap();
    assert_eq!(
        document.to_json(),
        text.replace("ALLOW", "Allow").replace("DENY", "Deny")
    );
}

#[test]
fn a_grant_comes_and_goes_and_other_statements_stay_as_they_are() {
    let others = document(
        r#"{"Sid":"Theirs","Effect":"Deny","Principal":{"AWS":["222222222222"]},"Action":["rekognition:CopyProjectVersion"],"Resource":["*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}},{"Effect":"Allow","Principal":"*","Action":"rekognition:CopyProjectVersion","Resource":"*"}"#,
    );
    let version = crate::world::VERSION.parse().unwrap();
    let grant = grant_statement("ChOne", &role(PROMOTER), &version, None).unwrap();
    let second = grant_statement("ChTwo", &role(PROMOTER), &version, None).unwrap();
    let renewed = grant_statement(
        "ChOne",
        &role(PROMOTER),
        &version,
        Some(domain::Millis::new(1_795_521_600_000)),
    )
    .unwrap();

    let with = others.with_statement(grant.clone()).with_statement(second);
    assert_eq!(with.statements[..2], others.statements[..]);
    assert_eq!(with.statement("ChOne"), Some(&grant));

    let replaced = with.with_statement(renewed.clone());
    assert_eq!(replaced.statements.len(), 4);
    assert_eq!(replaced.statements[2], renewed);

    let twice = PolicyDocument::of(vec![
        grant.clone(),
        others.statements[1].clone(),
        grant.clone(),
    ]);
    assert_eq!(
        twice.with_statement(renewed.clone()).statements,
        [renewed, others.statements[1].clone()]
    );

    assert_eq!(
        with.without_statement("ChOne").without_statement("ChTwo"),
        others
    );
    assert_eq!(others.without_statement("ChOne"), others);
    assert!(
        PolicyDocument::of(vec![grant])
            .without_statement("ChOne")
            .statements
            .is_empty()
    );
}
