//! Becoming a role, and asking who one is.

use crate::support::{DEV, PROD, code, credentials, external_id, home, home_with, role, start};
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use serde_json::json;

fn assume(client: &aws_sdk_sts::Client) -> AssumeRoleFluentBuilder {
    client
        .assume_role()
        .role_arn(role(DEV, "reader"))
        .role_session_name("test")
        .external_id(external_id(DEV))
}

#[tokio::test]
async fn a_trusted_caller_with_the_external_id_becomes_the_role() {
    let aws = start().await;
    let answer = assume(&aws.sts(home())).send().await.unwrap();
    let user = answer.assumed_role_user().unwrap();
    assert_eq!(
        user.arn(),
        "arn:aws:sts::111111111111:assumed-role/customhouse-reader/test"
    );
    let given = answer.credentials().unwrap();
    assert!(given.access_key_id().starts_with("ASIA"));

    let identity = aws
        .sts(credentials(given))
        .get_caller_identity()
        .send()
        .await
        .unwrap();
    assert_eq!(identity.account(), Some(DEV));
    assert_eq!(identity.arn(), Some(user.arn()));
    assert_eq!(identity.user_id(), Some(user.assumed_role_id()));

    let own = aws.sts(home()).get_caller_identity().send().await.unwrap();
    assert_eq!(
        own.arn(),
        Some("arn:aws:iam::999999999999:user/customhouse")
    );
}

#[tokio::test]
async fn whatever_is_wrong_the_refusal_says_no_more_than_access_denied() {
    let aws = start().await;
    let sts = aws.sts(home());
    let wrong = [
        ("no ExternalId", assume(&sts).set_external_id(None)),
        (
            "another ExternalId",
            assume(&sts).external_id(external_id(PROD)),
        ),
        ("no such role", assume(&sts).role_arn(role(DEV, "nobody"))),
        (
            "no such account",
            assume(&sts).role_arn(role("123412341234", "reader")),
        ),
    ];
    for (what, request) in wrong {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.code(), Some("AccessDenied"), "{what}");
        assert_eq!(
            error.raw_response().unwrap().status().as_u16(),
            403,
            "{what}"
        );
        assert!(
            error.message().unwrap().starts_with(
                "User: arn:aws:iam::999999999999:user/customhouse is not authorized to perform: \
                 sts:AssumeRole on resource: arn:aws:iam::"
            ),
            "{what}: {error:?}"
        );
    }
    let calls = aws.calls("AssumeRole").await;
    let reason = calls[0]["decisions"][0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("sts:ExternalId"),
        "the ledger says what AWS does not: {reason}"
    );
}

