//! The shapes of Rekognition's API model (`rekognition/2016-06-27`): patterns word for
//! word, except that `\d` is `[0-9]`, which is what it means there; lengths in characters.

use regex::Regex;
use std::sync::LazyLock;

/// What a text member may hold.
pub(crate) struct TextShape {
    pub(crate) min: usize,
    pub(crate) max: usize,
    /// AWS matches patterns against the whole value.
    pub(crate) pattern: Option<LazyLock<Regex>>,
    /// What it must not begin with; nothing when empty.
    pub(crate) reserved: &'static str,
    /// The only values, when there are any.
    pub(crate) values: &'static [&'static str],
}

impl TextShape {
    /// Every constraint that `text` breaks, in the words of AWS's validation errors.
    pub(crate) fn violations(&self, text: &str) -> Vec<String> {
        let length = text.chars().count();
        let mut violations = Vec::new();
        if length < self.min {
            violations.push(format!(
                "Member must have length greater than or equal to {}",
                self.min
            ));
        }
        if length > self.max {
            violations.push(format!(
                "Member must have length less than or equal to {}",
                self.max
            ));
        }
        if let Some(pattern) = &self.pattern
            && !pattern.is_match(text)
        {
            let pattern = pattern.as_str();
            let pattern = pattern.strip_prefix("^(?:").unwrap_or(pattern);
            let pattern = pattern.strip_suffix(")$").unwrap_or(pattern);
            violations.push(format!(
                "Member must satisfy regular expression pattern: {pattern}"
            ));
        }
        if !self.reserved.is_empty() && text.starts_with(self.reserved) {
            violations.push(format!("Member must not begin with {}", self.reserved));
        }
        if !self.values.is_empty() && !self.values.contains(&text) {
            let values = self.values.join(", ");
            violations.push(format!("Member must satisfy enum value set: [{values}]"));
        }
        violations
    }
}

macro_rules! shape {
    ($name:ident, $min:literal..=$max:literal) => {
        pub(crate) static $name: TextShape = TextShape {
            min: $min,
            max: $max,
            pattern: None,
            reserved: "",
            values: &[],
        };
    };
    ($name:ident, one of $values:expr) => {
        pub(crate) static $name: TextShape = TextShape {
            min: 0,
            max: usize::MAX,
            pattern: None,
            reserved: "",
            values: &$values,
        };
    };
    ($name:ident, $min:literal..=$max:literal, $pattern:literal) => {
        shape!($name, $min..=$max, $pattern, "");
    };
    ($name:ident, $min:literal..=$max:literal, $pattern:literal, $reserved:literal) => {
        pub(crate) static $name: TextShape = TextShape {
            min: $min,
            max: $max,
            pattern: Some(LazyLock::new(|| {
                Regex::new(concat!("^(?:", $pattern, ")$"))
                    .expect("the pattern is fixed and tested")
            })),
            reserved: $reserved,
            values: &[],
        };
    };
}

