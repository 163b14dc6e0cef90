//! The canonical form of a request that both sides sign.
//!
//! Source: AWS, "Create a signed AWS API request" (IAM User Guide). Amazon S3 differs in two ways:
//! the path is encoded once and its dots and slashes are left alone.

use crate::request::Request;
use http::HeaderMap;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// How a service writes a path before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathStyle {
    /// Dots and doubled slashes are resolved and the path, as sent, is encoded once more.
    NormalisedAndEncodedAgain,
    /// Amazon S3: the path is encoded exactly once and nothing is resolved.
    EncodedOnce,
}

/// Builds the canonical request over exactly `signed_headers`, which are lower-case and in the
/// order that the sender gave. `None` when the request lacks one of them.
pub(crate) fn canonical_request(
    request: &Request,
    signed_headers: &[String],
    payload_hash: &str,
    style: PathStyle,
) -> Option<String> {
    let mut text = String::new();
    push_line(&mut text, request.method.as_str());
    push_line(&mut text, &canonical_path(&request.path, style));
    push_line(&mut text, &canonical_query(&request.query));
    for name in signed_headers {
        let value = canonical_header(&request.headers, name)?;
        push_line(&mut text, &format!("{name}:{value}"));
    }
    push_line(&mut text, "");
    push_line(&mut text, &signed_headers.join(";"));
    text.push_str(payload_hash);
    Some(text)
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn canonical_path(path: &str, style: PathStyle) -> String {
    match style {
        PathStyle::EncodedOnce => encode(&decode(path), Slash::Kept),
        PathStyle::NormalisedAndEncodedAgain => encode(normalise(path).as_bytes(), Slash::Kept),
    }
}

/// RFC 3986 section 5.2.4 for an absolute path, with doubled slashes taken as one.
fn normalise(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let stays_a_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    let end = if stays_a_folder && !segments.is_empty() {
        "/"
    } else {
        ""
    };
    format!("/{}{end}", segments.join("/"))
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                encode(&decode(name), Slash::Encoded),
                encode(&decode(value), Slash::Encoded),
            )
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn canonical_header(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<String> = headers
        .get_all(name)
        .iter()
        .map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slash {
    Kept,
    Encoded,
}

fn encode(bytes: &[u8], slash: Slash) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        let plain = byte.is_ascii_alphanumeric()
            || b"-_.~".contains(&byte)
            || (byte == b'/' && slash == Slash::Kept);
        if plain {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Resolves `%XX`; a percent sign that starts no such triple stands for itself.
fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let triple = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            // A sign before the digits would be read as well.
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = triple {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_digits_after_a_percent_sign_are_decoded() {
        for (query, canonical) in [
            ("a=%2B", "a=%2B"),
            ("a=%2b", "a=%2B"),
            ("a=%+1", "a=%25%2B1"),
            ("a=%4", "a=%254"),
            ("a=%", "a=%25"),
        ] {
            assert_eq!(canonical_query(query), canonical, "{query}");
        }
    }
}
