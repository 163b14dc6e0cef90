//! Names and other short texts that AWS or we put limits on.
//!
//! Limits come from the API model of Amazon Rekognition (`2016-06-27`) and AWS STS
//! (`2011-06-15`); shape names stand beside each type. Lengths are in characters.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Fewer or more characters than allowed.
    #[error("{what} takes {min} to {max} characters")]
    Length {
        /// The kind of text, as people call it.
        what: &'static str,
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// A character, or an order of characters, that is not allowed.
    #[error("{what} takes only {allowed}")]
    Characters {
        /// The kind of text, as people call it.
        what: &'static str,
        /// What is allowed, in words.
        allowed: &'static str,
    },
}

pub(crate) fn check_length(
    what: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<(), InvalidText> {
    let length = text.chars().count();
    if (min..=max).contains(&length) {
        Ok(())
    } else {
        Err(InvalidText::Length { what, min, max })
    }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $min:literal..=$max:literal, $allowed:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks `text`; it is taken as it stands, never trimmed or changed.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidText> {
                let text = text.into();
                check_length($what, &text, $min, $max)?;
                let check: fn(&str) -> bool = $check;
                if check(&text) {
                    Ok(Self(text))
                } else {
                    Err(InvalidText::Characters { what: $what, allowed: $allowed })
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, formatter)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidText;

            fn from_str(text: &str) -> Result<Self, InvalidText> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidText;

            fn try_from(text: String) -> Result<Self, InvalidText> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

/// `[a-zA-Z0-9_.\-]+`, the class of Rekognition's names.
pub(crate) fn is_rekognition_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

text!(
    /// A Custom Labels project's name (`ProjectName`).
    ProjectName, "a project name", 1..=255,
    "letters, digits, dot, dash and underscore", is_rekognition_name
);
text!(
    /// A model version's name (`VersionName`); unique within its project.
    VersionName, "a version name", 1..=255,
    "letters, digits, dot, dash and underscore", is_rekognition_name
);
text!(
    /// A project policy's name (`ProjectPolicyName`).
    PolicyName, "a policy name", 1..=128,
    "letters, digits, dot, dash and underscore", is_rekognition_name
);
text!(
    /// A project policy's revision id (`ProjectPolicyRevisionId`): the guard against overwriting
    /// somebody else's edit.
    PolicyRevisionId, "a revision id", 1..=64,
    "hexadecimal digits", |text| text.bytes().all(|byte| byte.is_ascii_hexdigit())
);
text!(
    /// The bucket that receives a copy's training results (`S3Bucket`).
    BucketName, "a bucket name", 3..=255,
    "letters, digits, dot, dash and underscore", is_rekognition_name
);
text!(
    /// A prefix for object keys (`S3KeyPrefix`); may be empty. AWS gives no pattern; we refuse
    /// control characters, line breaks and characters that turn the direction of text, so that
    /// what is approved looks like what is sent.
    KeyPrefix, "a key prefix", 0..=1024,
    "printable characters",
    |text| !text.chars().any(|c| c.is_control() || turns_text(c) || matches!(c, '\u{2028}' | '\u{2029}'))
);
text!(
    /// A KMS key as AWS takes it (`KmsKeyId`): key id, key ARN, alias or alias ARN.
    KmsKeyRef, "a KMS key", 1..=2048,
    "letters, digits and : _ / + = , @ . -, beginning with a letter or digit",
    |text| text.bytes().enumerate().all(|(index, byte)| byte.is_ascii_alphanumeric()
        || (index > 0 && b":_/+=,@.-".contains(&byte)))
);
text!(
    /// The shared value that a role's trust policy asks for (`externalIdType` of STS). Not a
    /// secret for AWS, but unguessable when we make it.
    ExternalId, "an ExternalId", 2..=1224,
    "letters, digits and _ + = , . @ : / -",
    |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte))
);
text!(
    /// What people call an account, such as `vision-prod`.
    AccountAlias, "an alias", 1..=64,
    "lower-case letters, digits and dash", is_slug
);
text!(
    /// What people call an environment, such as `prod`.
    EnvironmentName, "an environment name", 1..=32,
    "lower-case letters, digits and dash", is_slug
);
text!(
    /// Why somebody asks for something, in their words. Characters that turn the direction of text
    /// are refused: they can make an approver read something else.
    Reason, "a reason", 1..=2000,
    "printable characters and line breaks",
    |text| !text.trim().is_empty()
        && text.chars().all(|c| !turns_text(c) && (!c.is_control() || matches!(c, '\n' | '\r' | '\t')))
);

/// The explicit embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9).
pub fn turns_text(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_slug(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

impl KeyPrefix {
    /// The prefix that a copy for one proposal writes under: `self`, then `/`, then the proposal's
    /// id, then `/`, with no doubled slash. It proves later whose copy it is. Fails when the whole
    /// is longer than 1,024 characters.
    pub fn for_proposal(&self, proposal: crate::id::ProposalId) -> Result<Self, InvalidText> {
        let base = self.0.trim_end_matches('/');
        let slash = if base.is_empty() { "" } else { "/" };
        Self::new(format!("{base}{slash}{proposal}/"))
    }
}

impl ExternalId {
    /// A new ExternalId of 128 random bits: `ch-` and 32 hexadecimal digits.
    pub fn generate(random: &dyn crate::random::Random) -> Self {
        let mut bytes = [0_u8; 16];
        random.fill(&mut bytes);
        Self(format!("ch-{}", hex::encode(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_are_those_of_the_api_model() {
        for (text, good) in [
            ("v7", true),
            ("", false),
            ("DestinationVersionName_cross_account", true),
            ("a b", false),
            ("a/b", false),
            ("ä", false),
        ] {
            assert_eq!(VersionName::new(text).is_ok(), good, "{text:?}");
        }
        assert!(VersionName::new("a".repeat(255)).is_ok());
        assert!(VersionName::new("a".repeat(256)).is_err());
        assert!(PolicyName::new("a".repeat(129)).is_err());
        assert!(BucketName::new("ab").is_err());
        assert!(KmsKeyRef::new("arn:1234abcd-12ab-34cd-56ef-1234567890ab").is_ok());
        assert!(KmsKeyRef::new("/alias").is_err());
        assert!(ExternalId::new("x").is_err());
        assert!(KmsKeyRef::new("a".repeat(2048)).is_ok());
        assert!(KmsKeyRef::new("a".repeat(2049)).is_err());
        assert!(BucketName::new("a".repeat(255)).is_ok());
        assert!(BucketName::new("a".repeat(256)).is_err());
        assert!(ExternalId::new("x".repeat(1224)).is_ok());
        assert!(ExternalId::new("x".repeat(1225)).is_err());
        assert!(ExternalId::new("a b").is_err());
        assert!(PolicyRevisionId::new("0aF").is_ok());
        assert!(PolicyRevisionId::new("0g").is_err());
        assert!(PolicyRevisionId::new("a".repeat(65)).is_err());
        assert!(KeyPrefix::new("ä".repeat(1024)).is_ok());
        assert!(KeyPrefix::new("ä".repeat(1025)).is_err());
        assert!(Reason::new("  \n ").is_err());
        assert!(AccountAlias::new("-vision").is_err());
    }

    #[test]
    fn what_is_shown_is_what_is_sent() {
        for hidden in ["\u{202e}", "\u{2066}", "\u{0}", "\u{1b}", "\u{85}"] {
            assert!(KeyPrefix::new(format!("a{hidden}b")).is_err(), "{hidden:?}");
            assert!(Reason::new(format!("a{hidden}b")).is_err(), "{hidden:?}");
        }
        for breaking in ["\n", "\t", "\u{2028}"] {
            assert!(KeyPrefix::new(format!("a{breaking}b")).is_err());
            assert!(Reason::new(format!("a{breaking}b")).is_ok());
        }
        assert!(Reason::new("نموذج 👩\u{200d}🔬").is_ok());
        assert!(KeyPrefix::new("模型/v 7").is_ok());
    }

    #[test]
    fn a_proposals_prefix_ends_in_its_id() {
        let proposal: crate::id::ProposalId = "prp_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap();
        for (base, whole) in [
            ("", "prp_01KATTTTTTTTTTTTTTTTTTTTTT/"),
            (
                "inspector/v7",
                "inspector/v7/prp_01KATTTTTTTTTTTTTTTTTTTTTT/",
            ),
            (
                "inspector/v7/",
                "inspector/v7/prp_01KATTTTTTTTTTTTTTTTTTTTTT/",
            ),
        ] {
            let prefix = KeyPrefix::new(base)
                .unwrap()
                .for_proposal(proposal)
                .unwrap();
            assert_eq!(prefix.as_str(), whole);
        }
        let long = KeyPrefix::new("a".repeat(1020)).unwrap();
        assert!(long.for_proposal(proposal).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_fits_the_pattern_and_reads_back(text in ".{0,300}") {
            if let Ok(name) = VersionName::new(text.clone()) {
                prop_assert!((1..=255).contains(&text.len()));
                prop_assert_eq!(name.as_str(), &text);
                let json = serde_json::to_string(&name).unwrap();
                prop_assert_eq!(serde_json::from_str::<VersionName>(&json).unwrap(), name);
            }
        }
    }
}
