//! Why a sign-in through the provider did not succeed, in words for the person.

/// Why somebody who came back from the provider is not signed in.
///
/// The page is told by a word in its address, so each case has fixed text: nothing of what the
/// provider, or whoever made the address, wrote is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The provider does not answer.
    Unreachable,
    /// The provider and this console are not set up for each other.
    Misconfigured,
    /// Too old, used before, or begun elsewhere.
    Stale,
    /// The person said no.
    Cancelled,
    /// The provider said no.
    Declined,
    /// What came back proves nothing.
    Untrusted,
    /// The person may not come in.
    Inactive,
    /// A fault of ours.
    Internal,
}

impl Trouble {
    /// Every case.
    pub const ALL: [Self; 8] = [
        Self::Unreachable,
        Self::Misconfigured,
        Self::Stale,
        Self::Cancelled,
        Self::Declined,
        Self::Untrusted,
        Self::Inactive,
        Self::Internal,
    ];

    /// The word in the page's address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Misconfigured => "misconfigured",
            Self::Stale => "stale",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Untrusted => "untrusted",
            Self::Inactive => "inactive",
            Self::Internal => "internal",
        }
    }

    /// The case of a word from an address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// What happened.
    pub fn cause(self) -> &'static str {
        match self {
            Self::Unreachable => "The sign-in provider does not answer.",
            Self::Misconfigured => "The sign-in provider and this console do not fit together.",
            Self::Stale => {
                "This sign-in began in another browser or too long ago, or was used already."
            }
            Self::Cancelled => "The sign-in was cancelled at the provider.",
            Self::Declined => "The provider did not sign you in.",
            Self::Untrusted => "The provider’s answer did not pass the checks of this console.",
            Self::Inactive => "An admin of this installation has kept you out.",
            Self::Internal => "The sign-in could not be stored.",
        }
    }

    /// What can be done.
    pub fn next_step(self) -> &'static str {
        match self {
            Self::Unreachable => "Try again in a minute. A local user can sign in meanwhile.",
            Self::Misconfigured => {
                "Tell whoever runs this installation: the server’s log names what does not fit."
            }
            Self::Stale | Self::Cancelled => "Begin again here.",
            Self::Declined => {
                "Begin again here. If it stays so, ask whoever runs the provider whether you may use this console."
            }
            Self::Untrusted => {
                "Begin again here. If it happens again, tell whoever runs this installation."
            }
            Self::Inactive => "Ask an admin of this installation to let you in.",
            Self::Internal => {
                "Try again. If it happens again, tell whoever runs this installation: the server’s log has more."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_found_by_its_word_and_nothing_else_is() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::parse(trouble.as_str()), Some(trouble));
        }
        assert_eq!(Trouble::parse("<b>"), None);
    }
}