#[tokio::test]
async fn a_changed_trust_policy_counts_from_the_next_call() {
    let aws = start().await;
    let trust = |principal: &str| {
        json!({ "account": [{ "id": DEV, "role": [{ "name": "customhouse-reader", "trust_policy": json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "sts:AssumeRole" }],
        }).to_string() }] }] })
    };
    aws.merge(trust("arn:aws:iam::222222222222:root")).await;
    let error = assume(&aws.sts(home())).send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDenied"));
    aws.merge(trust("arn:aws:iam::999999999999:user/customhouse"))
        .await;
    assume(&aws.sts(home()))
        .set_external_id(None)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn sessions_have_their_limits() {
    let aws = start().await;
    aws.merge(json!({ "account": [{ "id": PROD, "role": [
        { "name": "customhouse-reader", "max_session_seconds": 7200 },
    ] }] }))
    .await;
    let sts = aws.sts(home());
    let long = |seconds| {
        assume(&sts)
            .role_arn(role(PROD, "reader"))
            .external_id(external_id(PROD))
            .duration_seconds(seconds)
    };
    for (seconds, allowed) in [
        (899, false),
        (900, true),
        (7200, true),
        (7201, false),
        (43201, false),
    ] {
        let result = long(seconds).send().await;
        assert_eq!(result.is_ok(), allowed, "{seconds} s");
        if let Err(error) = result {
            assert_eq!(error.code(), Some("ValidationError"), "{seconds} s");
        }
    }
    let error = assume(&sts)
        .duration_seconds(3601)
        .send()
        .await
        .unwrap_err();
    assert!(
        error.message().unwrap().contains("MaxSessionDuration"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_role_that_becomes_a_role_is_held_to_one_hour() {
    let aws = start().await;
    aws.merge(json!({ "account": [
        { "id": DEV, "role": [{ "name": "hub",
            "trust_policy": json!({ "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": { "AWS": "arn:aws:iam::111111111111:role/customhouse-reader" } }] }).to_string(),
            "max_session_seconds": 43200 }] },
    ] }))
    .await;
    let reader = aws.sts(aws.session(DEV, "reader").await);
    let chained = |seconds| {
        reader
            .assume_role()
            .role_arn("arn:aws:iam::111111111111:role/hub")
            .role_session_name("chained")
            .duration_seconds(seconds)
    };
    chained(3600).send().await.unwrap();
    let error = chained(3601).send().await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationError"));
    assert!(
        error.message().unwrap().contains("role chaining"),
        "{error:?}"
    );
}

#[tokio::test]
async fn parameters_are_held_to_their_shapes_and_unsupported_ones_named() {
    let aws = start().await;
    let sts = aws.sts(home());
    let wrong = [
        (
            "name",
            assume(&sts).role_session_name("a"),
            "ValidationError",
        ),
        (
            "name",
            assume(&sts).role_session_name("has space"),
            "ValidationError",
        ),
        (
            "external id",
            assume(&sts).external_id("x"),
            "ValidationError",
        ),
        (
            "role",
            assume(&sts).role_arn("arn:aws:iam::1:role/x"),
            "ValidationError",
        ),
        (
            "policy",
            assume(&sts).policy("{"),
            "MalformedPolicyDocument",
        ),
        (
            "long policy",
            assume(&sts).policy(" ".repeat(2049)),
            "ValidationError",
        ),
        (
            "no role",
            assume(&sts).set_role_arn(Some(String::new())),
            "ValidationError",
        ),
        ("MFA", assume(&sts).token_code("123456"), "NotEmulated"),
    ];
    for (what, request, expected) in wrong {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.code(), Some(expected), "{what}: {error:?}");
    }
    let ledger = aws.get("ledger").await.to_string();
    assert!(!ledger.contains("123456"), "a one-time code is a secret");
    let error = sts.get_session_token().send().await.unwrap_err();
    assert_eq!(error.code(), Some("NotEmulated"));
}

#[tokio::test]
async fn an_expired_session_is_told_so_by_each_service() {
    let aws = start().await;
    let session = aws.session(DEV, "reader").await;
    aws.rekognition(session.clone())
        .describe_projects()
        .send()
        .await
        .unwrap();
    aws.advance(3601.0).await;
    let error = aws
        .rekognition(session.clone())
        .describe_projects()
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ExpiredTokenException");
    let error = aws
        .sts(session.clone())
        .get_caller_identity()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ExpiredToken"));
    let again = aws.session(DEV, "reader").await;
    aws.rekognition(again)
        .describe_projects()
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn credentials_that_are_not_right_are_refused_by_their_names() {
    let aws = start().await;
    let wrong_secret = home_with("another-secret-of-sufficient-length-00000");
    let error = aws
        .sts(wrong_secret.clone())
        .get_caller_identity()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
    let error = aws
        .rekognition(wrong_secret)
        .describe_projects()
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "InvalidSignatureException");

    let session = aws.session(DEV, "reader").await;
    let stolen = |token: Option<&str>| {
        aws_credential_types::Credentials::new(
            session.access_key_id(),
            session.secret_access_key(),
            token.map(str::to_owned),
            None,
            "test",
        )
    };
    for token in [None, Some("another token")] {
        let error = aws
            .rekognition(stolen(token))
            .describe_projects()
            .send()
            .await
            .unwrap_err();
        assert_eq!(code(&error), "UnrecognizedClientException", "{token:?}");
    }
    let error = aws
        .sts(stolen(None))
        .get_caller_identity()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("InvalidClientTokenId"));
}
