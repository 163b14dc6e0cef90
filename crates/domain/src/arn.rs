//! Account numbers, Regions and the ARNs that this product handles.
//!
//! Shapes come from the API model of Amazon Rekognition (`ProjectArn`, `ProjectVersionArn`): the
//! number at the end is a creation time in milliseconds. A version's ARN does not hold its
//! project's number, so one can never be built from the other; both are kept as AWS gave them.

use crate::name::{ProjectName, VersionName};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Text that is not an ARN, Region or account number of the wanted shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {what}, which looks like {example}")]
pub struct InvalidArn {
    what: &'static str,
    example: &'static str,
}

macro_rules! text_serde {
    ($name:ident, $error:ty) => {
        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }
    };
}

macro_rules! atom {
    ($(#[$doc:meta])* $name:ident, $what:literal, $example:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidArn;

            fn from_str(text: &str) -> Result<Self, InvalidArn> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidArn { what: $what, example: $example })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        text_serde!($name, InvalidArn);
    };
}

atom!(
    /// An AWS account's number: twelve digits, leading zeros kept.
    AccountNumber, "an account number", "111122223333",
    |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
);
atom!(
    /// An AWS Region's code, such as `eu-west-1`: 1 to 32 lower-case letters, digits and dashes.
    /// Whether the Region exists is not checked.
    Region, "a Region", "eu-west-1", is_token
);
atom!(
    /// A partition: `aws`, `aws-cn`, `aws-us-gov`… 1 to 32 lower-case letters, digits and dashes.
    Partition, "a partition", "aws", is_token
);

fn is_token(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl AccountNumber {
    /// The number in groups of four, as people read it: `1111 2222 3333`.
    pub fn grouped(&self) -> String {
        format!("{} {} {}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

/// The ARN of a Custom Labels project: `arn:aws:rekognition:REGION:ACCOUNT:project/NAME/NUMBER`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectArn {
    partition: Partition,
    region: Region,
    account: AccountNumber,
    name: ProjectName,
    number: String,
}

/// The ARN of a model version:
/// `arn:aws:rekognition:REGION:ACCOUNT:project/PROJECT/version/NAME/NUMBER`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectVersionArn {
    partition: Partition,
    region: Region,
    account: AccountNumber,
    project: ProjectName,
    name: VersionName,
    number: String,
}

/// The head of an ARN and its resource part, split at the first five colons.
fn split<'a>(text: &'a str, service: &str) -> Option<(Partition, &'a str, AccountNumber, &'a str)> {
    let mut parts = text.splitn(6, ':');
    if parts.next()? != "arn" {
        return None;
    }
    let partition = parts.next()?.parse().ok()?;
    if parts.next()? != service {
        return None;
    }
    let region = parts.next()?;
    let account = parts.next()?.parse().ok()?;
    Some((partition, region, account, parts.next()?))
}

/// The number at the end: 1 to 32 digits. AWS gives no limit of its own; its numbers have 11 to 14.
fn number(text: &str) -> Option<String> {
    let good = !text.is_empty() && text.len() <= 32 && text.bytes().all(|b| b.is_ascii_digit());
    good.then(|| text.to_owned())
}

fn parse_project(text: &str) -> Option<ProjectArn> {
    let (partition, region, account, resource) = split(text, "rekognition")?;
    let parts: Vec<&str> = resource.split('/').collect();
    let ["project", name, created] = parts[..] else {
        return None;
    };
    Some(ProjectArn {
        partition,
        region: region.parse().ok()?,
        account,
        name: name.parse().ok()?,
        number: number(created)?,
    })
}

fn parse_version(text: &str) -> Option<ProjectVersionArn> {
    let (partition, region, account, resource) = split(text, "rekognition")?;
    let parts: Vec<&str> = resource.split('/').collect();
    let ["project", project, "version", name, created] = parts[..] else {
        return None;
    };
    Some(ProjectVersionArn {
        partition,
        region: region.parse().ok()?,
        account,
        project: project.parse().ok()?,
        name: name.parse().ok()?,
        number: number(created)?,
    })
}

macro_rules! rekognition_arn {
    ($name:ident, $parse:ident, $what:literal, $example:literal) => {
        impl $name {
            /// The partition, such as `aws`.
            pub fn partition(&self) -> &Partition {
                &self.partition
            }

            /// The Region it lives in.
            pub fn region(&self) -> &Region {
                &self.region
            }

            /// The account that owns it.
            pub fn account(&self) -> &AccountNumber {
                &self.account
            }

            /// The number at the end, as AWS gave it: a creation time in milliseconds.
            pub fn number(&self) -> &str {
                &self.number
            }
        }

        impl FromStr for $name {
            type Err = InvalidArn;

            fn from_str(text: &str) -> Result<Self, InvalidArn> {
                $parse(text)
                    .filter(|_| text.len() <= 2048)
                    .ok_or(InvalidArn {
                        what: $what,
                        example: $example,
                    })
            }
        }

        text_serde!($name, InvalidArn);
    };
}

rekognition_arn!(
    ProjectArn,
    parse_project,
    "a project ARN",
    "arn:aws:rekognition:eu-west-1:111122223333:project/inspector/1656565123456"
);
rekognition_arn!(
    ProjectVersionArn,
    parse_version,
    "a model version ARN",
    "arn:aws:rekognition:eu-west-1:111122223333:project/inspector/version/v7/1656611123456"
);

impl ProjectArn {
    /// Builds an ARN from its parts; `number` is the creation time in milliseconds.
    pub fn from_parts(
        partition: Partition,
        region: Region,
        account: AccountNumber,
        name: ProjectName,
        number: u64,
    ) -> Self {
        Self {
            partition,
            region,
            account,
            name,
            number: number.to_string(),
        }
    }

    /// The project's name.
    pub fn name(&self) -> &ProjectName {
        &self.name
    }

    /// Whether `version` is a version of a project of this name, account and Region. The ARN of a
    /// version does not say which project of that name, should there have been several over time.
    pub fn may_hold(&self, version: &ProjectVersionArn) -> bool {
        self.partition == version.partition
            && self.region == version.region
            && self.account == version.account
            && self.name == version.project
    }
}

impl ProjectVersionArn {
    /// Builds the ARN of a version in `project`; `number` is its creation time in milliseconds.
    pub fn from_parts(project: &ProjectArn, name: VersionName, number: u64) -> Self {
        Self {
            partition: project.partition.clone(),
            region: project.region.clone(),
            account: project.account.clone(),
            project: project.name.clone(),
            name,
            number: number.to_string(),
        }
    }

    /// The name of the project it belongs to.
    pub fn project_name(&self) -> &ProjectName {
        &self.project
    }

    /// The version's own name.
    pub fn name(&self) -> &VersionName {
        &self.name
    }
}

impl fmt::Display for ProjectArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            region,
            account,
            name,
            number,
        } = self;
        write!(
            formatter,
            "arn:{partition}:rekognition:{region}:{account}:project/{name}/{number}"
        )
    }
}