shape!(
    PROJECT_ARN,
    20..=2048,
    r"arn:[a-z0-9-]+:rekognition:[a-z0-9-]+:[0-9]{12}:project\/[a-zA-Z0-9_.\-]{1,255}\/[0-9]+"
);
shape!(
    PROJECT_VERSION_ARN,
    20..=2048,
    r"arn:[a-z0-9-]+:rekognition:[a-z0-9-]+:[0-9]{12}:project\/[a-zA-Z0-9_.\-]{1,255}\/version\/[a-zA-Z0-9_.\-]{1,255}\/[0-9]+"
);
shape!(NAME, 1..=255, r"[a-zA-Z0-9_.\-]+");
shape!(POLICY_NAME, 1..=128, r"[a-zA-Z0-9_.\-]+");
shape!(POLICY_REVISION, 0..=64, r"[0-9A-Fa-f]+");
shape!(
    POLICY_DOCUMENT,
    1..=2000,
    r"[\u{0009}\u{000A}\u{000D}\u{0020}-\u{00FF}]+"
);
shape!(BUCKET, 3..=255, r"[0-9A-Za-z\.\-_]*");
shape!(KEY_PREFIX, 0..=1024);
shape!(
    KMS_KEY,
    1..=2048,
    r"[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,2048}"
);
shape!(TAG_KEY, 1..=128, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "aws:");
shape!(TAG_VALUE, 0..=256, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*");
shape!(RESOURCE_ARN, 20..=2048);
shape!(PAGINATION_TOKEN, 0..=1024);
shape!(FEATURE, one of ["CONTENT_MODERATION", "CUSTOM_LABELS"]);
shape!(AUTO_UPDATE, one of ["ENABLED", "DISABLED"]);
// Of KMS's API model (`kms/2014-11-01`).
shape!(KMS_KEY_ID, 1..=2048);
shape!(GRANT_TOKEN, 1..=8192);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_takes_and_refuses_what_the_model_says() {
        let version = "arn:aws:rekognition:us-east-1:111122223333:project/SourceProject/version/model_1/1656611123456";
        let project =
            "arn:aws:rekognition:us-east-1:555555555555:project/DestinationProject/1656705098765";
        let cases: &[(&str, &TextShape, &str, bool)] = &[
            ("project", &PROJECT_ARN, project, true),
            ("version as project", &PROJECT_ARN, version, false),
            ("version", &PROJECT_VERSION_ARN, version, true),
            (
                "upper-case Region",
                &PROJECT_ARN,
                "arn:aws:rekognition:EU:111122223333:project/p/1",
                false,
            ),
            (
                "digits of another script",
                &PROJECT_ARN,
                "arn:aws:rekognition:eu:١١١١٢٢٢٢٣٣٣٣:project/p/1",
                false,
            ),
            ("name", &NAME, "v7_a.b-c", true),
            ("name with a slash", &NAME, "a/b", false),
            ("empty name", &NAME, "", false),
            ("name with a line break", &NAME, "v7\n", false),
            ("Latin-1 policy", &POLICY_DOCUMENT, "{\"Sid\":\"é\"}", true),
            (
                "policy beyond Latin-1",
                &POLICY_DOCUMENT,
                "{\"Sid\":\"ł\"}",
                false,
            ),
            ("short bucket", &BUCKET, "ab", false),
            ("bucket with a slash", &BUCKET, "a/bc", false),
            (
                "key of the reference page",
                &KMS_KEY,
                "arn:1234abcd-12ab-34cd-56ef-1234567890ab",
                true,
            ),
            ("alias", &KMS_KEY, "alias/vision-prod-models", true),
            ("key with a space", &KMS_KEY, "a b", false),
            (
                "revision",
                &POLICY_REVISION,
                "3b274c25e9203a56a99e00e3ff205fbc",
                true,
            ),
            (
                "revision that is no hexadecimal",
                &POLICY_REVISION,
                "xyz",
                false,
            ),
            ("tag", &TAG_KEY, "team:bildgüte", true),
            ("tag with a bracket", &TAG_KEY, "a<b", false),
            ("tag of AWS's own", &TAG_KEY, "aws:team", false),
            ("tag with aws: inside", &TAG_KEY, "my-aws:team", true),
            ("feature", &FEATURE, "CUSTOM_LABELS", true),
            ("feature in lower case", &FEATURE, "custom_labels", false),
        ];
        for (what, shape, text, good) in cases {
            assert_eq!(shape.violations(text).is_empty(), *good, "{what}: {text}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(POLICY_DOCUMENT.violations(&"é".repeat(2000)).is_empty());
        assert!(!POLICY_DOCUMENT.violations(&"é".repeat(2001)).is_empty());
        assert!(NAME.violations(&"a".repeat(255)).is_empty());
        assert!(!NAME.violations(&"a".repeat(256)).is_empty());
    }
}
