//! What an operator asks of a job.

use crate::permission::Action;
use serde::{Deserialize, Serialize};

/// One request. It is stored, and the engine acts on it at its next visit: nothing but a step of a
/// job changes anything in AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestVerb {
    /// Look at AWS at once.
    LookAgain,
    /// Take the version that AWS shows for the job's copy.
    Adopt,
    /// Send the same copy again.
    Resend,
    /// End a job that needs an operator.
    GiveUp,
    /// Stop a job that has not ended.
    Stop,
}

impl RequestVerb {
    /// Every request.
    pub const ALL: [Self; 5] = [
        Self::LookAgain,
        Self::Adopt,
        Self::Resend,
        Self::GiveUp,
        Self::Stop,
    ];

    /// The word used in SQL, addresses and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LookAgain => "look-again",
            Self::Adopt => "adopt",
            Self::Resend => "resend",
            Self::GiveUp => "give-up",
            Self::Stop => "stop",
        }
    }

    /// The request named by [`RequestVerb::as_str`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == word)
    }

    /// What somebody who asks for it must be allowed to do.
    pub fn action(self) -> Action {
        match self {
            Self::LookAgain => Action::LookAgain,
            Self::Adopt => Action::AdoptVersion,
            Self::Resend => Action::ResendCopy,
            Self::GiveUp => Action::GiveUpJob,
            Self::Stop => Action::StopJob,
        }
    }

    /// Whether it ends what the job does: nothing new is sent for a job of which it was asked.
    pub fn is_halt(self) -> bool {
        matches!(self, Self::GiveUp | Self::Stop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_known_by_its_word() {
        for verb in RequestVerb::ALL {
            assert_eq!(RequestVerb::from_word(verb.as_str()), Some(verb));
        }
        assert_eq!(RequestVerb::from_word("resend "), None);
    }
}
