//! Signature Version 4 as a client makes it, for requests to Rekognition.

use super::rig::{SECRET, access_key};
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

fn keyed_hash(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// A request signed with Signature Version 4 by `user`.
pub(super) fn signed(user: usize, operation: &str, body: String) -> http::Request<Bytes> {
    const DATE: &str = "20261124";
    const MOMENT: &str = "20261124T000000Z";
    let target = format!("RekognitionService.{operation}");
    let scope = format!("{DATE}/eu-west-1/rekognition/aws4_request");
    let headers = "host;x-amz-date;x-amz-target";
    let canonical = format!(
        "POST\n/\n\nhost:localhost\nx-amz-date:{MOMENT}\nx-amz-target:{target}\n\n{headers}\n{}",
        hex::encode(Sha256::digest(body.as_bytes()))
    );
    let text = format!(
        "AWS4-HMAC-SHA256\n{MOMENT}\n{scope}\n{}",
        hex::encode(Sha256::digest(canonical.as_bytes()))
    );
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in scope.split('/') {
        key = keyed_hash(&key, part);
    }
    let signature = hex::encode(keyed_hash(&key, &text));
    let credential = format!("{}/{scope}", access_key(user));
    http::Request::post("/")
        .header("host", "localhost")
        .header("x-amz-date", MOMENT)
        .header("x-amz-target", target)
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, \
                 Signature={signature}"
            ),
        )
        .body(Bytes::from(body))
        .unwrap()
}
