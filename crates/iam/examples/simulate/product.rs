//! The policies that Customhouse generates, in calls whose answer is plain: its roles admit the
//! console by its ExternalId alone, and one approved copy can do what it must and nothing beside.

use crate::case::{Attachment, Caller, Case, Verdict};
use domain::{
    AccountNumber, BucketName, KeyPrefix, KmsKeyRef, Millis, ProjectArn, Region, RoleArn,
};
use iam::PolicyDocument;
use iam::generate::{
    CopySession, PromoterScope, ReaderScope, console_permissions, copy_session_policy,
    grant_session_policy, grant_statement, promoter_permissions, reader_permissions, trust_policy,
};
use std::collections::BTreeMap;

const HUB: &str = "999999999999";
const SOURCE: &str = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456";
const DESTINATION: &str =
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1656705098765";
const VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456";
const OTHER_VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v8/1656612123456";
const READER: &str = "arn:aws:iam::111111111111:role/customhouse-reader";
const GRANTER: &str = "arn:aws:iam::111111111111:role/customhouse-promoter";
const PROMOTER: &str = "arn:aws:iam::333333333333:role/customhouse-promoter";
const KEY: &str = "arn:aws:kms:eu-west-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const OBJECT: &str = "arn:aws:s3:::vision-prod-models/copies/01J/output.json";
const EXTERNAL_ID: &str = "ch-0123456789abcdef";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = trust();
    cases.extend(copy());
    cases.extend(reading());
    cases
}

fn plain(caller: Caller, action: &str, resource: &str, owner: &str, expected: Verdict) -> Case {
    Case {
        caller,
        action: action.to_owned(),
        resource: resource.to_owned(),
        owner: owner.to_owned(),
        attachment: Attachment::Beside,
        context: BTreeMap::from([
            (
                "aws:CurrentTime".to_owned(),
                vec!["2026-11-24T12:00:00Z".to_owned()],
            ),
            ("aws:ResourceAccount".to_owned(), vec![owner.to_owned()]),
        ]),
        identity: Vec::new(),
        session: None,
        attached: None,
        expected: Some(expected),
    }
}

fn role(arn: &str) -> RoleArn {
    arn.parse().expect("a whole ARN")
}

fn project(arn: &str) -> ProjectArn {
    arn.parse().expect("a whole ARN")
}

fn session(arn: &str, name: &'static str) -> Caller {
    Caller::Session {
        role: role(arn),
        name,
    }
}

/// The trust policies of reader and promoter, for a console that runs as a user and as a role.
fn trust() -> Vec<Case> {
    let user = format!("arn:aws:iam::{HUB}:user/customhouse");
    let hub_role = format!("arn:aws:iam::{HUB}:role/customhouse");
    let stranger = session(&format!("arn:aws:iam::{HUB}:role/other"), "ch");
    let may = console_permissions(&[role(READER), role(PROMOTER)]);
    let mut cases = Vec::new();
    for target in [READER, PROMOTER] {
        let owner = role(target).account().to_string();
        for (trusted, console) in [
            (&user, Caller::User(user.clone())),
            (&hub_role, session(&hub_role, "ch")),
        ] {
            let trust = trust_policy(trusted, &EXTERNAL_ID.parse().expect("an ExternalId"));
            for (caller, id, identity, expected) in [
                (&console, Some(EXTERNAL_ID), Some(&may), Verdict::Allowed),
                (
                    &console,
                    Some("ch-0123456789ABCDEF"),
                    Some(&may),
                    Verdict::ImplicitlyDenied,
                ),
                (
                    &console,
                    Some("other"),
                    Some(&may),
                    Verdict::ImplicitlyDenied,
                ),
                (&console, None, Some(&may), Verdict::ImplicitlyDenied),
                (&console, Some(EXTERNAL_ID), None, Verdict::ImplicitlyDenied),
                (
                    &stranger,
                    Some(EXTERNAL_ID),
                    Some(&may),
                    Verdict::ImplicitlyDenied,
                ),
            ] {
                let mut case = plain(caller.clone(), "sts:AssumeRole", target, &owner, expected);
                case.attachment = Attachment::Trust;
                case.attached = Some(trust.clone());
                case.identity = identity.into_iter().cloned().collect();
                if let Some(id) = id {
                    case.context
                        .insert("sts:ExternalId".to_owned(), vec![id.to_owned()]);
                }
                cases.push(case);
            }
        }
    }
    cases
}

fn promoter(arn: &str) -> PolicyDocument {
    let regions: [Region; 1] = ["eu-west-1".parse().expect("a Region")];
    let buckets: [BucketName; 1] = ["vision-prod-models".parse().expect("a bucket")];
    let sources: [AccountNumber; 1] = ["111111111111".parse().expect("an account")];
    let arrives = arn == PROMOTER;
    promoter_permissions(&PromoterScope {
        role: &role(arn),
        regions: &regions,
        models_leave: !arrives,
        models_arrive: arrives,
        sources: if arrives { &sources } else { &[] },
        buckets: &buckets,
        keys: &[KEY.to_owned()],
    })
}

