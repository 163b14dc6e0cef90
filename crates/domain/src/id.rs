//! Ids: ULIDs with a printed prefix, one type for each kind of thing.

use crate::clock::Millis;
use crate::random::Random;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use ulid::Ulid;

/// Text that is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {kind} id, which looks like {example}")]
pub struct InvalidId {
    kind: &'static str,
    example: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $kind:literal) => {
        $(#[$doc])*
        ///
        /// Prints as its prefix, `_` and the 26 characters of a ULID (Crockford base 32, upper case),
        /// and is read from exactly that: each id has one spelling.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Ulid);

        impl $name {
            /// A new id made at `now`; ids of different milliseconds sort by time.
            pub fn generate(now: Millis, random: &dyn Random) -> Self {
                let mut bytes = [0_u8; 16];
                random.fill(&mut bytes[6..]);
                let milliseconds = now.get().max(0).to_be_bytes();
                bytes[..6].copy_from_slice(&milliseconds[2..]);
                Self(Ulid::from_bytes(bytes))
            }

            /// The 26 characters after the prefix.
            pub fn ulid(self) -> String {
                self.0.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!($prefix, "_{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                // 26 characters hold 130 bits: reading drops the two highest, and takes lower case.
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(|rest| Ulid::from_string(rest).ok())
                    .map(Self)
                    .filter(|id| id.to_string() == text)
                    .ok_or(InvalidId {
                        kind: $kind,
                        example: concat!($prefix, "_01KATTTTTTTTTTTTTTTTTTTTTT"),
                    })
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

id!(
    /// Names one proposal.
    ProposalId, "prp", "a proposal"
);
id!(
    /// Names one job.
    JobId, "job", "a job"
);
id!(
    /// Names one person.
    PersonId, "usr", "a person"
);
id!(
    /// Names one sign-in: a person at one browser, from signing in to its end.
    SignInId, "sin", "a sign-in"
);
id!(
    /// Names one token; no secret.
    TokenId, "tok", "a token"
);
id!(
    /// Names one rendered form, so that posting it twice acts once.
    FormId, "frm", "a form"
);

/// Names one installation: ten lower-case letters and digits, made at first start. Those that are
/// easily mistaken for others (`l`, `o`, `0`, `1`) do not occur.
///
/// It is part of the name of the project policy that holds our grants, so two installations never
/// edit each other's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InstallationId(String);

impl InstallationId {
    const LENGTH: usize = 10;
    const ALPHABET: &'static [u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

    /// A new id of 50 random bits.
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = [0_u8; Self::LENGTH];
        random.fill(&mut bytes);
        Self(
            bytes
                .iter()
                .map(|byte| char::from(Self::ALPHABET[usize::from(byte % 32)]))
                .collect(),
        )
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstallationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for InstallationId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let known = |byte: u8| Self::ALPHABET.contains(&byte);
        if text.len() == Self::LENGTH && text.bytes().all(known) {
            Ok(Self(text))
        } else {
            Err(InvalidId {
                kind: "an installation",
                example: "k7m2pq9xbz",
            })
        }
    }
}

impl From<InstallationId> for String {
    fn from(id: InstallationId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn an_id_prints_with_its_prefix_and_reads_back() {
        let id = JobId::generate(Millis::new(1_795_515_254_000), &Fixed(7));
        assert!(id.to_string().starts_with("job_01"), "{id}");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().parse::<ProposalId>().is_err());
        assert!(id.to_string().to_lowercase().parse::<JobId>().is_err());
    }

    #[test]
    fn an_id_has_one_spelling() {
        for text in [
            "job_01KATTTTTTTTTTTTTTTTTTTTTT",
            "job_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        ] {
            assert_eq!(text.parse::<JobId>().unwrap().to_string(), text);
        }
        for text in [
            "job_ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "job_81KATTTTTTTTTTTTTTTTTTTTTT",
            "job_01KATTTTTTTTTTTTTTTTTTTTT",
            "job_01KATTTTTTTTTTTTTTTTTTTTTTT",
            "job_01KATTTTTTTTTTTTTTTTTTTTTU",
            "job_01katttttttttttttttttttttt",
            "01KATTTTTTTTTTTTTTTTTTTTTT",
            "job_",
            "",
        ] {
            let refused = text.parse::<JobId>().unwrap_err().to_string();
            assert!(refused.starts_with("not a job id"), "{text:?}: {refused}");
        }
    }

    #[test]
    fn ids_sort_by_time() {
        let early = JobId::generate(Millis::new(1000), &Fixed(255));
        let late = JobId::generate(Millis::new(1001), &Fixed(0));
        assert!(early < late);
    }

    #[test]
    fn an_installation_id_has_ten_known_characters() {
        let id = InstallationId::generate(&Fixed(33));
        assert_eq!(id.as_str(), "bbbbbbbbbb");
        assert_eq!(InstallationId::try_from("bbbbbbbbbb".to_owned()), Ok(id));
        for text in ["bbbbbbbbb0", "bbbbbbbbb", "bbbbbbbbbbb", "Bbbbbbbbbb", ""] {
            let refused = InstallationId::try_from(text.to_owned()).unwrap_err();
            let words = "not an installation id, which looks like k7m2pq9xbz";
            assert_eq!(refused.to_string(), words, "{text:?}");
        }
        assert!(InstallationId::try_from("k7m2pq9xbz".to_owned()).is_ok());
    }
}
