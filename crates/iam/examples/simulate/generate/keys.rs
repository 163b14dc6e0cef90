//! Condition keys: which a call carries, and what policies compare them with.

use super::dice::Dice;
use super::scenario::Operation;
use crate::case::Caller;
use std::collections::BTreeMap;

/// What values a key holds, and so which operators suit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Arn,
    Bool,
    Number,
    Date,
    Address,
    Binary,
    /// Several texts at once.
    Set,
}

/// A condition key. `values` are what calls carry, `wanted` what policies ask for beside that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// In how many of a hundred calls it stands.
    presence: u32,
    values: &'static [&'static str],
    pub(super) wanted: &'static [&'static str],
}

const fn key(
    name: &'static str,
    kind: Kind,
    presence: u32,
    values: &'static [&'static str],
    wanted: &'static [&'static str],
) -> Key {
    Key {
        name,
        kind,
        presence,
        values,
        wanted,
    }
}

const TEAMS: &[&str] = &["vision", "Vision", "sound", "a*b", "x?y"];

/// The keys that do not follow from the caller. Presence 0 stands for those that do.
pub(super) const KEYS: &[Key] = &[
    key(
        "aws:PrincipalOrgID",
        Kind::Text,
        70,
        &["o-1", "o-2"],
        &["o-?", "o-3"],
    ),
    key(
        "aws:PrincipalTag/team",
        Kind::Text,
        60,
        TEAMS,
        &["vis*", "VISION", "${*}", "a${*}b"],
    ),
    key(
        "aws:PrincipalTag/stage",
        Kind::Text,
        40,
        &["dev", "prod"],
        &["${aws:PrincipalTag/team}"],
    ),
    key(
        "aws:PrincipalTag/cost$",
        Kind::Text,
        20,
        &["a$b", "1"],
        &["a${$}b", "a$b"],
    ),
    key(
        "aws:RequestTag/stage",
        Kind::Text,
        60,
        &["dev", "prod", "vision"],
        &["${aws:PrincipalTag/stage}", "pr*"],
    ),
    key(
        "aws:RequestedRegion",
        Kind::Text,
        90,
        &["eu-west-1", "us-east-1"],
        &["eu-*", "EU-WEST-1"],
    ),
    key(
        "aws:SourceAccount",
        Kind::Text,
        25,
        &["111111111111", "333333333333"],
        &["${aws:PrincipalAccount}", "1*"],
    ),
    key(
        "sts:ExternalId",
        Kind::Text,
        75,
        &["ch-0123456789abcdef", "CH-0123456789ABCDEF"],
        &["ch-*", "other"],
    ),
    key(
        "sts:RoleSessionName",
        Kind::Text,
        90,
        &["ch-1", "ch-2"],
        &["ch-?", "${aws:username}"],
    ),
    key(
        "s3:prefix",
        Kind::Text,
        70,
        &["vision/", "home/customhouse/"],
        &[
            "${aws:PrincipalTag/team}/*",
            "home/${aws:username}/",
            "${aws:PrincipalTag/team, 'vision'}/",
        ],
    ),
    key(
        "kms:ViaService",
        Kind::Text,
        50,
        &["rekognition.eu-west-1.amazonaws.com"],
        &["rekognition.*.amazonaws.com", "s3.eu-west-1.amazonaws.com"],
    ),
    key(
        "aws:ResourceAccount",
        Kind::Text,
        0,
        &[],
        &["${aws:PrincipalAccount}", "333333333333"],
    ),
    key(
        "aws:PrincipalAccount",
        Kind::Text,
        0,
        &[],
        &["111111111111", "333333333333", "${aws:ResourceAccount}"],
    ),
    key(
        "aws:PrincipalType",
        Kind::Text,
        0,
        &[],
        &["User", "AssumedRole", "assumedrole", "Account"],
    ),
    key(
        "aws:username",
        Kind::Text,
        0,
        &[],
        &["customhouse", "custom*"],
    ),
    key(
        "aws:PrincipalArn",
        Kind::Arn,
        0,
        &[],
        &[
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::111111111111:*",
            "arn:aws:iam::${aws:PrincipalAccount}:role/team/*",
            "arn:*:iam::333333333333:user/customhouse",
        ],
    ),
    key(
        "aws:SourceArn",
        Kind::Arn,
        25,
        &[
            "arn:aws:s3:::vision-dev-models",
            "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456",
        ],
        &[
            "arn:aws:rekognition:*:111111111111:project/*",
            "arn:aws:s3:::vision-${aws:PrincipalTag/stage}-models",
            "arn:aws:s3:::v*",
        ],
    ),
    key(
        "aws:SecureTransport",
        Kind::Bool,
        95,
        &["true", "true", "false"],
        &["true", "false", "TRUE"],
    ),
    key(
        "aws:ViaAWSService",
        Kind::Bool,
        90,
        &["false", "true"],
        &["true", "false"],
    ),
    key(
        "aws:MultiFactorAuthPresent",
        Kind::Bool,
        30,
        &["true", "false"],
        &["true", "false"],
    ),
    key(
        "kms:GrantIsForAWSResource",
        Kind::Bool,
        60,
        &["true", "false"],
        &["true", "false"],
    ),
    key(
        "aws:PrincipalIsAWSService",
        Kind::Bool,
        0,
        &[],
        &["true", "false"],
    ),
    key(
        "aws:MultiFactorAuthAge",
        Kind::Number,
        35,
        &["0", "300", "3600"],
        &["300", "300.0", "1000", "-1", "3599.5"],
    ),
    key(
        "s3:max-keys",
        Kind::Number,
        60,
        &["10", "100", "1000"],
        &["100", "100.00", "10", "1e2x"],
    ),
    key(
        "aws:CurrentTime",
        Kind::Date,
        0,
        &[],
        &[
            "2026-11-24T12:00:00Z",
            "2026-11-24T13:00:00+01:00",
            "2026-11-24",
            "2026-11-25",
            "2026-11-24T12:00:01Z",
            "1795521600",
            "1795521601",
        ],
    ),
    key(
        "aws:EpochTime",
        Kind::Date,
        0,
        &[],
        &[
            "1795521600",
            "1795521601",
            "1795521599",
            "2026-11-24T12:00:00Z",
            "2026-11-25",
        ],
    ),
    key(
        "aws:TokenIssueTime",
        Kind::Date,
        50,
        &["2026-11-24T11:30:00Z", "2026-11-24T11:59:00Z"],
        &["2026-11-24T11:45:00Z", "2026-11-24T00:00:00Z"],
    ),
    key(
        "aws:SourceIp",
        Kind::Address,
        90,
        &["203.0.113.7", "198.51.100.1", "2001:db8::1"],
        &[
            "203.0.113.0/24",
            "198.51.100.0/22",
            "0.0.0.0/0",
            "2001:db8::/32",
            "203.0.113.7",
            "10.0.0.0/8",
        ],
    ),
    key(
        "aws:PrincipalTag/blob",
        Kind::Binary,
        40,
        &["QmluYXJ5", "QQ=="],
        &["QmluYXJ5", "QQ==", "qg=="],
    ),
    key(
        "aws:TagKeys",
        Kind::Set,
        60,
        &["stage", "team", "customhouse:plan", ""],
        &["customhouse:*", "st*", "stage"],
    ),
    key(
        "aws:CalledVia",
        Kind::Set,
        25,
        &["athena.amazonaws.com", "cloudformation.amazonaws.com"],
        &["*.amazonaws.com", "dynamodb.amazonaws.com"],
    ),
    key(
        "aws:PrincipalOrgPaths",
        Kind::Set,
        50,
        &["o-1/r-1/ou-1/", "o-1/r-1/ou-1/ou-2/"],
        &["o-1/*", "o-1/r-1/ou-1/"],
    ),
    key(
        "sts:TransitiveTagKeys",
        Kind::Set,
        40,
        &["team", "stage"],
        &["team", "*"],
    ),
];

