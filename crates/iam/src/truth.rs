//! Three-valued logic: yes, no, or not known and why.
//!
//! A "no" or a "yes" that decides on its own decides even beside unknowns, so an element that
//! cannot be judged matters only where it could change the answer.

/// The answer to one question about a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    /// Names the element that could not be judged.
    Unknown(String),
}

impl Truth {
    pub(crate) fn of(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    pub(crate) fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    pub(crate) fn negate(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown(element) => Self::Unknown(element),
        }
    }

    /// Yes if any is yes; else the first unknown; else no (also for none at all).
    pub(crate) fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::No;
        for answer in answers {
            whole = whole.or(answer);
            if whole.is_yes() {
                break;
            }
        }
        whole
    }

    /// No if any is no; else the first unknown; else yes (also for none at all).
    pub(crate) fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::Yes;
        for answer in answers {
            whole = whole.and(answer);
            if whole == Self::No {
                break;
            }
        }
        whole
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown(element), _) | (_, Self::Unknown(element)) => Self::Unknown(element),
            (Self::No, Self::No) => Self::No,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown(element), _) | (_, Self::Unknown(element)) => Self::Unknown(element),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }
}
