//! AWS as the product sees it.
//!
//! Reading and writing are two traits. Pages, server functions and the API are given
//! [`AwsReads`] only; [`AwsWrites`] goes to the engine, so nothing else can change anything in AWS.

use async_trait::async_trait;
use domain::{
    AccountNumber, BucketName, JobId, KeyPrefix, KmsKeyRef, Millis, PolicyName, PolicyRevisionId,
    ProjectArn, ProjectVersionArn, Region, RoleAccess, RoleArn, VersionName, VersionStatus,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One call to AWS as it went, whatever came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// AWS's name of the operation, such as `DescribeProjects`.
    pub operation: &'static str,
    /// When it was sent.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// AWS's request id, if an answer came. Untrusted text of at most 128 characters.
    pub request_id: Option<String>,
}

/// What AWS answered, and the call that brought it.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// The call. For paged reads the last one.
    pub call: Call,
    /// The moment in AWS's `Date` header, which has whole seconds.
    pub date: Option<Millis>,
}

/// A call that did not bring what was asked for.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{words}", words = self.words())]
pub struct AwsError {
    /// The call.
    pub call: Call,
    /// What may be concluded from it.
    pub class: ErrorClass,
    /// AWS's error code without namespace. Untrusted text of at most 128 characters.
    pub code: Option<String>,
    /// AWS's message, or what went wrong on the way. Untrusted text of at most 1,000 characters.
    pub message: String,
}

impl AwsError {
    /// What [`AwsError::message`] says when there was nothing to sign the call with.
    pub const NO_CREDENTIALS: &str =
        "Customhouse found no AWS credentials of its own to sign the call with";

    /// What [`AwsError::message`] says when a write was not sent by [`WriteScope::send_by`].
    pub const TOO_LATE: &str = "it was intended too long ago to be sent now";

    /// What [`AwsError::message`] says when the call had no turn in time.
    pub const HELD_BACK: &str = "Customhouse's share of AWS's quota of calls is used up at present";

    /// Whether nothing was sent because the share of AWS's quota is used up.
    pub fn is_held_back(&self) -> bool {
        self.class == ErrorClass::NotSent && self.message == Self::HELD_BACK
    }

    /// Whether nothing was sent because AWS has refused the same call not long ago; code and
    /// message are then those of the refusal.
    pub fn is_withheld(&self) -> bool {
        self.class == ErrorClass::NotSent && self.code.is_some()
    }

    /// Whether nothing was sent because Customhouse has no AWS credentials.
    pub fn lacks_credentials(&self) -> bool {
        self.class == ErrorClass::NotSent && self.message == Self::NO_CREDENTIALS
    }

    /// What happened, without AWS's message, as the end of a sentence for people.
    fn words(&self) -> String {
        let operation = self.call.operation;
        match (self.class, &self.code) {
            (ErrorClass::Refused(_), Some(code)) => format!("AWS refused {operation} with {code}"),
            (ErrorClass::Refused(_), None) => format!("AWS refused {operation}"),
            (ErrorClass::Ambiguous, Some(code)) => {
                format!("AWS gave no clear answer to {operation} ({code})")
            }
            (ErrorClass::Ambiguous, None) => format!("AWS gave no clear answer to {operation}"),
            (ErrorClass::NotSent, _) => format!("{operation} was not sent"),
        }
    }
}

/// What may be concluded from a call that did not succeed. Decided by error code, never by HTTP
/// status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// AWS has definitely not done it.
    Refused(Refusal),
    /// AWS may have done it: throttling, server faults, `ResourceInUseException`, time-outs, resets
    /// and everything unknown.
    Ambiguous,
    /// Nothing was sent.
    NotSent,
}

/// Why AWS definitely refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// A parameter breaks AWS's rules.
    Validation,
    /// Something named in the request does not exist.
    NotFound,
    /// The caller may not.
    Access,
    /// The session or its signature is no longer valid.
    Expired,
    /// A quota is used up.
    Quota,
    /// Too much at once, of something that takes long.
    Limit,
    /// More calls a second than the quota allows.
    Throughput,
    /// The policy document is not accepted.
    MalformedPolicy,
    /// The revision id is not the current one.
    Revision,
    /// A policy of this name exists already.
    AlreadyExists,
}

