//! Compares a request with its signature.

use super::canonical::{PathStyle, canonical_request, sha256_hex};
use super::{Authorization, SignatureRefusal, signature, string_to_sign};
use crate::request::Request;
use crate::service::Service;
use domain::Millis;
use subtle::ConstantTimeEq;

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// Checks everything about the signature of `request` that the secret key can prove: the moment
/// of signing against `machine_now`, the signed headers, the body and the signature itself.
///
/// Amazon S3 allows 15 minutes of skew and every other service 5, as AWS does.
pub(crate) fn verify(
    request: &Request,
    authorization: &Authorization,
    service: Service,
    secret: &str,
    machine_now: Millis,
) -> Result<(), SignatureRefusal> {
    let amz_date = signed_at(request)?;
    check_moment(&amz_date, authorization, service, machine_now)?;
    check_signed_headers(request, authorization, service)?;
    let payload_hash = payload_hash(request, service)?;
    let style = match service {
        Service::S3 => PathStyle::EncodedOnce,
        Service::Rekognition | Service::Sts | Service::Kms | Service::Iam => {
            PathStyle::NormalisedAndEncodedAgain
        }
    };
    let canonical = canonical_request(request, &authorization.signed_headers, &payload_hash, style)
        .ok_or(SignatureRefusal::Mismatch)?;
    let text = string_to_sign(&amz_date, &authorization.scope, &canonical);
    let expected = signature(secret, &authorization.scope, &text);
    if bool::from(
        expected
            .as_bytes()
            .ct_eq(authorization.signature.as_bytes()),
    ) {
        Ok(())
    } else {
        Err(SignatureRefusal::Mismatch)
    }
}

fn signed_at(request: &Request) -> Result<String, SignatureRefusal> {
    request
        .header("x-amz-date")
        .map(str::to_owned)
        .ok_or_else(|| {
            SignatureRefusal::Incomplete(
                "The request has no 'X-Amz-Date' header, which the signature needs.".to_owned(),
            )
        })
}

/// `20150830T123600Z` as a moment.
fn parse_amz_date(text: &str) -> Option<Millis> {
    let plain = text.len() == 16 && text.is_ascii();
    if !plain || &text[8..9] != "T" || &text[15..] != "Z" {
        return None;
    }
    let (date, time) = (&text[..8], &text[9..15]);
    Millis::parse_iso(&format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &time[..2],
        &time[2..4],
        &time[4..]
    ))
}

fn check_moment(
    amz_date: &str,
    authorization: &Authorization,
    service: Service,
    machine_now: Millis,
) -> Result<(), SignatureRefusal> {
    let moment = parse_amz_date(amz_date).ok_or_else(|| {
        SignatureRefusal::Incomplete(format!(
            "Date must be in ISO-8601 'basic format'. Got '{amz_date}'."
        ))
    })?;
    if !amz_date.starts_with(&authorization.scope.date) {
        return Err(SignatureRefusal::Scope(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from \
             HTTP: '{}' != '{}'.",
            authorization.scope.date,
            &amz_date[..8]
        )));
    }
    let skew_ms = machine_now.since(moment).abs();
    if skew_ms > service.allowed_skew_ms() {
        return Err(SignatureRefusal::Skewed {
            signed: moment,
            now: machine_now,
        });
    }
    Ok(())
}

fn check_signed_headers(
    request: &Request,
    authorization: &Authorization,
    service: Service,
) -> Result<(), SignatureRefusal> {
    let signed = |name: &str| {
        authorization
            .signed_headers
            .iter()
            .any(|header| header == name)
    };
    if !signed("host") {
        return Err(SignatureRefusal::Incomplete(
            "'Host' must be a 'SignedHeader' in the AWS Authorization.".to_owned(),
        ));
    }
    if service == Service::S3 {
        let unsigned = request
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .find(|name| name.starts_with("x-amz-") && !signed(name));
        if let Some(name) = unsigned {
            return Err(SignatureRefusal::HeadersNotSigned(name.to_owned()));
        }
    }
    Ok(())
}

/// What stands for the body in the canonical request.
///
/// S3 says it in a header, which must then be true of the body; elsewhere it is always the
/// body's own hash.
fn payload_hash(request: &Request, service: Service) -> Result<String, SignatureRefusal> {
    let actual = sha256_hex(&request.body);
    if service != Service::S3 {
        return Ok(actual);
    }
    match request.header("x-amz-content-sha256") {
        None => Err(SignatureRefusal::PayloadHashMissing),
        Some(UNSIGNED_PAYLOAD) => Ok(UNSIGNED_PAYLOAD.to_owned()),
        Some(claimed) if claimed == actual => Ok(actual),
        Some(claimed) if claimed.starts_with("STREAMING-") => {
            Err(SignatureRefusal::Unsupported(format!("{claimed} payloads")))
        }
        Some(_) => Err(SignatureRefusal::PayloadHashMismatch),
    }
}
