//! What the ledger says of calls whose signature is not taken: more than AWS tells the caller.

use crate::support::{Aws, DEV, StoppedClock, code, demo, home, home_with, start};
use aws_credential_types::Credentials;
use aws_sdk_rekognition::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_rekognition::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_rekognition::error::BoxError;
use domain::{Clock, Millis};
use emulator::{Emulator, World};
use serde_json::Value;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Lists projects with credentials that are refused; gives the ledger's line.
async fn refused(aws: &Aws, credentials: Credentials) -> Value {
    let client = aws.rekognition(credentials);
    client.describe_projects().send().await.unwrap_err();
    aws.last_call().await
}

fn detail(line: &Value) -> &str {
    line["outcome"]["detail"].as_str().unwrap()
}

#[tokio::test]
async fn the_ledger_names_the_access_key_and_the_reason() {
    const USER: &str = "CHEMULATORDEV0000001";
    let aws = start().await;
    let session = aws.session(DEV, "reader").await;
    let id = session.access_key_id();
    let secret = session.secret_access_key();
    let with = |id: &str, secret: &str, token: Option<&str>| {
        Credentials::new(id, secret, token.map(str::to_owned), None, "test")
    };
    let home_secret = home().secret_access_key().to_owned();
    let nobody = "CHEMULATORNOBODY0000";
    for (credentials, id, reason) in [
        (
            home_with("another-secret-of-sufficient-length-00000"),
            USER,
            "the signature does not match",
        ),
        (
            with(nobody, &home_secret, None),
            nobody,
            "no user of this world has it",
        ),
        (
            with("test", "test", None),
            "test",
            "no user of this world has it",
        ),
        (with(id, secret, None), id, "has no session token"),
        (
            with(id, secret, Some("another token")),
            id,
            "the session token does not belong to it",
        ),
        (
            with(USER, &home_secret, session.session_token()),
            USER,
            "takes no session token",
        ),
    ] {
        let line = refused(&aws, credentials).await;
        assert!(line["principal"].is_null());
        let detail = detail(&line);
        let opening = format!("Access key {id}: ");
        assert!(detail.starts_with(&opening), "{detail}");
        assert!(detail.contains(reason), "{detail}");
        for secret in ["another-secret", "another token"] {
            assert!(!line.to_string().contains(secret), "{line}");
        }
    }
}

#[tokio::test]
async fn a_secret_in_the_place_of_an_access_key_id_is_not_shown() {
    let aws = start().await;
    let secret = home().secret_access_key().to_owned();
    let swapped = Credentials::new(&secret, home().access_key_id(), None, None, "test");
    let line = refused(&aws, swapped).await;
    assert!(detail(&line).contains("has not the shape of one"), "{line}");
    assert!(!line.to_string().contains(&secret));
}

#[tokio::test]
async fn an_ended_session_is_named_with_its_end() {
    let aws = start().await;
    let session = aws.session(DEV, "reader").await;
    aws.advance(3601.0).await;
    let line = refused(&aws, session.clone()).await;
    let opening = format!(
        "Access key {}: the session arn:aws:sts::111111111111:assumed-role/customhouse-reader/test \
         ended at 20",
        session.access_key_id()
    );
    assert!(detail(&line).starts_with(&opening), "{line}");
}

/// A clock that is ten minutes ahead.
struct Ahead(StoppedClock);

impl Clock for Ahead {
    fn now(&self) -> Millis {
        self.0.now().plus(600_000)
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_with_both_times() {
    let emulator = Emulator::new(World::parse(&demo()).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emulator = emulator.with_clock(Arc::new(Ahead(StoppedClock::new())));
    let aws = Aws::around(emulator.serve(listener).unwrap());
    let line = refused(&aws, home()).await;
    let detail = detail(&line);
    assert!(detail.contains(": signed at 20"), "{detail}");
    assert!(detail.contains("this machine's clock says 20"), "{detail}");
}

#[tokio::test]
async fn only_so_many_ended_sessions_are_remembered() {
    let aws = start().await;
    let first = aws.session(DEV, "reader").await;
    aws.advance(1.0).await;
    for _ in 0..999 {
        aws.session(DEV, "reader").await;
    }
    let last = aws.session(DEV, "reader").await;
    assert_eq!(aws.get("state").await["sessions"], 1001);
    aws.advance(7200.0).await;
    assert_eq!(aws.get("state").await["sessions"], 0);
    for (session, expected) in [
        (first, "UnrecognizedClientException"),
        (last, "ExpiredTokenException"),
    ] {
        let client = aws.rekognition(session);
        let error = client.describe_projects().send().await.unwrap_err();
        assert_eq!(code(&error), expected);
    }
}

/// Sends this body in place of what the SDK wrote, signed.
#[derive(Debug)]
struct Body(&'static str);

impl Intercept for Body {
    fn name(&self) -> &'static str {
        "body"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        *request.body_mut() = self.0.into();
        let length = self.0.len().to_string();
        request.headers_mut().insert("content-length", length);
        Ok(())
    }
}

#[tokio::test]
async fn what_a_parser_found_is_told_to_the_ledger_alone() {
    let aws = start().await;
    let reader = aws.as_role(DEV, "reader").await;
    for (body, found) in [
        ("{\"MaxResults\": ", "EOF while parsing a value at line 1"),
        ("[\"a-secret\"]", "JSON, but no object"),
    ] {
        let call = reader.describe_projects().customize();
        let error = call.interceptor(Body(body)).send().await.unwrap_err();
        assert_eq!(code(&error), "SerializationException");
        let raw = error.raw_response().unwrap().body().bytes().unwrap();
        let raw = String::from_utf8_lossy(raw);
        assert!(!raw.contains("line") && !raw.contains("JSON"), "{raw}");
        let line = aws.last_call().await;
        assert!(detail(&line).contains(found), "{line}");
        assert!(!line.to_string().contains("a-secret"), "{line}");
    }

    let project = aws.project(DEV, "inspector").await;
    let promoter = aws.as_role(DEV, "promoter").await;
    let put = promoter.put_project_policy().project_arn(project);
    let put = put.policy_name("p").policy_document("{");
    let error = put.send().await.unwrap_err();
    assert_eq!(
        aws_sdk_rekognition::error::ProvideErrorMetadata::message(&error),
        Some(
            "The format of the project policy document that you supplied to PutProjectPolicy is \
             incorrect."
        )
    );
    let line = aws.last_call().await;
    assert!(detail(&line).contains("line 1"), "{line}");

    let become_role = aws.sts(home()).assume_role().policy("{");
    let become_role = become_role.role_arn(crate::support::role(DEV, "reader"));
    let error = become_role.role_session_name("test").send().await;
    let error = error.unwrap_err();
    assert_eq!(
        aws_sdk_sts::error::ProvideErrorMetadata::message(&error),
        Some("Syntax errors in policy.")
    );
    let line = aws.last_call().await;
    assert!(detail(&line).contains("line 1"), "{line}");
}
