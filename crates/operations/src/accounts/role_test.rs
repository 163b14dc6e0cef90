//! What the test of a role found.

use crate::ports::aws::{AwsError, Call};
use domain::{Millis, Region, RoleArn, RolePurpose};
use serde::{Deserialize, Serialize};

/// One test of one role, as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleTestView {
    /// What the role is for.
    pub purpose: RolePurpose,
    /// The role.
    pub role: RoleArn,
    /// When the test ended.
    pub tested_at: Millis,
    /// What it comes to: failed if a step failed, *cannot tell* if a needed step could not be
    /// judged, else ok.
    pub result: TestResult,
    /// The steps in the order in which they were made.
    pub steps: Vec<RoleTestStep>,
}

/// One step of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleTestStep {
    /// What was looked at.
    pub check: RoleCheck,
    /// Where, if the answer may differ between Regions.
    pub region: Option<Region>,
    /// What came of it.
    pub result: TestResult,
    /// Whether the role is of no use without it.
    pub needed: bool,
    /// How long the call took, in milliseconds; none if no call was made.
    pub took_ms: Option<u64>,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// AWS's error code. Untrusted text.
    pub aws_code: Option<String>,
    /// AWS's message. Untrusted text.
    pub aws_message: Option<String>,
    /// What was found, as a sentence.
    pub cause: String,
    /// What to do about it, if anything is to be done.
    pub fix: Option<String>,
    /// The JSON to attach for that.
    pub policy: Option<String>,
}

/// What a step looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleCheck {
    /// The role can be assumed.
    Assume,
    /// Its session acts in the configured account.
    Identity,
    /// Without the `ExternalId` it cannot be assumed.
    WithoutExternalId,
    /// Its session may list projects.
    DescribeProjects,
}

/// What came of a step or of a whole test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestResult {
    /// It is as it must be.
    Ok,
    /// It is not.
    Failed,
    /// There is no evidence either way.
    CannotTell,
}

/// What is known about a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleState {
    /// It was never tested.
    NotTested,
    /// Its last test was good.
    Works,
    /// Its last test failed.
    Fails,
    /// Its last test gave no clear answer.
    CannotTell,
}

impl RoleCheck {
    /// What the step shows, in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Assume => "Role assumed with ExternalId",
            Self::Identity => "Account number confirmed",
            Self::WithoutExternalId => "Role refused without ExternalId",
            Self::DescribeProjects => "Projects readable",
        }
    }

    /// The call that the step makes.
    pub fn call(self) -> &'static str {
        match self {
            Self::Assume | Self::WithoutExternalId => "sts:AssumeRole",
            Self::Identity => "sts:GetCallerIdentity",
            Self::DescribeProjects => "rekognition:DescribeProjects",
        }
    }
}

impl TestResult {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::CannotTell => "cannot tell",
        }
    }

    /// What the steps of a test come to.
    pub(super) fn of(steps: &[RoleTestStep]) -> Self {
        let any = |result| {
            let mut needed = steps.iter().filter(|step| step.needed);
            needed.any(|step| step.result == result)
        };
        if steps.iter().any(|step| step.result == Self::Failed) {
            Self::Failed
        } else if any(Self::CannotTell) {
            Self::CannotTell
        } else {
            Self::Ok
        }
    }
}

impl RoleState {
    /// What a role's last test says.
    pub fn of(last_test: Option<&RoleTestView>) -> Self {
        match last_test.map(|test| test.result) {
            None => Self::NotTested,
            Some(TestResult::Ok) => Self::Works,
            Some(TestResult::Failed) => Self::Fails,
            Some(TestResult::CannotTell) => Self::CannotTell,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotTested => "not tested",
            Self::Works => "works",
            Self::Fails => "fails",
            Self::CannotTell => "cannot tell",
        }
    }
}

impl RoleTestStep {
    /// A step whose call was answered, or that made none.
    pub(super) fn new(check: RoleCheck, result: TestResult, cause: impl Into<String>) -> Self {
        Self {
            check,
            region: None,
            result,
            needed: true,
            took_ms: None,
            request_id: None,
            aws_code: None,
            aws_message: None,
            cause: cause.into(),
            fix: None,
            policy: None,
        }
    }

    pub(super) fn called(mut self, call: &Call) -> Self {
        self.took_ms = Some(call.took_ms);
        self.request_id.clone_from(&call.request_id);
        self
    }

    pub(super) fn refused(mut self, error: &AwsError) -> Self {
        self.aws_code.clone_from(&error.code);
        self.aws_message = Some(error.message.clone());
        self.called(&error.call)
    }

    pub(super) fn fix(mut self, fix: impl Into<String>, policy: Option<String>) -> Self {
        self.fix = Some(fix.into());
        self.policy = policy;
        self
    }

    pub(super) fn in_region(mut self, region: &Region) -> Self {
        self.region = Some(region.clone());
        self
    }

    pub(super) fn not_needed(mut self) -> Self {
        self.needed = false;
        self
    }
}