/// Whether the operation can carry the key.
pub(super) fn suits(key: &Key, operation: Operation) -> bool {
    let of_service = ["sts:", "s3:", "kms:", "aws:RequestTag/", "aws:TagKeys"];
    !of_service.iter().any(|start| key.name.starts_with(start))
        || operation
            .keys
            .iter()
            .any(|start| key.name.starts_with(start))
}

/// The keys of one call: those that follow from it, and some of the others.
pub(super) fn context(
    dice: &mut Dice,
    caller: &Caller,
    owner: &str,
    operation: Operation,
) -> BTreeMap<String, Vec<String>> {
    let mut context: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in KEYS.iter().filter(|key| suits(key, operation)) {
        if dice.percent(key.presence) {
            let count = match key.kind {
                Kind::Set => dice.between(1, 3),
                _ => 1,
            };
            let values = (0..count).map(|_| dice.pick(key.values).to_owned());
            context.insert(key.name.to_owned(), values.collect());
        }
    }
    let mut follows = vec![
        ("aws:CurrentTime", "2026-11-24T12:00:00Z".to_owned()),
        ("aws:EpochTime", "1795521600".to_owned()),
        ("aws:ResourceAccount", owner.to_owned()),
    ];
    let service = matches!(caller, Caller::Service(_));
    follows.push(("aws:PrincipalIsAWSService", service.to_string()));
    if let Some(account) = caller.account() {
        follows.push(("aws:PrincipalAccount", account));
    }
    let (arn, kind) = match caller {
        Caller::User(arn) => {
            let name = arn.rsplit('/').next().unwrap_or_default();
            follows.push(("aws:username", name.to_owned()));
            (arn.clone(), "User")
        }
        Caller::Session { role, .. } => (role.to_string(), "AssumedRole"),
        Caller::Root(_) => (caller.arn(), "Account"),
        Caller::Service(_) => (String::new(), ""),
    };
    if !service {
        follows.extend([
            ("aws:PrincipalArn", arn),
            ("aws:PrincipalType", kind.to_owned()),
        ]);
    }
    for (key, value) in follows {
        context.insert(key.to_owned(), vec![value]);
    }
    context
}
