//! AWS Signature Version 4, written apart from the emulator's own verifier.
//!
//! Source: "Create a signed AWS API request", IAM User Guide.

use crate::message::Message;
use domain::Millis;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Credentials and the Region that they are used in.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) access_key_id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
    pub(crate) region: &'static str,
}

/// Adds date, token and `Authorization`.
pub(crate) fn sign(message: &mut Message, identity: &Identity, now: Millis) {
    let date: String = now
        .whole_second()
        .to_string()
        .chars()
        .filter(|character| !matches!(character, '-' | ':'))
        .collect();
    message.set("x-amz-date", &date);
    if let Some(token) = &identity.token {
        message.set("x-amz-security-token", token);
    }
    let payload = hex::encode(Sha256::digest(&message.body));
    if message.service == "s3" {
        message.set("x-amz-content-sha256", &payload);
    }
    let mut names: Vec<&str> = message
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| *name == "host" || name.starts_with("x-amz-"))
        .collect();
    names.sort_unstable();
    names.dedup();
    let names = names.join(";");
    let canonical = canonical(message, &names, &payload);
    let scope = format!(
        "{}/{}/{}/aws4_request",
        &date[..8],
        identity.region,
        message.service
    );
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex::encode(Sha256::digest(canonical))
    );
    let mut key = format!("AWS4{}", identity.secret).into_bytes();
    for part in scope.split('/') {
        key = hmac(&key, part);
    }
    let signature = hex::encode(hmac(&key, &text));
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        identity.access_key_id
    );
    message.set("authorization", &value);
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    hmac.update(text.as_bytes());
    hmac.finalize().into_bytes().to_vec()
}

fn canonical(message: &Message, names: &str, payload: &str) -> String {
    let path = encode(&decode(&message.path), true);
    let mut pairs: Vec<(String, String)> = message
        .query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encode(&decode(name), false), encode(&decode(value), false))
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut text = format!("{}\n{path}\n{}\n", message.method, pairs.join("&"));
    for name in names.split(';') {
        let values: Vec<String> = message
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| {
                let value = String::from_utf8_lossy(value).into_owned();
                value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect();
        let _ = writeln!(text, "{name}:{}", values.join(","));
    }
    let _ = write!(text, "\n{names}\n{payload}");
    text
}

pub(crate) fn encode(bytes: &[u8], keep_slash: bool) -> String {
    let mut text = String::new();
    for &byte in bytes {
        let plain = byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        if plain || (keep_slash && byte == b'/') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    decoded
}
