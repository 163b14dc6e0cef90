//! Why somebody is not signed in: for the log, and in what words people are told.

use std::error::Error;

use app::pages::sign_in::trouble::Trouble;
use openidconnect::{ClaimsVerificationError, SignatureVerificationError};

use super::http::HttpError;
use super::metadata::Unusable;

/// Longest text of the provider that goes into the log, in characters.
const LONGEST: usize = 200;

/// The provider cannot be used at present.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// It failed a moment ago and is left alone for now.
    #[error("the provider failed a moment ago")]
    Recently,
    /// It does not answer.
    #[error("asking the provider failed")]
    Http(#[from] HttpError),
    /// It answers something else than was asked for.
    #[error("the provider answered with something else: {0}")]
    Answer(String),
    /// What it says about itself cannot be used.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

/// Why an ID token is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Untrusted {
    /// Signature, issuer, audience, nonce or expiry.
    #[error("the ID token does not hold: {}", short(&.0.to_string()))]
    Claims(ClaimsVerificationError),
    /// It was made for another client.
    #[error("the ID token was made for another client")]
    AuthorizedParty,
    /// It comes from the future.
    #[error("the ID token does not hold yet")]
    NotYet,
    /// It names nobody, or not in a way that can be kept.
    #[error("the ID token has no usable subject")]
    Subject,
    /// It cannot be read.
    #[error("the ID token cannot be read")]
    Unreadable,
}

/// Why somebody who returned is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The provider cannot be used.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// Another browser began, or nobody, or too long ago.
    #[error("no sign-in of this browser is under way with this state")]
    Unknown,
    /// The same attempt came back before.
    #[error("this return was used before")]
    Used,
    /// Another provider answers.
    #[error("the return names another issuer")]
    WrongIssuer,
    /// The provider promised to name itself and did not.
    #[error("the return names no issuer although the provider promised to")]
    MissingIssuer,
    /// Neither code nor error.
    #[error("the return holds neither a code nor an error")]
    Malformed,
    /// The person said no.
    #[error("the person cancelled at the provider")]
    Cancelled,
    /// The provider said no, in a word of its own.
    #[error("the provider declined: {0}")]
    Declined(String),
    /// The code is not redeemed.
    #[error("the provider does not redeem the code: {0}")]
    Code(String),
    /// The client is not known there, or not with this secret.
    #[error("the provider does not accept this client: {0}")]
    Client(String),
    /// The ID token proves nothing.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// The person may not come in.
    #[error("this person is not active")]
    Inactive,
    /// The session.
    #[error("the session could not be stored")]
    Session(#[source] tower_sessions::session::Error),
    /// Something of ours.
    #[error("the sign-in could not be stored")]
    Internal(#[source] operations::OpError),
}

impl Untrusted {
    /// Whether the provider may have taken up a key that is not known here yet.
    pub(super) fn may_be_a_new_key(&self) -> bool {
        use SignatureVerificationError as Signature;
        matches!(
            self,
            Self::Claims(ClaimsVerificationError::SignatureVerification(
                Signature::NoMatchingKey | Signature::CryptoError(_) | Signature::AmbiguousKeyId(_)
            ))
        )
    }
}

impl Unavailable {
    /// What people are told.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Recently | Self::Http(_) | Self::Answer(_) => Trouble::Unreachable,
            Self::Unusable(_) => Trouble::Misconfigured,
        }
    }
}

impl Refused {
    /// What people are told.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Unavailable(unavailable) => unavailable.trouble(),
            Self::Unknown | Self::Used | Self::Code(_) => Trouble::Stale,
            Self::Cancelled => Trouble::Cancelled,
            Self::Declined(_) => Trouble::Declined,
            Self::Client(_) => Trouble::Misconfigured,
            Self::WrongIssuer | Self::MissingIssuer | Self::Malformed | Self::Untrusted(_) => {
                Trouble::Untrusted
            }
            Self::Inactive => Trouble::Inactive,
            Self::Internal(_) | Self::Session(_) => Trouble::Internal,
        }
    }
}

/// An error with all its causes in one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |cause| (*cause).source());
    let lines: Vec<_> = causes.map(|cause| short(&cause.to_string())).collect();
    lines.join(": ")
}

/// Foreign text that may stand in the log: printable and no longer than [`LONGEST`].
pub(super) fn short(text: &str) -> String {
    let printable = text.chars().filter(|c| !c.is_control());
    printable.take(LONGEST).collect()
}
