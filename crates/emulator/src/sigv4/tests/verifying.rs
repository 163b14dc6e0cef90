//! Requests that a verifier must take or refuse.

use crate::request::Request;
use crate::service::Service;
use crate::sigv4::canonical::{PathStyle, canonical_request, sha256_hex};
use crate::sigv4::verify::verify;
use crate::sigv4::{ALGORITHM, Authorization, Scope, SignatureRefusal, signature, string_to_sign};
use domain::Millis;
use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SIGNED_AT: &str = "20261124T101414Z";
const NOW: Millis = Millis::new(1_795_515_254_000);
const MINUTE: i64 = 60_000;

fn request(method: Method, path: &str, body: &str, headers: &[(&'static str, &str)]) -> Request {
    let mut map = HeaderMap::new();
    map.insert("host", HeaderValue::from_static("127.0.0.1:4599"));
    map.insert("x-amz-date", HeaderValue::from_static(SIGNED_AT));
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    Request {
        method,
        path: path.to_owned(),
        query: String::new(),
        headers: map,
        body: body.to_owned().into(),
    }
}

/// Signs `request` over `signed_headers` the way a client does.
fn sign(request: &mut Request, service: Service, signed_headers: &[&str]) {
    let signed: Vec<String> = signed_headers.iter().map(|&name| name.to_owned()).collect();
    let (style, payload) = match service {
        Service::S3 => (
            PathStyle::EncodedOnce,
            request.header("x-amz-content-sha256").map(str::to_owned),
        ),
        _ => (PathStyle::NormalisedAndEncodedAgain, None),
    };
    let payload = payload.unwrap_or_else(|| sha256_hex(&request.body));
    let canonical = canonical_request(request, &signed, &payload, style).unwrap();
    let scope = Scope {
        date: SIGNED_AT[..8].to_owned(),
        region: "eu-west-1".to_owned(),
        service: service.signing_name().to_owned(),
    };
    let text = string_to_sign(SIGNED_AT, &scope, &canonical);
    let header = format!(
        "{ALGORITHM} Credential=AKIDEXAMPLE/{}, SignedHeaders={}, Signature={}",
        scope.text(),
        signed_headers.join(";"),
        signature(SECRET, &scope, &text)
    );
    request
        .headers
        .insert("authorization", HeaderValue::from_str(&header).unwrap());
}

fn answer(request: &Request, service: Service, now: Millis) -> Result<(), SignatureRefusal> {
    let authorization = Authorization::read(&request.headers)?;
    verify(request, &authorization, service, SECRET, now)
}

fn head_bucket(payload: Option<&str>) -> Request {
    let payload: Vec<_> = payload
        .map(|hash| ("x-amz-content-sha256", hash))
        .into_iter()
        .collect();
    request(Method::HEAD, "/vision-prod-models", "", &payload)
}

const S3_HEADERS: &[&str] = &["host", "x-amz-content-sha256", "x-amz-date"];

#[test]
fn s3_takes_a_true_hash_or_an_unsigned_payload() {
    let empty = sha256_hex(b"");
    for payload in [empty.as_str(), "UNSIGNED-PAYLOAD"] {
        let mut request = head_bucket(Some(payload));
        sign(&mut request, Service::S3, S3_HEADERS);
        assert_eq!(answer(&request, Service::S3, NOW), Ok(()), "{payload}");
    }
}

#[test]
fn s3_refuses_a_payload_hash_that_is_missing_untrue_or_streamed() {
    let mut missing = head_bucket(None);
    sign(&mut missing, Service::S3, &["host", "x-amz-date"]);
    assert_eq!(
        answer(&missing, Service::S3, NOW),
        Err(SignatureRefusal::PayloadHashMissing)
    );

    let mut untrue = head_bucket(Some(&sha256_hex(b"another body")));
    sign(&mut untrue, Service::S3, S3_HEADERS);
    assert_eq!(
        answer(&untrue, Service::S3, NOW),
        Err(SignatureRefusal::PayloadHashMismatch)
    );

    let mut streamed = head_bucket(Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"));
    sign(&mut streamed, Service::S3, S3_HEADERS);
    assert!(matches!(
        answer(&streamed, Service::S3, NOW),
        Err(SignatureRefusal::Unsupported(_))
    ));
}

#[test]
fn s3_wants_every_amz_header_signed() {
    let mut request = head_bucket(Some("UNSIGNED-PAYLOAD"));
    sign(&mut request, Service::S3, S3_HEADERS);
    request
        .headers
        .insert("x-amz-acl", HeaderValue::from_static("public-read"));
    assert_eq!(
        answer(&request, Service::S3, NOW),
        Err(SignatureRefusal::HeadersNotSigned("x-amz-acl".to_owned()))
    );
}

#[test]
fn s3_encodes_a_path_once_and_resolves_nothing_in_it() {
    let mut request = request(
        Method::GET,
        "/bucket/a%20b//c/../d",
        "",
        &[("x-amz-content-sha256", "UNSIGNED-PAYLOAD")],
    );
    sign(&mut request, Service::S3, S3_HEADERS);
    assert_eq!(answer(&request, Service::S3, NOW), Ok(()));
    request.path = "/bucket/a%20b/d".to_owned();
    assert_eq!(
        answer(&request, Service::S3, NOW),
        Err(SignatureRefusal::Mismatch)
    );
}

#[test]
fn each_service_allows_its_own_skew() {
    for (service, minutes) in [
        (Service::Rekognition, 5),
        (Service::Sts, 5),
        (Service::S3, 15),
    ] {
        let mut request = head_bucket(Some("UNSIGNED-PAYLOAD"));
        sign(&mut request, service, S3_HEADERS);
        for side in [1, -1] {
            let edge = side * minutes * MINUTE;
            assert_eq!(
                answer(&request, service, NOW.plus(edge)),
                Ok(()),
                "{service:?}"
            );
            assert!(
                matches!(
                    answer(&request, service, NOW.plus(edge + side)),
                    Err(SignatureRefusal::Skewed { .. })
                ),
                "{service:?}"
            );
        }
    }
}

#[test]
fn host_must_be_signed_and_date_and_scope_must_agree() {
    let mut no_host = request(Method::POST, "/", "{}", &[]);
    sign(&mut no_host, Service::Rekognition, &["x-amz-date"]);
    assert!(matches!(
        answer(&no_host, Service::Rekognition, NOW),
        Err(SignatureRefusal::Incomplete(_))
    ));
    let mut other_day = request(Method::POST, "/", "{}", &[]);
    sign(
        &mut other_day,
        Service::Rekognition,
        &["host", "x-amz-date"],
    );
    let header = other_day
        .header("authorization")
        .unwrap()
        .replace("/20261124/", "/20261123/");
    other_day
        .headers
        .insert("authorization", HeaderValue::from_str(&header).unwrap());
    assert!(matches!(
        answer(&other_day, Service::Rekognition, NOW),
        Err(SignatureRefusal::Scope(_))
    ));
}

proptest! {
    #[test]
    fn a_signed_request_is_good_until_any_part_of_it_changes(
        body in "[ -~]{1,40}",
        path in "/[a-z%/. ]{0,20}",
        change in 0..4_usize,
        at in any::<prop::sample::Index>(),
    ) {
        let mut request = request(Method::POST, &path, &body, &[("x-amz-target", "Service.Operation")]);
        sign(&mut request, Service::Rekognition, &["host", "x-amz-date", "x-amz-target"]);
        prop_assert_eq!(answer(&request, Service::Rekognition, NOW), Ok(()));
        match change {
            0 => {
                let mut bytes = request.body.to_vec();
                let at = at.index(bytes.len());
                bytes[at] ^= 1;
                request.body = bytes.into();
            }
            1 => request.path.push_str("/more"),
            2 => request.query = "more=1".to_owned(),
            _ => {
                request.headers.append("x-amz-target", HeaderValue::from_static("Service.Other"));
            }
        }
        prop_assert_eq!(
            answer(&request, Service::Rekognition, NOW),
            Err(SignatureRefusal::Mismatch)
        );
    }

    #[test]
    fn no_header_upsets_the_reader(authorization in "\\PC{0,80}", date in "\\PC{0,20}") {
        let mut request = request(Method::POST, "/", "", &[]);
        let scheme = format!("{ALGORITHM} {authorization}");
        if let (Ok(value), Ok(date)) = (HeaderValue::from_str(&scheme), HeaderValue::from_str(&date)) {
            request.headers.insert("authorization", value);
            request.headers.insert("x-amz-date", date);
            let _ = answer(&request, Service::Rekognition, NOW);
        }
    }

    #[test]
    fn no_date_upsets_the_verifier(date in "\\PC{0,20}|[0-9TZ]{16}") {
        let mut request = request(Method::POST, "/", "", &[]);
        sign(&mut request, Service::Rekognition, &["host", "x-amz-date"]);
        if let Ok(date) = HeaderValue::from_str(&date) {
            request.headers.insert("x-amz-date", date);
            prop_assert!(answer(&request, Service::Rekognition, NOW).is_err());
        }
    }
}
