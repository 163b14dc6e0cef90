//! Rekognition's ARNs, read with the patterns of AWS's API model (shapes `ProjectArn` and
//! `ProjectVersionArn`).
//!
//! The product has its own reader of ARNs; this one is separate, so that a mistake in one shows
//! against the other.

use domain::{AccountNumber, Region};
use regex::Regex;
use std::fmt;
use std::sync::LazyLock;

static PROJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^arn:aws:rekognition:([a-z0-9-]+):([0-9]{12}):project/([a-zA-Z0-9_.\-]{1,255})/([0-9]+)$",
    )
    .expect("the pattern is fixed and tested")
});

static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^arn:aws:rekognition:([a-z0-9-]+):([0-9]{12}):project/([a-zA-Z0-9_.\-]{1,255})",
        r"/version/([a-zA-Z0-9_.\-]{1,255})/([0-9]+)$"
    ))
    .expect("the pattern is fixed and tested")
});

/// The ARN of a project in the partition `aws`, the only one that the emulator has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProjectArn {
    pub(crate) region: Region,
    pub(crate) account: AccountNumber,
    pub(crate) name: String,
    pub(crate) number: u64,
}

/// The ARN of a model version. It does not hold the number of its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProjectVersionArn {
    pub(crate) region: Region,
    pub(crate) account: AccountNumber,
    pub(crate) project: String,
    pub(crate) name: String,
    pub(crate) number: u64,
}

impl ProjectArn {
    /// Reads `text`. `None` also for another partition and for a number that is beyond 64 bits or
    /// begins with zeros, none of which can name anything here.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts = PROJECT.captures(text)?;
        let arn = Self {
            region: parts[1].parse().ok()?,
            account: parts[2].parse().ok()?,
            name: parts[3].to_owned(),
            number: parts[4].parse().ok()?,
        };
        (arn.to_string() == text).then_some(arn)
    }
}

impl ProjectVersionArn {
    /// Reads `text`, as [`ProjectArn::parse`] does.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts = VERSION.captures(text)?;
        let arn = Self {
            region: parts[1].parse().ok()?,
            account: parts[2].parse().ok()?,
            project: parts[3].to_owned(),
            name: parts[4].to_owned(),
            number: parts[5].parse().ok()?,
        };
        (arn.to_string() == text).then_some(arn)
    }
}

impl fmt::Display for ProjectArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            region,
            account,
            name,
            number,
        } = self;
        write!(
            formatter,
            "arn:aws:rekognition:{region}:{account}:project/{name}/{number}"
        )
    }
}

impl fmt::Display for ProjectVersionArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            region,
            account,
            project,
            name,
            number,
        } = self;
        write!(
            formatter,
            "arn:aws:rekognition:{region}:{account}:project/{project}/version/{name}/{number}"
        )
    }
}