/// Whether the `ExternalId` goes along when a role is assumed for a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalIdUse {
    /// It does.
    Presented,
    /// It is left out: a role that can then still be assumed does not ask for it.
    Omitted,
}

/// Who AWS says we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    /// The account that the session acts in.
    pub account: AccountNumber,
    /// The session's ARN. Untrusted text.
    pub arn: String,
}

/// A project as `DescribeProjects` gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectDescription {
    /// The project.
    pub arn: ProjectArn,
    /// `CREATING`, `CREATED` or `DELETING`. Untrusted text.
    pub status: String,
    /// When it was created.
    pub created: Option<Millis>,
}

/// A model version as `DescribeProjectVersions` gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionDescription {
    /// The version.
    pub arn: ProjectVersionArn,
    /// Its status.
    pub status: VersionStatus,
    /// AWS's words about the status. Untrusted text.
    pub status_message: Option<String>,
    /// When training or the copy began.
    pub created: Option<Millis>,
    /// Overall F1 score, 0 to 1.
    pub f1: Option<f64>,
    /// The version that this one was copied from; only copies have one.
    pub source: Option<ProjectVersionArn>,
    /// Where its results were written, bucket and prefix, if shown.
    pub output: Option<(String, String)>,
    /// The key that it was made with, if shown. Untrusted text.
    pub kms_key: Option<String>,
}

/// A project policy as `ListProjectPolicies` gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectPolicy {
    /// Its name.
    pub name: PolicyName,
    /// Its current revision.
    pub revision: PolicyRevisionId,
    /// The JSON text. Untrusted.
    pub document: String,
    /// When it was first put.
    pub created: Option<Millis>,
    /// When it was last put.
    pub updated: Option<Millis>,
}

/// What `HeadBucket` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketFacts {
    /// The Region that the bucket lies in, if AWS said so.
    pub region: Option<Region>,
}

/// One copy as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRequest {
    /// The project that the version leaves.
    pub source_project: ProjectArn,
    /// The version.
    pub source_version: ProjectVersionArn,
    /// The project that receives the copy.
    pub destination_project: ProjectArn,
    /// The name of the copy.
    pub version_name: VersionName,
    /// The bucket for the results.
    pub bucket: BucketName,
    /// The prefix of their keys.
    pub prefix: KeyPrefix,
    /// The key that encrypts them.
    pub kms_key: Option<KmsKeyRef>,
    /// All tags, ours included.
    pub tags: BTreeMap<String, String>,
}

/// What a write is done with: a fresh session of one role, narrowed to what one job may do.
#[derive(Clone, Debug)]
pub struct WriteScope {
    /// The role.
    pub access: RoleAccess,
    /// The Region.
    pub region: Region,
    /// The job; the session is named `ch-` and its id.
    pub job: JobId,
    /// The session policy, at most 2,048 characters.
    pub session_policy: String,
    /// When it is too late: after this moment the write is not sent, and the error is of the class
    /// `NotSent`. Asked right before it is sent, for a machine can sleep between any two lines.
    pub send_by: Millis,
}

/// A call that is not made at present because AWS has refused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The role that was refused.
    pub role: RoleArn,
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// What it was asked about, such as a project's ARN; none for `AssumeRole`. Untrusted text.
    pub resource: Option<String>,
    /// AWS's error code. Untrusted text.
    pub code: Option<String>,
    /// AWS's message. Untrusted text.
    pub message: String,
    /// When it was refused first.
    pub since: Millis,
    /// From when on AWS is asked again.
    pub again_at: Millis,
}

/// Gives out turns for requests to AWS, so that no more are sent than its quotas allow.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Waits for a turn; an error of the class `NotSent` when none came in time.
    async fn turn(
        &self,
        account: &AccountNumber,
        region: &Region,
        operation: &'static str,
    ) -> Result<(), AwsError>;
}