impl fmt::Display for ProjectVersionArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            region,
            account,
            project,
            name,
            number,
        } = self;
        write!(
            formatter,
            "arn:{partition}:rekognition:{region}:{account}:project/{project}/version/{name}/{number}"
        )
    }
}

/// The ARN of an IAM role: `arn:aws:iam::ACCOUNT:role/PATH/NAME`.
///
/// The name has 1 to 64 characters (AWS IAM API, `roleNameType`). IAM takes further characters in
/// paths; here they are refused, `*` and `?` above all, since the ARN is written into policies.
///
/// The ARN of a session of the role leaves the path out (AWS STS, `AssumeRole`), so a role's ARN
/// cannot be had from a session's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleArn {
    partition: Partition,
    account: AccountNumber,
    /// Path and name without the leading slash, such as `team/promoter`.
    path_and_name: String,
}

impl RoleArn {
    /// The partition, such as `aws`.
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// The account that owns the role.
    pub fn account(&self) -> &AccountNumber {
        &self.account
    }

    /// The role's name without its path.
    pub fn name(&self) -> &str {
        self.path_and_name.rsplit('/').next().unwrap_or_default()
    }

    /// The ARN that a session of this role named `session` has.
    pub fn session_arn(&self, session: &str) -> String {
        let Self {
            partition, account, ..
        } = self;
        format!(
            "arn:{partition}:sts::{account}:assumed-role/{}/{session}",
            self.name()
        )
    }
}

fn parse_role(text: &str) -> Option<RoleArn> {
    let (partition, region, account, resource) = split(text, "iam")?;
    let path_and_name = resource.strip_prefix("role/")?;
    let segment = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
    };
    let good = region.is_empty() && path_and_name.split('/').all(segment);
    let role = RoleArn {
        partition,
        account,
        path_and_name: path_and_name.to_owned(),
    };
    (good && role.name().len() <= 64).then_some(role)
}

impl FromStr for RoleArn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, InvalidArn> {
        parse_role(text)
            .filter(|_| text.len() <= 2048)
            .ok_or(InvalidArn {
                what: "a role ARN",
                example: "arn:aws:iam::111122223333:role/customhouse-reader",
            })
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            account,
            path_and_name,
        } = self;
        write!(
            formatter,
            "arn:{partition}:iam::{account}:role/{path_and_name}"
        )
    }
}

