//! AWS's published test vectors, read from `tests/vectors`.

use crate::request::Request;
use crate::sigv4::canonical::{PathStyle, canonical_request, sha256_hex};
use crate::sigv4::{Authorization, signature, string_to_sign};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::path::Path;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// Reads a request of the suite. The suite is looser than HTTP: a target may hold spaces and
/// letters outside ASCII, and a header may go on over several lines.
fn read_request(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let request_line = lines.next().unwrap();
    let (method, rest) = request_line.split_once(' ').unwrap();
    let target = rest.strip_suffix(" HTTP/1.1").unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with(' ') {
            headers.last_mut().unwrap().1.push_str(line);
        } else {
            let (name, value) = line.split_once(':').unwrap();
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value.trim()).unwrap(),
        );
    }
    Request {
        method: Method::from_bytes(method.as_bytes()).unwrap(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: map,
        body: body.to_owned().into(),
    }
}

fn check(name: &str, folder: &Path) {
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let request = read_request(&read("signed-request.txt"));
    let authorization = Authorization::read(&request.headers).unwrap();
    // The suite's "unnormalized" cases are what Amazon S3 does.
    let style = if name.ends_with("-unnormalized") {
        PathStyle::EncodedOnce
    } else {
        PathStyle::NormalisedAndEncodedAgain
    };
    let hash = sha256_hex(&request.body);
    let canonical =
        canonical_request(&request, &authorization.signed_headers, &hash, style).unwrap();
    assert_eq!(
        canonical,
        read("canonical-request.txt"),
        "canonical request of {name}"
    );
    let text = string_to_sign(
        request.header("x-amz-date").unwrap(),
        &authorization.scope,
        &canonical,
    );
    assert_eq!(text, read("string-to-sign.txt"), "string to sign of {name}");
    let signed = signature(SECRET, &authorization.scope, &text);
    assert_eq!(signed, authorization.signature, "signature of {name}");
}

#[test]
fn the_arithmetic_agrees_with_every_published_vector() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut checked = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            check(&entry.file_name().to_string_lossy(), &entry.path());
            checked += 1;
        }
    }
    assert_eq!(checked, 38, "the suite has 38 cases");
}
