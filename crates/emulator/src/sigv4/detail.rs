//! Why a signature was not taken, for the ledger: AWS tells callers less.

use super::refusal::{Ended, SignatureRefusal, TokenFault};

impl SignatureRefusal {
    /// The reason, with the access key id that the request names. No secret is in it.
    pub(crate) fn detail(&self, access_key_id: Option<&str>) -> String {
        let reason = self.reason();
        match access_key_id {
            None => format!("No access key: {reason}."),
            Some(id) if is_access_key_id(id) => format!("Access key {id}: {reason}."),
            // It may be a secret that stands in the wrong place.
            Some(_) => format!("An access key whose id has not the shape of one: {reason}."),
        }
    }

    fn reason(&self) -> String {
        let reason = match self {
            Self::Missing => "the request has no Authorization header",
            Self::Incomplete(sentence) | Self::Scope(sentence) => sentence.trim_end_matches('.'),
            Self::UnknownKey => {
                "no user of this world has it, and no session that is remembered; a reset forgets \
                 sessions"
            }
            Self::BadToken(TokenFault::NotTaken) => {
                "it is a user's, which takes no session token, and the request has one"
            }
            Self::BadToken(TokenFault::Missing) => {
                "it is a session's, and the request has no session token"
            }
            Self::BadToken(TokenFault::Foreign) => "the session token does not belong to it",
            Self::Expired(Some(Ended { session, at })) => {
                return format!("the session {session} ended at {at}");
            }
            Self::Expired(None) => "a fault rule lets its session count as ended",
            Self::Skewed { signed, now } => {
                return format!("signed at {signed}, while this machine's clock says {now}");
            }
            Self::Mismatch => {
                "the signature does not match: it was made with another secret key, or the \
                 request was changed after it was signed"
            }
            Self::HeadersNotSigned(name) => {
                return format!("the header {name} is not part of the signature");
            }
            Self::PayloadHashMissing => "the request has no x-amz-content-sha256",
            Self::PayloadHashMismatch => "x-amz-content-sha256 is not the hash of the body",
            Self::Unsupported(what) => return format!("the emulator does not have {what}"),
        };
        reason.to_owned()
    }
}

/// The shape of AWS's access key ids, or a word too short for a secret, such as `test`. A secret
/// access key has 16 characters or more, in lower case and upper case.
fn is_access_key_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    (text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_graphic()))
        || (text.len() <= 128 && text.bytes().all(plain))
}
