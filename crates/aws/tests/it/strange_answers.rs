//! Answers that AWS would not give, from an endpoint that is not AWS.

use crate::support::{DEV, World, reader, region};
use operations::ports::aws::{AwsError, AwsReads as _, ErrorClass, Refusal};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const SESSION: &str = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

/// Status, further header lines and body for the call of this number.
type Answer = Arc<dyn Fn(usize) -> (u16, String, String) + Send + Sync>;

/// Makes the token of the page after the call of this number.
type Token = fn(usize) -> usize;

/// Gives out sessions for any role, and to all other calls what `answer` says. The number counts
/// these calls.
#[expect(
    clippy::disallowed_methods,
    reason = "the endpoint ends with its test's runtime"
)]
async fn endpoint(answer: Answer) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (calls, answer) = (Arc::clone(&counted), Arc::clone(&answer));
            tokio::spawn(async move { serve(stream, &calls, &answer).await });
        }
    });
    (url, calls)
}

async fn serve(mut stream: TcpStream, calls: &AtomicUsize, answer: &Answer) {
    let mut received = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(body) = whole_body(&received) {
            let (status, headers, body) = if body.contains("Action=AssumeRole") {
                (200, String::new(), SESSION.to_owned())
            } else {
                answer(calls.fetch_add(1, Ordering::SeqCst))
            };
            let length = body.len();
            let text =
                format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
            stream.write_all(text.as_bytes()).await.unwrap();
            received.clear();
            continue;
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(count) => received.extend_from_slice(&chunk[..count]),
        }
    }
}

fn whole_body(request: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(request);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.parse().unwrap());
    (body.len() >= length).then(|| body.to_owned())
}

/// What reading projects from such an endpoint ends in, and after how many calls.
async fn reading(answer: Answer) -> (AwsError, usize) {
    let world = World::demo().await;
    let (url, calls) = endpoint(answer).await;
    let mut settings = world.emulated.settings();
    settings.endpoint_url = Some(url);
    let aws = customhouse_aws::Aws::new(settings, Arc::new(world.clock.clone())).await;
    let read = aws.describe_projects(&reader(DEV), &region()).await;
    (read.unwrap_err(), calls.load(Ordering::SeqCst))
}

#[tokio::test]
async fn pages_without_end_are_given_up() {
    let cases: [(Token, usize); 2] = [(|_| 7, 2), (|call| call, 200)];
    for (token, most) in cases {
        let page = move |call| {
            let body = format!(r#"{{"NextToken":"{}"}}"#, token(call));
            (200, String::new(), body)
        };
        let (error, calls) = reading(Arc::new(page)).await;
        assert_eq!(error.class, ErrorClass::Ambiguous);
        assert_eq!(calls, most);
    }
}

#[tokio::test]
async fn the_texts_of_an_error_are_cut() {
    let long = "x".repeat(10_000);
    let refusal = move |_| {
        (
            400,
            format!("x-amzn-requestid: {long}\r\n"),
            format!(r#"{{"__type":"{long}","message":"{long}"}}"#),
        )
    };
    let (error, calls) = reading(Arc::new(refusal)).await;
    assert_eq!(calls, 1);
    assert_eq!(error.class, ErrorClass::Ambiguous);
    assert_eq!(error.code.map(|code| code.len()), Some(128));
    assert_eq!(error.message.len(), 1000);
    assert_eq!(error.call.request_id.map(|id| id.len()), Some(128));
}

#[tokio::test]
async fn the_code_decides_and_never_the_status() {
    for (status, code, class) in [
        (
            500,
            "AccessDeniedException",
            ErrorClass::Refused(Refusal::Access),
        ),
        (200, "", ErrorClass::Ambiguous),
        (403, "SomethingNew", ErrorClass::Ambiguous),
        (404, "", ErrorClass::Ambiguous),
        (
            400,
            "com.amazonaws#ThrottlingException:",
            ErrorClass::Ambiguous,
        ),
    ] {
        let body = match (status, code) {
            (200, _) => "{".to_owned(),
            (_, "") => "<html>".to_owned(),
            _ => format!(r#"{{"__type":"{code}"}}"#),
        };
        let (error, _) = reading(Arc::new(move |_| (status, String::new(), body.clone()))).await;
        assert_eq!(error.class, class, "{status} {code}");
    }
}
