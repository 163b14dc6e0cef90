//! A refusal as AWS would send it: a code, an HTTP status and a sentence.

use std::borrow::Cow;

/// An error answer. How it is written (JSON, XML, no body) is the service's affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) code: Cow<'static, str>,
    pub(crate) status: u16,
    pub(crate) message: String,
    /// Whether the service's API model lists it. Rekognition writes such errors with the members
    /// `Message`, `Code` and `Logref`, and all others with `message` alone.
    pub(crate) modelled: bool,
    /// What the caller is not told: why, for the ledger alone. Never a secret.
    pub(crate) detail: Option<String>,
}

impl ApiError {
    /// An error that the service's API model lists.
    pub(crate) fn modelled(code: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            status,
            message: message.into(),
            modelled: true,
            detail: None,
        }
    }

    /// An error from the layers that all services share.
    pub(crate) fn common(code: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            status,
            message: message.into(),
            modelled: false,
            detail: None,
        }
    }

    /// The same with what the ledger says beside it.
    pub(crate) fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// The answer to something that AWS has and the emulator has not. AWS never sends it, so a
    /// client that meets it knows that the emulator was asked for too much.
    pub(crate) fn not_emulated(what: &str) -> Self {
        Self::common(
            "NotEmulated",
            501,
            format!(
                "The emulator does not have {what}; AWS does. `aws-emulator operations` prints \
                 what it has."
            ),
        )
    }
}