/// Looking at AWS. Reads may be repeated; sessions of readers are shared.
#[async_trait]
pub trait AwsReads: Send + Sync {
    /// Has `turns` asked before each request that a call sends beyond its first: further pages,
    /// and the repetition with a renewed session. For adapters that send one request a call there
    /// is nothing to do. Only the first one that is given counts.
    fn ask_before_more(&self, _turns: Arc<dyn Turns>) {}

    /// How many calls of the operation may be made a second at present; none if nobody counts.
    fn rate(
        &self,
        _account: &AccountNumber,
        _region: &Region,
        _operation: &'static str,
    ) -> Option<f64> {
        None
    }

    /// The calls of an account's roles that are not made at present because AWS refused them,
    /// oldest first.
    fn withheld(&self, _account: &AccountNumber) -> Vec<Withheld> {
        Vec::new()
    }

    /// Assumes the role anew, never from a cached session, with or without its `ExternalId`.
    async fn assume_role(
        &self,
        access: &RoleAccess,
        region: &Region,
        external_id: ExternalIdUse,
    ) -> Result<Answer<()>, AwsError>;

    /// Asks who the session of the role is.
    async fn caller_identity(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<CallerIdentity>, AwsError>;

    /// All Custom Labels projects of the account in the Region.
    async fn describe_projects(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<Vec<ProjectDescription>>, AwsError>;

    /// The named versions of a project, at most 10, or all when `names` is empty. A name that does
    /// not exist is left out.
    async fn describe_project_versions(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
        names: &[VersionName],
    ) -> Result<Answer<Vec<VersionDescription>>, AwsError>;

    /// All policies of a project.
    async fn list_project_policies(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
    ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError>;

    /// The tags of a version.
    async fn list_tags(
        &self,
        access: &RoleAccess,
        version: &ProjectVersionArn,
    ) -> Result<Answer<BTreeMap<String, String>>, AwsError>;

    /// Whether the bucket exists and may be seen, and where it lies.
    async fn head_bucket(
        &self,
        access: &RoleAccess,
        region: &Region,
        bucket: &BucketName,
    ) -> Result<Answer<BucketFacts>, AwsError>;
}

/// Changing AWS. Each call is made at most once by the adapter.
#[async_trait]
pub trait AwsWrites: Send + Sync {
    /// Puts a project policy; `revision` is that of the policy it replaces, none for a new name.
    async fn put_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        document: &str,
        revision: Option<&PolicyRevisionId>,
    ) -> Result<Answer<PolicyRevisionId>, AwsError>;

    /// Removes a project policy, if `revision` is still its current one.
    async fn delete_project_policy(
        &self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        revision: &PolicyRevisionId,
    ) -> Result<Answer<()>, AwsError>;

    /// Starts a copy and gives the new version's ARN.
    async fn copy_project_version(
        &self,
        scope: &WriteScope,
        copy: &CopyRequest,
    ) -> Result<Answer<ProjectVersionArn>, AwsError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_said_in_words() {
        for (class, code, words) in [
            (
                ErrorClass::Refused(Refusal::Access),
                Some("AccessDeniedException"),
                "AWS refused DescribeProjects with AccessDeniedException",
            ),
            (
                ErrorClass::Refused(Refusal::Validation),
                None,
                "AWS refused DescribeProjects",
            ),
            (
                ErrorClass::Ambiguous,
                Some("ThrottlingException"),
                "AWS gave no clear answer to DescribeProjects (ThrottlingException)",
            ),
            (
                ErrorClass::Ambiguous,
                None,
                "AWS gave no clear answer to DescribeProjects",
            ),
            (ErrorClass::NotSent, None, "DescribeProjects was not sent"),
        ] {
            let error = AwsError {
                call: Call {
                    operation: "DescribeProjects",
                    at: Millis::new(0),
                    took_ms: 1,
                    request_id: None,
                },
                class,
                code: code.map(str::to_owned),
                message: "in AWS's words".to_owned(),
            };
            assert_eq!(error.to_string(), words);
        }
    }
}
