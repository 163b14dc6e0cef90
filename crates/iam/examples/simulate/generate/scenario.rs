//! Who calls what.

use super::dice::Dice;
use crate::case::Caller;

/// The account that owns the resources.
pub(super) const OWNER: &str = "111111111111";
/// The account that calls from outside.
pub(super) const OTHER: &str = "333333333333";

/// The policies that the resource of an operation may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attached {
    Nothing,
    Policy,
    Key,
    Trust,
}

/// An action on a resource. `keys` begin the names of the service's own condition keys that the
/// action knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub(super) action: &'static str,
    pub(super) resource: &'static str,
    pub(super) attached: Attached,
    pub(super) keys: &'static [&'static str],
}

const PROJECT: &str = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456";
const VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456";
const ROLE: &str = "arn:aws:iam::111111111111:role/team/customhouse-reader";
const BUCKET: &str = "arn:aws:s3:::vision-dev-models";
const OBJECT: &str = "arn:aws:s3:::vision-dev-models/vision/v7/evaluation.json";
const KEY: &str = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const fn operation(
    action: &'static str,
    resource: &'static str,
    attached: Attached,
    keys: &'static [&'static str],
) -> Operation {
    Operation {
        action,
        resource,
        attached,
        keys,
    }
}

const TAGS: &[&str] = &["aws:RequestTag/", "aws:TagKeys"];
const ASSUME: &[&str] = &[
    "aws:RequestTag/",
    "aws:TagKeys",
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:TransitiveTagKeys",
];

/// Each with its weight: copies and becoming a role matter most.
const OPERATIONS: &[(u32, Operation)] = &[
    (
        24,
        operation(
            "rekognition:CopyProjectVersion",
            VERSION,
            Attached::Policy,
            TAGS,
        ),
    ),
    (
        8,
        operation(
            "rekognition:CopyProjectVersion",
            PROJECT,
            Attached::Policy,
            TAGS,
        ),
    ),
    (
        3,
        operation("rekognition:DescribeProjects", "*", Attached::Nothing, &[]),
    ),
    (
        5,
        operation(
            "rekognition:DescribeProjectVersions",
            PROJECT,
            Attached::Policy,
            &[],
        ),
    ),
    (
        3,
        operation(
            "rekognition:PutProjectPolicy",
            PROJECT,
            Attached::Policy,
            &[],
        ),
    ),
    (
        3,
        operation("rekognition:TagResource", VERSION, Attached::Policy, TAGS),
    ),
    (
        24,
        operation("sts:AssumeRole", ROLE, Attached::Trust, ASSUME),
    ),
    (7, operation("s3:GetObject", OBJECT, Attached::Policy, &[])),
    (5, operation("s3:PutObject", OBJECT, Attached::Policy, &[])),
    (
        6,
        operation(
            "s3:ListBucket",
            BUCKET,
            Attached::Policy,
            &["s3:prefix", "s3:max-keys"],
        ),
    ),
    (
        5,
        operation("kms:DescribeKey", KEY, Attached::Key, &["kms:ViaService"]),
    ),
    (
        4,
        operation("kms:Decrypt", KEY, Attached::Key, &["kms:ViaService"]),
    ),
    (
        3,
        operation(
            "kms:CreateGrant",
            KEY,
            Attached::Key,
            &["kms:ViaService", "kms:GrantIsForAWSResource"],
        ),
    ),
    (
        2,
        operation(
            "iam:SimulatePrincipalPolicy",
            "arn:aws:iam::111111111111:role/customhouse-promoter",
            Attached::Policy,
            &[],
        ),
    ),
];

pub(super) fn roll(dice: &mut Dice) -> (Operation, Caller) {
    let operation = dice.weighted(OPERATIONS);
    let account = if dice.percent(55) { OWNER } else { OTHER };
    let takes_services = matches!(operation.attached, Attached::Policy | Attached::Key);
    let user = |name: &str| Caller::User(format!("arn:aws:iam::{account}:user/{name}"));
    let session = |role: &str| Caller::Session {
        role: format!("arn:aws:iam::{account}:role/{role}")
            .parse()
            .expect("a whole ARN"),
        name: "ch-1",
    };
    let caller = dice.weighted(&[
        (20, user("customhouse")),
        (8, user("team/customhouse")),
        (42, session("customhouse-promoter")),
        (14, session("team/customhouse-promoter")),
        (4, Caller::Root(account.to_owned())),
        (
            if takes_services { 6 } else { 0 },
            Caller::Service("rekognition.amazonaws.com"),
        ),
    ]);
    (operation, caller)
}
