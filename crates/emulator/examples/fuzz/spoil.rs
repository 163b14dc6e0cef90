//! Spoiling whole requests.

use crate::corpus::{Payload, Template};
use crate::message::Message;
use crate::mutate::{json_text, spoil_bytes, spoil_text, spoil_value, text};
use crate::seed::Seed;

/// One request made from the corpus: unchanged, or spoiled in its members, bytes or headers.
/// Signing comes after; [`spoil_signature`] comes after that.
pub(crate) fn request(seed: &Seed, templates: &[Template], host: &str, signers: usize) -> Message {
    let mut template = seed.pick(templates).clone();
    if seed.chance(5) {
        template.signer = seed.below(signers);
    }
    if seed.chance(10) {
        return template.message(host);
    }
    let mut message = spoil_payload(seed, &mut template, templates, host);
    if seed.chance(8) && !message.body.is_empty() {
        spoil_bytes(seed, &mut message.body);
    }
    if seed.chance(12) {
        spoil_headers(seed, &mut message, &template.payload);
    }
    message
}

fn spoil_payload(
    seed: &Seed,
    template: &mut Template,
    templates: &[Template],
    host: &str,
) -> Message {
    match &mut template.payload {
        Payload::Json(value) => {
            for _ in 0..seed.below(4) {
                spoil_value(seed, value);
            }
            let body = json_text(seed, value);
            let mut message = template.message(host);
            message.body = body.into_bytes();
            if seed.chance(4) {
                let other = seed.pick(templates);
                message.body = other.message(host).body;
            }
            message
        }
        Payload::Form(pairs) => {
            for _ in 0..seed.below(4) {
                spoil_form(seed, pairs);
            }
            let action = pairs.iter().rfind(|(name, _)| name == "Action");
            let action = action.map(|(_, value)| value.clone());
            let mut message = template.message(host);
            message.operation = action;
            if seed.chance(5) {
                message.method = "GET";
                message.query =
                    String::from_utf8(std::mem::take(&mut message.body)).unwrap_or_default();
            }
            message
        }
        Payload::Rest(method, path) => {
            if seed.chance(60) {
                *path = spoil_path(seed, path);
            }
            if seed.chance(20) {
                *method = *seed.pick(&["GET", "HEAD", "PUT", "DELETE", "POST"]);
            }
            let mut message = template.message(host);
            if seed.chance(20) {
                message.query = spoil_path(seed, "list-type=2&prefix=a");
            }
            message.operation = match message.method {
                "HEAD" => Some("HeadBucket".to_owned()),
                "GET" => Some("GetObject".to_owned()),
                _ => None,
            };
            message
        }
    }
}

fn spoil_form(seed: &Seed, pairs: &mut Vec<(String, String)>) {
    let at = seed.below(pairs.len());
    match seed.below(6) {
        0 => pairs.push((text(seed), text(seed))),
        1 => {
            pairs.remove(at);
            if pairs.is_empty() {
                pairs.push(("Action".to_owned(), "GetCallerIdentity".to_owned()));
            }
        }
        2 => pairs[at].0 = spoil_text(seed, &pairs[at].0),
        3 => {
            let again = pairs[at].clone();
            pairs.push(again);
        }
        _ => pairs[at].1 = spoil_text(seed, &pairs[at].1),
    }
}

/// Only characters that HTTP takes in a request line: the rest never reaches the emulator.
fn spoil_path(seed: &Seed, path: &str) -> String {
    const TAKEN: &str = "-._~/%!$&'()*+,;=:@";
    let spoiled: String = spoil_text(seed, path)
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || TAKEN.contains(*character))
        .take(3000)
        .collect();
    if path.starts_with('/') && !spoiled.starts_with('/') {
        format!("/{spoiled}")
    } else {
        spoiled
    }
}

/// Only bytes that HTTP takes in a header.
fn spoil_headers(seed: &Seed, message: &mut Message, kind: &Payload) {
    let value: Vec<u8> = text(seed)
        .bytes()
        .filter(|byte| (0x20..0x7f).contains(byte) || *byte >= 0x80)
        .take(2000)
        .collect();
    let name = *seed.pick(&[
        "content-type",
        "x-amz-target",
        "x-amz-date",
        "x-amz-content-sha256",
        "x-amz-security-token",
        "x-amz-user-agent",
        "user-agent",
        "accept",
        "x-forwarded-host",
    ]);
    // Where a signature cannot be read, this header alone tells the protocol that an answer is in.
    let name = match kind {
        Payload::Form(_) | Payload::Rest(..) if name == "x-amz-target" => "x-amz-meta-target",
        _ => name,
    };
    match seed.below(3) {
        0 => message.headers.retain(|(known, _)| known != name),
        1 => message.headers.push((name.to_owned(), value)),
        _ => {
            message.headers.retain(|(known, _)| known != name);
            message.headers.push((name.to_owned(), value));
        }
    }
    if let Payload::Json(_) = kind {
        let target = message.header("x-amz-target").unwrap_or_default();
        let target = String::from_utf8_lossy(target).into_owned();
        message.operation = target.split_once('.').map(|(_, name)| name.to_owned());
    }
}

/// Spoils what the signer added.
pub(crate) fn spoil_signature(seed: &Seed, message: &mut Message) {
    let old = message.header("authorization").unwrap_or_default();
    let old = String::from_utf8_lossy(old).into_owned();
    let spoiled: String = spoil_text(seed, &old)
        .chars()
        .filter(|character| (' '..='~').contains(character))
        .take(4000)
        .collect();
    message.set("authorization", &spoiled);
}