/// A copy across accounts: the promoter's permissions, the session narrowed to one job, the grant.
fn copy() -> Vec<Case> {
    let grant = |ends: i64| {
        grant_statement(
            "Ch01J",
            &role(PROMOTER),
            &VERSION.parse().expect("a whole ARN"),
            Some(Millis::new(ends)),
        )
        .expect("a Sid")
    };
    let now = 1_795_521_600_000;
    let running = PolicyDocument::of(vec![grant(now + 1000)]);
    let ended = PolicyDocument::of(vec![grant(now)]);
    let key: KmsKeyRef = KEY.parse().expect("a key");
    let narrowed = copy_session_policy(&CopySession {
        source: &project(SOURCE),
        destination: &project(DESTINATION),
        bucket: &"vision-prod-models".parse().expect("a bucket"),
        prefix: &"copies/01J/".parse::<KeyPrefix>().expect("a prefix"),
        key: Some(&key),
    });
    let narrowed = PolicyDocument::parse(&narrowed).expect("a document");
    let copies = "rekognition:CopyProjectVersion";
    let source = "111111111111";
    let own = "333333333333";
    let (yes, no) = (Verdict::Allowed, Verdict::ImplicitlyDenied);
    let mut cases = Vec::new();
    for (action, resource, owner, attached, expected) in [
        (copies, VERSION, source, Some(&running), yes),
        (copies, VERSION, source, Some(&ended), no),
        (copies, VERSION, source, None, no),
        (copies, OTHER_VERSION, source, Some(&running), no),
        (copies, DESTINATION, own, None, yes),
        ("rekognition:TagResource", DESTINATION, own, None, yes),
        (
            "rekognition:DeleteProjectVersion",
            "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v7/1",
            own,
            None,
            no,
        ),
        ("rekognition:PutProjectPolicy", SOURCE, source, None, no),
        ("s3:PutObject", OBJECT, own, None, yes),
        (
            "s3:PutObject",
            "arn:aws:s3:::vision-prod-models/elsewhere",
            own,
            None,
            no,
        ),
        (
            "s3:ListBucket",
            "arn:aws:s3:::vision-prod-models",
            own,
            None,
            yes,
        ),
        ("s3:ListBucket", "arn:aws:s3:::other", own, None, no),
    ] {
        let mut case = plain(session(PROMOTER, "ch-1"), action, resource, owner, expected);
        case.identity = vec![promoter(PROMOTER)];
        case.session = Some(narrowed.clone());
        case.attached = attached.cloned();
        cases.push(case);
    }
    let delegates = PolicyDocument::parse(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:root"},"Action":"kms:*","Resource":"*"}}"#,
    )
    .expect("a document");
    for (action, attached, expected) in [
        ("kms:CreateGrant", Some(&delegates), yes),
        ("kms:GenerateDataKey", Some(&delegates), yes),
        ("kms:ScheduleKeyDeletion", Some(&delegates), no),
        ("kms:CreateGrant", None, no),
    ] {
        let mut case = plain(session(PROMOTER, "ch-1"), action, KEY, own, expected);
        case.attachment = Attachment::Key;
        case.identity = vec![promoter(PROMOTER)];
        case.session = Some(narrowed.clone());
        case.attached = attached.cloned();
        cases.push(case);
    }
    cases
}

/// The reader looks and changes nothing; a promoter's session for a grant writes policies only.
fn reading() -> Vec<Case> {
    let account: AccountNumber = "111111111111".parse().expect("an account");
    let reader = reader_permissions(&ReaderScope {
        partition: &"aws".parse().expect("a partition"),
        account: &account,
        regions: &[],
        buckets: &[],
    });
    let (yes, no) = (Verdict::Allowed, Verdict::ImplicitlyDenied);
    let mut cases: Vec<Case> = [
        ("rekognition:DescribeProjects", "*", yes),
        ("rekognition:DescribeProjectVersions", SOURCE, yes),
        ("rekognition:ListProjectPolicies", SOURCE, yes),
        ("rekognition:ListTagsForResource", VERSION, yes),
        ("rekognition:PutProjectPolicy", SOURCE, no),
        ("rekognition:CopyProjectVersion", VERSION, no),
        (
            "s3:GetObject",
            "arn:aws:s3:::vision-dev-models/v7/summary.json",
            yes,
        ),
        (
            "s3:PutObject",
            "arn:aws:s3:::vision-dev-models/v7/summary.json",
            no,
        ),
    ]
    .into_iter()
    .map(|(action, resource, expected)| {
        let mut case = plain(
            session(READER, "ch"),
            action,
            resource,
            account.as_str(),
            expected,
        );
        case.identity = vec![reader.clone()];
        case
    })
    .collect();
    let narrowed =
        PolicyDocument::parse(&grant_session_policy(&project(SOURCE))).expect("a document");
    for (action, resource, expected) in [
        ("rekognition:PutProjectPolicy", SOURCE, yes),
        ("rekognition:DeleteProjectPolicy", SOURCE, yes),
        (
            "rekognition:PutProjectPolicy",
            "arn:aws:rekognition:eu-west-1:111111111111:project/other/1656565123457",
            no,
        ),
        ("rekognition:DescribeProjectVersions", SOURCE, no),
    ] {
        let mut case = plain(
            session(GRANTER, "ch-1"),
            action,
            resource,
            account.as_str(),
            expected,
        );
        case.identity = vec![promoter(GRANTER)];
        case.session = Some(narrowed.clone());
        cases.push(case);
    }
    cases
}