text_serde!(RoleArn, InvalidArn);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_arns_of_awss_reference_pages_are_read() {
        for text in [
            "arn:aws:rekognition:us-east-1:555555555555:project/DestinationProject/1656705098765",
            "arn:aws:rekognition:us-east-1:111122223333:project/SourceProject/16565123456",
        ] {
            assert_eq!(text.parse::<ProjectArn>().unwrap().to_string(), text);
        }
        let text = "arn:aws:rekognition:us-east-1:111122223333:project/SourceProject/version/model_1/1656611123456";
        let version: ProjectVersionArn = text.parse().unwrap();
        assert_eq!(version.to_string(), text);
        assert_eq!(version.project_name().as_str(), "SourceProject");
        assert_eq!(version.name().as_str(), "model_1");
    }

    #[test]
    fn near_misses_are_refused() {
        for text in [
            "",
            "arn:aws:rekognition:us-east-1:11112222333:project/a/1",
            "arn:aws:rekognition:us-east-1:111122223333:project/a/1/",
            "arn:aws:rekognition:us-east-1:111122223333:project/a/x",
            "arn:aws:rekognition:us-east-1:111122223333:project/a b/1",
            "arn:aws:rekognition:us-east-1:111122223333:project/a/version/b/1",
            "arn:aws:s3:us-east-1:111122223333:project/a/1",
            " arn:aws:rekognition:us-east-1:111122223333:project/a/1",
        ] {
            assert!(text.parse::<ProjectArn>().is_err(), "{text:?}");
        }
        for text in [
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role//a",
            "arn:aws:iam:eu-west-1:111122223333:role/a",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::111122223333:role/team/?",
            "arn:aws:iam::111122223333:user/a",
            "arn:aws:sts::111122223333:assumed-role/a/b",
        ] {
            assert!(text.parse::<RoleArn>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_session_arn_drops_the_path() {
        let role: RoleArn = "arn:aws:iam::111122223333:role/team/a/promoter"
            .parse()
            .unwrap();
        assert_eq!(role.name(), "promoter");
        assert_eq!(
            role.session_arn("ch-1"),
            "arn:aws:sts::111122223333:assumed-role/promoter/ch-1"
        );
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_round_trips(
            text in "(arn:aws:)?(rekognition|iam)?:?[a-z0-9:-]{0,30}(project|role)?[/a-zA-Z0-9_.:-]{0,60}"
        ) {
            if let Ok(arn) = text.parse::<ProjectArn>() { prop_assert_eq!(arn.to_string(), text.clone()); }
            if let Ok(arn) = text.parse::<ProjectVersionArn>() { prop_assert_eq!(arn.to_string(), text.clone()); }
            if let Ok(arn) = text.parse::<RoleArn>() { prop_assert_eq!(arn.to_string(), text); }
        }

        /// What is taken fits the pattern of AWS's API models from end to end, so no character that a
        /// shell, a template or a log would carry out ever stands in an ARN.
        #[test]
        fn nothing_beyond_awss_patterns_is_taken(
            head in "arn:aws:(rekognition|iam):[a-z0-9-]{0,12}:111122223333:",
            tail in "(project|role)/[ -~é\n\r\u{0}]{0,30}",
            digits in "(/[0-9]{1,13})?",
        ) {
            let text = format!("{head}{tail}{digits}");
            let harmless = |text: &str| {
                text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/_.-".contains(&byte))
            };
            if text.parse::<ProjectArn>().is_ok() || text.parse::<ProjectVersionArn>().is_ok() {
                prop_assert!(harmless(&text), "{text:?}");
                prop_assert!(text.ends_with(|last: char| last.is_ascii_digit()));
            }
            // IAM names take + = , @ too ("CreateRole").
            if text.parse::<RoleArn>().is_ok() {
                let rest = text.replace(['+', '=', ',', '@'], "");
                prop_assert!(harmless(&rest), "{text:?}");
            }
        }

        #[test]
        fn built_arns_read_back(name in "[a-zA-Z0-9_.-]{1,255}", version in "[a-zA-Z0-9_.-]{1,255}", at: u32) {
            let project = ProjectArn::from_parts(
                "aws".parse().unwrap(), "eu-west-1".parse().unwrap(), "111122223333".parse().unwrap(),
                name.parse().unwrap(), u64::from(at));
            prop_assert_eq!(&project.to_string().parse::<ProjectArn>().unwrap(), &project);
            let version = ProjectVersionArn::from_parts(&project, version.parse().unwrap(), 7);
            prop_assert_eq!(&version.to_string().parse::<ProjectVersionArn>().unwrap(), &version);
            prop_assert!(project.may_hold(&version));
        }
    }
}
