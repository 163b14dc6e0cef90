//! Values of a world file that are checked the moment they are read, so that an error points at
//! their line.

use iam::PolicyDocument;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::time::Duration;

/// A policy: the text as written and what it means.
#[derive(Clone, Debug)]
pub(crate) struct PolicyText {
    /// The JSON as written.
    pub(crate) text: String,
    /// The document that the evaluator reads.
    pub(crate) document: PolicyDocument,
}

impl PolicyText {
    /// Reads `text` as an IAM policy document.
    pub(crate) fn parse(text: &str) -> Result<Self, iam::PolicyError> {
        Ok(Self {
            text: text.to_owned(),
            document: PolicyDocument::parse(text)?,
        })
    }
}

impl<'de> Deserialize<'de> for PolicyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl Serialize for PolicyText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// A length of time written in seconds, 0 to 10⁹, fractions allowed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub(crate) struct Seconds(f64);

impl Seconds {
    /// Whole milliseconds.
    pub(crate) fn milliseconds(self) -> i64 {
        let rounded = Duration::from_secs_f64(self.0).as_millis();
        i64::try_from(rounded).unwrap_or(i64::MAX)
    }
}

impl TryFrom<f64> for Seconds {
    type Error = String;

    fn try_from(seconds: f64) -> Result<Self, String> {
        if (0.0..=1e9).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err("a number of seconds from 0 to 1000000000 belongs here".to_owned())
        }
    }
}

impl From<Seconds> for f64 {
    fn from(seconds: Seconds) -> Self {
        seconds.0
    }
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub(crate) struct $name(String);

        impl $name {
            /// The text.
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err($rule.to_owned()) }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

/// At least one of the characters that the ARN of a role may have in its path and its name.
fn is_entity_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

checked_text!(
    /// The name of an IAM user or role.
    EntityName, "a name takes 1 to 64 letters, digits and _+=,.@-", |text| {
        text.len() <= 64 && is_entity_name(text)
    }
);
checked_text!(
    /// The path of an IAM role: `/`, or names between slashes.
    EntityPath,
    "a path begins and ends with / and has names of letters, digits and _+=,.@- between",
    |text| {
        let names = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        text == "/"
            || (text.len() <= 512
                && names.is_some_and(|names| names.split('/').all(is_entity_name)))
    }
);
checked_text!(
    /// The name of a project, a version or a project policy.
    ModelName, "a name takes 1 to 255 letters, digits and _.-", |text| {
        (1..=255).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    }
);
checked_text!(
    /// The name of a bucket.
    Bucket, "a bucket name takes 3 to 63 lower-case letters, digits, dots and dashes", |text| {
        (3..=63).contains(&text.len())
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte)
            })
    }
);
checked_text!(
    /// The id of a KMS key.
    KeyId, "a key id takes 1 to 256 letters, digits and dashes", |text| {
        (1..=256).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }
);
checked_text!(
    /// An alias of a KMS key, `alias/` and all.
    KeyAlias, "an alias is alias/ and letters, digits and /_-", |text| {
        text.strip_prefix("alias/").is_some_and(|name| {
            !name.is_empty()
                && text.len() <= 256
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte))
        })
    }
);
checked_text!(
    /// A key as a version names it: id, ARN, alias or alias ARN.
    KeyReference, "a key takes an id, an ARN, an alias or an alias ARN", |text| {
        (1..=2048).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b":_/+=,@.-".contains(&byte))
    }
);
checked_text!(
    /// The ARN of a model version.
    VersionArn,
    "the ARN of a model version belongs here, such as \
     arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456",
    |text| crate::arn::ProjectVersionArn::parse(text).is_some()
);
checked_text!(
    /// A long-lived access key's id.
    AccessKeyId, "an access key id takes 16 to 128 upper-case letters and digits", |text| {
        (16..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }
);

/// A secret access key. It can be written to no log and no answer.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Secret {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if (16..=128).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err("a secret access key takes 16 to 128 characters".to_owned())
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("…")
    }
}
