//! Requests that were changed after they were signed, or signed at the wrong time.

use crate::support::{Aws, DEV, code, demo, home, start};
use aws_sdk_rekognition::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_rekognition::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_rekognition::error::BoxError;
use aws_sdk_sts::error::ProvideErrorMetadata;
use domain::{Clock, Millis};
use emulator::{Emulator, SystemClock, World};
use std::sync::Arc;
use tokio::net::TcpListener;

type HttpRequest = aws_sdk_rekognition::config::http::HttpRequest;

type Change = fn(&mut HttpRequest);

/// Changes a request after it was signed.
#[derive(Debug)]
struct Tamper(Change);

impl Intercept for Tamper {
    fn name(&self) -> &'static str {
        "tamper"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        (self.0)(context.request_mut());
        Ok(())
    }
}

async fn tampered(aws: &Aws, change: Change) -> String {
    let client = aws.as_role(DEV, "reader").await;
    let project = aws.project(DEV, "inspector").await;
    let result = client
        .list_project_policies()
        .project_arn(project)
        .customize()
        .interceptor(Tamper(change))
        .send()
        .await;
    match result {
        Ok(_) => "accepted".to_owned(),
        Err(error) => code(&error),
    }
}

#[tokio::test]
async fn a_request_that_was_changed_after_signing_is_refused() {
    let aws = start().await;
    assert_eq!(
        tampered(&aws, |_| {}).await,
        "accepted",
        "the same request untouched"
    );
    let cases: [(&str, Change, &str); 6] = [
        (
            "body",
            |request| {
                let text = String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap();
                let changed = text.replace("project/inspector", "project/inspectoR");
                assert_ne!(text, changed);
                *request.body_mut() = changed.into();
            },
            "InvalidSignatureException",
        ),
        (
            "operation",
            |request| {
                request
                    .headers_mut()
                    .insert("x-amz-target", "RekognitionService.DescribeProjects");
            },
            "InvalidSignatureException",
        ),
        (
            "date",
            |request| {
                let date = request.headers().get("x-amz-date").unwrap().to_owned();
                let changed = format!("{}00Z", &date[..13]);
                let changed = if changed == date {
                    format!("{}01Z", &date[..13])
                } else {
                    changed
                };
                request.headers_mut().insert("x-amz-date", changed);
            },
            "InvalidSignatureException",
        ),
        (
            "query",
            |request| {
                let uri = format!("{}?more=1", request.uri());
                request.set_uri(uri).unwrap();
            },
            "InvalidSignatureException",
        ),
        (
            "no signature",
            |request| {
                request.headers_mut().remove("authorization");
            },
            "MissingAuthenticationTokenException",
        ),
        (
            "half a signature",
            |request| {
                request
                    .headers_mut()
                    .insert("authorization", "AWS4-HMAC-SHA256 Credential=x");
            },
            "IncompleteSignatureException",
        ),
    ];
    for (what, change, expected) in cases {
        assert_eq!(tampered(&aws, change).await, expected, "{what}");
    }
    let refused = aws.calls("ListProjectPolicies").await;
    assert!(
        refused.iter().skip(1).all(|call| call["account"].is_null()),
        "a refused signature proves nobody"
    );
}

/// The machine's clock, some minutes off.
struct Skewed(i64);

impl Clock for Skewed {
    fn now(&self) -> Millis {
        SystemClock.now().plus(self.0)
    }
}

#[tokio::test]
async fn a_signature_is_good_for_five_minutes_around_its_moment() {
    const MINUTE: i64 = 60_000;
    for (minutes, good) in [(0, true), (4, true), (-4, true), (6, false), (-6, false)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let handle = Emulator::new(World::parse(&demo()).unwrap())
            .with_clock(Arc::new(Skewed(minutes * MINUTE)))
            .serve(listener)
            .unwrap();
        let aws = Aws::around(handle);
        let result = aws.sts(home()).get_caller_identity().send().await;
        assert_eq!(result.is_ok(), good, "{minutes} min");
        if let Err(error) = result {
            assert_eq!(error.code(), Some("SignatureDoesNotMatch"), "{minutes} min");
            let error = aws
                .rekognition(home())
                .describe_projects()
                .send()
                .await
                .unwrap_err();
            assert_eq!(code(&error), "InvalidSignatureException", "{minutes} min");
        }
    }
}

#[tokio::test]
async fn advancing_the_world_leaves_signatures_and_the_date_header_alone() {
    let aws = start().await;
    aws.advance(7.0 * 24.0 * 3600.0).await;
    aws.sts(home()).get_caller_identity().send().await.unwrap();
    let health = aws.get("health").await;
    let machine = SystemClock.now();
    let world = Millis::new(health["time_ms"].as_i64().unwrap());
    assert!(world.since(machine) > 6 * 24 * 3600 * 1000);
}
