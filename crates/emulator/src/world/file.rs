//! The shape of a world file. Unknown keys are refused; every value is checked as it is read.

use super::assumptions::Assumptions;
use super::text::{
    AccessKeyId, Bucket, EntityName, EntityPath, KeyAlias, KeyId, KeyReference, ModelName,
    PolicyText, Seconds, Secret, VersionArn,
};
use super::{number, region};
use domain::{AccountNumber, Region};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole world file, or what of it rules all accounts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorldFile {
    /// How long a copy takes.
    #[serde(default = "eight_seconds")]
    pub(crate) copy_seconds: Seconds,
    /// How long a deletion takes.
    #[serde(default = "two_seconds")]
    pub(crate) delete_seconds: Seconds,
    /// Rekognition calls per second for each account, Region and operation; 0 is no limit.
    #[serde(default = "five")]
    pub(crate) quota_tps: u32,
    #[serde(default)]
    pub(crate) quotas: Quotas,
    #[serde(default)]
    pub(crate) assumptions: Assumptions,
    #[serde(default)]
    pub(crate) account: Vec<AccountFile>,
}

impl Default for WorldFile {
    fn default() -> Self {
        Self {
            copy_seconds: eight_seconds(),
            delete_seconds: two_seconds(),
            quota_tps: five(),
            quotas: Quotas::default(),
            assumptions: Assumptions::default(),
            account: Vec::new(),
        }
    }
}

/// The part of a world file that holds one account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountPart {
    /// One.
    pub(crate) account: Vec<AccountFile>,
}

fn eight_seconds() -> Seconds {
    Seconds::try_from(8.0).expect("8 seconds are in range")
}

fn two_seconds() -> Seconds {
    Seconds::try_from(2.0).expect("2 seconds are in range")
}

fn five() -> u32 {
    5
}

/// Counts that AWS limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Quotas {
    /// Projects per account and Region.
    pub(crate) projects: u32,
    pub(crate) models_per_project: u32,
    pub(crate) policies_per_project: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            projects: 100,
            models_per_project: 100,
            policies_per_project: 5,
        }
    }
}

/// One AWS account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountFile {
    pub(crate) id: AccountNumber,
    /// A name for people; AWS's answers never hold it.
    #[serde(default)]
    pub(crate) alias: String,
    #[serde(default)]
    pub(crate) user: Vec<UserFile>,
    #[serde(default)]
    pub(crate) role: Vec<RoleFile>,
    #[serde(default)]
    pub(crate) bucket: Vec<BucketFile>,
    #[serde(default)]
    pub(crate) key: Vec<KeyFile>,
    #[serde(default)]
    pub(crate) project: Vec<ProjectFile>,
}

/// An IAM user with one long-lived access key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserFile {
    pub(crate) name: EntityName,
    pub(crate) access_key_id: AccessKeyId,
    pub(crate) secret_access_key: Secret,
    pub(crate) policy: Option<PolicyText>,
    /// What `aws:PrincipalTag/…` says of the user.
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

/// An IAM role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleFile {
    pub(crate) name: EntityName,
    #[serde(default = "root_path")]
    pub(crate) path: EntityPath,
    pub(crate) trust_policy: PolicyText,
    pub(crate) policy: Option<PolicyText>,
    /// 3600 to 43200.
    #[serde(default)]
    pub(crate) max_session_seconds: MaxSession,
    /// What `aws:PrincipalTag/…` says of the role's sessions, where they have no tag of their own.
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

fn root_path() -> EntityPath {
    EntityPath::try_from("/".to_owned()).expect("/ is a path")
}

/// The longest session of a role, in seconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u32")]
pub(crate) struct MaxSession(pub(crate) u32);

impl Default for MaxSession {
    fn default() -> Self {
        Self(3600)
    }
}

impl TryFrom<u32> for MaxSession {
    type Error = String;

    fn try_from(seconds: u32) -> Result<Self, String> {
        if (3600..=43200).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err("a role's sessions may be as long as 3600 to 43200 seconds".to_owned())
        }
    }
}

/// An S3 bucket.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BucketFile {
    pub(crate) name: Bucket,
    #[serde(deserialize_with = "region::of_partition")]
    pub(crate) region: Region,
    pub(crate) policy: Option<PolicyText>,
}

/// A KMS key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    pub(crate) id: KeyId,
    #[serde(deserialize_with = "region::of_partition")]
    pub(crate) region: Region,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    #[serde(default)]
    pub(crate) aliases: Vec<KeyAlias>,
    /// Without one the key has KMS's default: its account's identity policies decide.
    pub(crate) policy: Option<PolicyText>,
}

fn yes() -> bool {
    true
}

/// A Custom Labels project.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectFile {
    #[serde(deserialize_with = "region::of_custom_labels")]
    pub(crate) region: Region,
    pub(crate) name: ModelName,
    /// The number that ends the ARN, and the creation time.
    #[serde(deserialize_with = "number::created_ms")]
    pub(crate) created_ms: u64,
    #[serde(default)]
    pub(crate) policies: Vec<ProjectPolicyFile>,
    #[serde(default)]
    pub(crate) version: Vec<VersionFile>,
}

/// A project policy that is there from the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectPolicyFile {
    pub(crate) name: ModelName,
    pub(crate) document: PolicyText,
}

/// A model version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VersionFile {
    pub(crate) name: ModelName,
    /// The number that ends the ARN, and the creation time.
    #[serde(deserialize_with = "number::created_ms")]
    pub(crate) created_ms: u64,
    pub(crate) status: VersionStatus,
    pub(crate) status_message: Option<String>,
    #[serde(default, deserialize_with = "number::optional_metric")]
    pub(crate) f1: Option<f64>,
    #[serde(default)]
    pub(crate) labels: Vec<Label>,
    pub(crate) output: Option<OutputFile>,
    pub(crate) source_version_arn: Option<VersionArn>,
    pub(crate) kms_key: Option<KeyReference>,
    pub(crate) description: Option<String>,
    /// How long training took; sets the end of training and the billed time.
    pub(crate) training_seconds: Option<u32>,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

/// How well the model knows one label, each metric from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Label {
    pub(crate) name: String,
    #[serde(deserialize_with = "number::metric")]
    pub(crate) precision: f64,
    #[serde(deserialize_with = "number::metric")]
    pub(crate) recall: f64,
    #[serde(deserialize_with = "number::metric")]
    pub(crate) f1: f64,
    #[serde(deserialize_with = "number::metric")]
    pub(crate) threshold: f64,
}

/// Where a version's results were written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutputFile {
    pub(crate) bucket: String,
    #[serde(default)]
    pub(crate) prefix: String,
}

/// AWS's `ProjectVersionStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum VersionStatus {
    TrainingInProgress,
    TrainingCompleted,
    TrainingFailed,
    CopyingInProgress,
    CopyingCompleted,
    CopyingFailed,
    Starting,
    Running,
    Failed,
    Stopping,
    Stopped,
    Deleting,
    Deprecated,
    Expired,
}

impl VersionStatus {
    /// Whether a version in this state can be the source of a copy: trained or copied with
    /// success, hosted or not.
    pub(crate) fn can_be_copied(self) -> bool {
        matches!(
            self,
            Self::TrainingCompleted
                | Self::CopyingCompleted
                | Self::Starting
                | Self::Running
                | Self::Stopping
                | Self::Stopped
        )
    }
}
