//! The permissions of the roles and of Customhouse itself.
//!
//! Which action goes with which resource: "Actions, resources, and condition keys for Amazon
//! Rekognition", Service Authorization Reference. What a copy needs of Amazon S3 and AWS KMS:
//! "Copying an Amazon Rekognition Custom Labels model (SDK)".

use super::allow;
use crate::document::{ConditionTest, PolicyDocument, Statement, Values};
use domain::{AccountNumber, BucketName, Partition, Region, RoleArn};

/// What a reader role sees.
#[derive(Clone, Copy, Debug)]
pub struct ReaderScope<'a> {
    /// The account's partition.
    pub partition: &'a Partition,
    /// The account that the role belongs to.
    pub account: &'a AccountNumber,
    /// The Regions whose projects it reads; none means all.
    pub regions: &'a [Region],
    /// The buckets that hold evaluation results; none means all buckets of the account.
    pub buckets: &'a [BucketName],
}

/// What a promoter role does.
#[derive(Clone, Copy, Debug)]
pub struct PromoterScope<'a> {
    /// The role itself; its account is where it works.
    pub role: &'a RoleArn,
    /// The Regions in which it works; none means all.
    pub regions: &'a [Region],
    /// Whether models leave this account: it then writes project policies.
    pub models_leave: bool,
    /// Whether models arrive in this account: it then copies.
    pub models_arrive: bool,
    /// The accounts that models come from, its own included if copies stay inside; none means any.
    pub sources: &'a [AccountNumber],
    /// The buckets that copies write to; none means all buckets of the account.
    pub buckets: &'a [BucketName],
    /// The ARNs of the KMS keys that copies use; none means all keys of the account.
    pub keys: &'a [String],
}

/// The permissions of a reader: looks at projects, versions, policies, tags and evaluation
/// results, and changes nothing.
pub fn reader_permissions(scope: &ReaderScope<'_>) -> PolicyDocument {
    let projects = projects(scope.partition, scope.regions, scope.account.as_str());
    PolicyDocument::of(vec![
        list_projects(),
        allow(
            Some("ReadProjects"),
            &[
                "rekognition:DescribeProjectVersions",
                "rekognition:ListProjectPolicies",
                "rekognition:ListTagsForResource",
            ],
            projects,
        ),
        on_buckets(
            "ReadEvaluations",
            &["s3:GetObject"],
            scope.partition,
            scope.account,
            scope.buckets,
            &["/*"],
        ),
    ])
}

/// The permissions of a promoter: grants copies where models leave, copies where they arrive,
/// lists projects so that its role can be tested, and asks what it may do itself.
pub fn promoter_permissions(scope: &PromoterScope<'_>) -> PolicyDocument {
    let mut statements = vec![list_projects()];
    let (partition, account) = (scope.role.partition(), scope.role.account());
    let own = projects(partition, scope.regions, account.as_str());
    if scope.models_leave {
        statements.push(allow(
            Some("GrantCopies"),
            &[
                "rekognition:PutProjectPolicy",
                "rekognition:ListProjectPolicies",
                "rekognition:DeleteProjectPolicy",
            ],
            own.clone(),
        ));
    }
    if scope.models_arrive {
        let mut both = own.clone();
        if scope.sources.is_empty() {
            both = projects(partition, scope.regions, "*");
        }
        for source in scope.sources.iter().filter(|source| *source != account) {
            both.extend(projects(partition, scope.regions, source.as_str()));
        }
        statements.push(allow(
            Some("CopyVersions"),
            &["rekognition:CopyProjectVersion"],
            both,
        ));
        statements.push(allow(Some("TagCopies"), &["rekognition:TagResource"], own));
        statements.push(on_buckets(
            "WriteResults",
            &[
                "s3:PutObject",
                "s3:GetObject",
                "s3:GetBucketLocation",
                "s3:GetBucketAcl",
                "s3:ListBucket",
            ],
            partition,
            account,
            scope.buckets,
            &["", "/*"],
        ));
        statements.push(allow(
            Some("EncryptResults"),
            &[
                "kms:CreateGrant",
                "kms:DescribeKey",
                "kms:GenerateDataKey",
                "kms:Decrypt",
            ],
            keys(scope),
        ));
    }
    statements.push(allow(
        Some("AskAboutItself"),
        &["iam:SimulatePrincipalPolicy"],
        vec![scope.role.to_string()],
    ));
    PolicyDocument::of(statements)
}

/// The permissions of the user or role that Customhouse runs as: it may become these roles and
/// nothing else. With no roles the document has no statement.
pub fn console_permissions(roles: &[RoleArn]) -> PolicyDocument {
    let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
    let statement =
        (!roles.is_empty()).then(|| allow(Some("BecomeTheRoles"), &["sts:AssumeRole"], roles));
    PolicyDocument::of(statement.into_iter().collect())
}

/// `DescribeProjects` knows no resources: it must be allowed on `*`.
fn list_projects() -> Statement {
    allow(
        Some("ListProjects"),
        &["rekognition:DescribeProjects"],
        vec!["*".to_owned()],
    )
}

fn projects(partition: &Partition, regions: &[Region], account: &str) -> Vec<String> {
    each_region(regions)
        .map(|region| format!("arn:{partition}:rekognition:{region}:{account}:project/*"))
        .collect()
}

fn keys(scope: &PromoterScope<'_>) -> Vec<String> {
    if !scope.keys.is_empty() {
        return scope.keys.to_vec();
    }
    let (partition, account) = (scope.role.partition(), scope.role.account());
    each_region(scope.regions)
        .map(|region| format!("arn:{partition}:kms:{region}:{account}:key/*"))
        .collect()
}

fn each_region(regions: &[Region]) -> impl Iterator<Item = &str> {
    let all = regions.is_empty().then_some("*");
    all.into_iter().chain(regions.iter().map(Region::as_str))
}

/// A statement on buckets and, by `parts`, on their objects. Bucket ARNs name no account, so for
/// all buckets a condition keeps it to those of the account.
fn on_buckets(
    sid: &str,
    actions: &[&str],
    partition: &Partition,
    account: &AccountNumber,
    buckets: &[BucketName],
    parts: &[&str],
) -> Statement {
    if buckets.is_empty() {
        let mut statement = allow(Some(sid), actions, vec![format!("arn:{partition}:s3:::*")]);
        statement.condition = vec![ConditionTest {
            operator: "StringEquals".to_owned(),
            keys: vec![(
                "aws:ResourceAccount".to_owned(),
                Values::from(account.as_str()),
            )],
        }];
        return statement;
    }
    let resources = buckets
        .iter()
        .flat_map(|bucket| {
            parts
                .iter()
                .map(move |part| format!("arn:{partition}:s3:::{bucket}{part}"))
        })
        .collect();
    allow(Some(sid), actions, resources)
}
