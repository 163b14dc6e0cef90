//! What can go wrong with a call.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Effect {
    /// The service's throttling error; the call is not carried out.
    Throttle,
    /// The service's internal error; the call is not carried out.
    InternalError,
    /// The call waits this long and is then carried out.
    Delay {
        /// At most ten minutes.
        milliseconds: Milliseconds,
        /// Up to this much more, drawn for each call.
        #[serde(default, skip_serializing_if = "Milliseconds::is_zero")]
        jitter_milliseconds: Milliseconds,
    },
    /// The connection is reset and the call is not carried out.
    ResetBefore,
    /// The call is carried out and the connection is reset instead of an answer.
    ResetAfter,
    /// The call is carried out and the answer's body is nonsense.
    GarbageBody,
    /// The caller's session counts as expired; the call is not carried out.
    ExpiredCredentials,
    /// A copy is taken, and ends in `COPYING_FAILED` with this message.
    CopyFails {
        /// The status message.
        message: String,
    },
}

/// A wait, 0 to 600000 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub(crate) struct Milliseconds(pub(crate) u64);

impl Milliseconds {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde's skip_serializing_if passes a reference"
    )]
    fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

impl TryFrom<u64> for Milliseconds {
    type Error = String;

    fn try_from(milliseconds: u64) -> Result<Self, String> {
        if milliseconds <= 600_000 {
            Ok(Self(milliseconds))
        } else {
            Err("a delay takes 0 to 600000 milliseconds".to_owned())
        }
    }
}

impl Effect {
    /// Every kind that can happen to any call, for faults at random.
    pub(super) fn kinds() -> Vec<Self> {
        vec![
            Self::Throttle,
            Self::InternalError,
            Self::Delay {
                milliseconds: Milliseconds(1),
                jitter_milliseconds: Milliseconds(299),
            },
            Self::ResetBefore,
            Self::ResetAfter,
            Self::GarbageBody,
            Self::ExpiredCredentials,
        ]
    }

    /// The effect's name in rules and in the ledger.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::InternalError => "internal_error",
            Self::Delay { .. } => "delay",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::GarbageBody => "garbage_body",
            Self::ExpiredCredentials => "expired_credentials",
            Self::CopyFails { .. } => "copy_fails",
        }
    }

    /// The effect on one call: a jitter becomes a part of the wait.
    pub(super) fn drawn(&self, number: u64) -> Self {
        match self {
            Self::Delay {
                milliseconds,
                jitter_milliseconds,
            } => Self::Delay {
                milliseconds: Milliseconds(milliseconds.0 + number % (jitter_milliseconds.0 + 1)),
                jitter_milliseconds: Milliseconds::default(),
            },
            other => other.clone(),
        }
    }
}
