//! AWS Signature Version 4, seen from the server.
//!
//! [`header`] reads what the sender claims, [`canonical`] rebuilds what was signed, [`verify`]
//! compares, [`refusal`] says no in each service's own words, and [`detail`] tells the ledger why. AWS's published test vectors
//! (`tests/vectors`) hold the arithmetic to AWS's.

pub(crate) mod canonical;
mod detail;
pub(crate) mod header;
pub(crate) mod refusal;
pub(crate) mod verify;

pub(crate) use header::Authorization;
pub(crate) use refusal::SignatureRefusal;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The scheme's name, which opens the `Authorization` header and the string to sign.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The four parts after the access key in a credential: `DATE/REGION/SERVICE/aws4_request`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// `YYYYMMDD`, UTC.
    pub(crate) date: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

impl Scope {
    fn text(&self) -> String {
        format!(
            "{}/{}/{}/aws4_request",
            self.date, self.region, self.service
        )
    }
}

/// The text whose signature is sent, over the canonical request and the moment of signing.
pub(crate) fn string_to_sign(amz_date: &str, scope: &Scope, canonical_request: &str) -> String {
    let hash = canonical::sha256_hex(canonical_request.as_bytes());
    format!("{ALGORITHM}\n{amz_date}\n{}\n{hash}", scope.text())
}

/// The signature of `string_to_sign` under `secret`, in lower-case hexadecimal.
pub(crate) fn signature(secret: &str, scope: &Scope, string_to_sign: &str) -> String {
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in [&scope.date, &scope.region, &scope.service, "aws4_request"] {
        key = keyed_hash(&key, part.as_bytes());
    }
    hex::encode(keyed_hash(&key, string_to_sign.as_bytes()))
}

/// HMAC-SHA256.
pub(crate) fn keyed_hash(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests;
