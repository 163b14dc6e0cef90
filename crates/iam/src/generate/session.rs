//! Session policies: what is left of a promoter's permissions for one job.
//!
//! They narrow and never grant: a session may do what its role may **and** its session policy
//! allows. AWS takes 2,048 characters of `\u0009 \u000A \u000D \u0020-\u00FF` (`AssumeRole`,
//! AWS STS API reference).

use super::allow;
use crate::document::PolicyDocument;
use crate::variable::escape;
use domain::{BucketName, KeyPrefix, KmsKeyRef, ProjectArn};

/// The most characters that AWS STS takes as a session policy.
pub const SESSION_POLICY_CHARACTERS: usize = 2048;

/// What a copy job touches.
#[derive(Clone, Copy, Debug)]
pub struct CopySession<'a> {
    /// The project copied from.
    pub source: &'a ProjectArn,
    /// The project copied to; its account is where S3 and KMS are used.
    pub destination: &'a ProjectArn,
    /// The bucket that receives the results.
    pub bucket: &'a BucketName,
    /// The prefix under which they are written; may be empty.
    pub prefix: &'a KeyPrefix,
    /// The key that encrypts them, as typed.
    pub key: Option<&'a KmsKeyRef>,
}

/// The session policy of a copy job: `CopyProjectVersion` on the two projects and their versions,
/// tagging in the destination, S3 in the bucket under the prefix, and the key.
///
/// A key given by alias, or in a form that is neither a key id nor a key ARN, becomes all keys of
/// the destination's account and Region: a policy names keys by their ids only. The result always
/// fits. Characters of the prefix outside Latin-1 become `*`. Where the whole would be too long, the
/// prefix widens to any that ends in the same last part (a proposal's id), then to the bucket, then
/// the key to all keys, then tagging to both projects; the role's own permissions still hold.
pub fn copy_session_policy(session: &CopySession<'_>) -> String {
    let mut widths = [Width::EXACT; 5];
    widths[1].prefix = PrefixWidth::LastPart;
    widths[2].prefix = PrefixWidth::Bucket;
    widths[3] = Width {
        any_key: true,
        ..widths[2]
    };
    widths[4] = Width {
        tags_with_copy: true,
        ..widths[3]
    };
    let mut policy = String::new();
    for width in widths {
        policy = document(session, width).to_json();
        if fits(&policy) {
            break;
        }
    }
    policy
}

/// The session policy of a grant or a revocation: the policies of exactly this project.
pub fn grant_session_policy(project: &ProjectArn) -> String {
    PolicyDocument::of(vec![allow(
        None,
        &[
            "rekognition:PutProjectPolicy",
            "rekognition:ListProjectPolicies",
            "rekognition:DeleteProjectPolicy",
        ],
        vec![project.to_string()],
    )])
    .to_json()
}

/// How much of the prefix is left.
#[derive(Clone, Copy)]
enum PrefixWidth {
    Whole,
    LastPart,
    Bucket,
}

#[derive(Clone, Copy)]
struct Width {
    prefix: PrefixWidth,
    any_key: bool,
    tags_with_copy: bool,
}

impl Width {
    const EXACT: Self = Self {
        prefix: PrefixWidth::Whole,
        any_key: false,
        tags_with_copy: false,
    };
}

fn fits(policy: &str) -> bool {
    policy.chars().count() <= SESSION_POLICY_CHARACTERS
        && policy.chars().all(crate::lint::is_policy_character)
}

fn document(session: &CopySession<'_>, width: Width) -> PolicyDocument {
    let CopySession {
        source,
        destination,
        bucket,
        prefix,
        ..
    } = session;
    let (own, other) = (project(destination), project(source));
    let mut both = vec![own.clone()];
    if other != own {
        both.push(other);
    }
    let mut statements = if width.tags_with_copy {
        vec![allow(
            None,
            &["rekognition:CopyProjectVersion", "rekognition:TagResource"],
            both,
        )]
    } else {
        vec![
            allow(None, &["rekognition:CopyProjectVersion"], both),
            allow(None, &["rekognition:TagResource"], vec![own]),
        ]
    };
    let bucket = format!("arn:{}:s3:::{bucket}", destination.partition());
    let objects = format!("{bucket}/{}*", object_keys(prefix.as_str(), width.prefix));
    statements.push(allow(
        None,
        &["s3:PutObject", "s3:GetObject"],
        vec![objects],
    ));
    statements.push(allow(
        None,
        &["s3:GetBucketLocation", "s3:GetBucketAcl", "s3:ListBucket"],
        vec![bucket],
    ));
    if let Some(key) = session.key {
        statements.push(allow(
            None,
            &[
                "kms:CreateGrant",
                "kms:DescribeKey",
                "kms:GenerateDataKey",
                "kms:Decrypt",
            ],
            vec![key_resource(key, destination, width)],
        ));
    }
    PolicyDocument::of(statements)
}

/// The pattern of the object keys under `prefix`, without the `*` at its end.
fn object_keys(prefix: &str, width: PrefixWidth) -> String {
    match width {
        PrefixWidth::Whole => latin(prefix),
        PrefixWidth::LastPart => match prefix.trim_end_matches('/').rfind('/') {
            Some(slash) => format!("*{}", latin(&prefix[slash..])),
            None => latin(prefix),
        },
        PrefixWidth::Bucket => String::new(),
    }
}

/// `text` for itself, each run of characters that no policy may hold as one `*`.
fn latin(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c| !crate::lint::is_policy_character(c)) {
        pattern.push_str(&escape(&rest[..start]));
        pattern.push('*');
        rest = rest[start..].trim_start_matches(|c| !crate::lint::is_policy_character(c));
    }
    pattern.push_str(&escape(rest));
    pattern
}

/// The project and all its versions; a version's ARN does not hold the project's number.
fn project(arn: &ProjectArn) -> String {
    let (partition, region, account) = (arn.partition(), arn.region(), arn.account());
    format!(
        "arn:{partition}:rekognition:{region}:{account}:project/{}/*",
        arn.name()
    )
}

fn key_resource(key: &KmsKeyRef, destination: &ProjectArn, width: Width) -> String {
    let (partition, region, account) = (
        destination.partition(),
        destination.region(),
        destination.account(),
    );
    let text = key.as_str();
    let parts: Vec<&str> = text.split(':').collect();
    match parts[..] {
        _ if width.any_key => {}
        ["arn", _, "kms", _, _, resource] if resource.starts_with("key/") => {
            return text.to_owned();
        }
        [id] if !id.contains('/') => {
            return format!("arn:{partition}:kms:{region}:{account}:key/{id}");
        }
        _ => {}
    }
    format!("arn:{partition}:kms:{region}:{account}:key/*")
}
