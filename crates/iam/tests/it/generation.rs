//! The documents that people and AWS receive.

use crate::world::{COPY, PROMOTER, VERSION, account, document, project, role, session_of, word};
use domain::{BucketName, KeyPrefix, KmsKeyRef, Millis, Region};
use iam::generate::{
    CopySession, PromoterScope, ReaderScope, SESSION_POLICY_CHARACTERS, console_permissions,
    copy_session_policy, grant_session_policy, grant_statement, promoter_permissions,
    reader_permissions, trust_policy,
};
use iam::{
    ConditionContext, EvaluationRequest, NamedPolicy, PolicyDocument, ResourceRule, evaluate,
    lint_project_policy,
};
use proptest::prelude::*;

const SOURCE: &str = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456";
const DESTINATION: &str =
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1656705098765";
const KEY: &str = "arn:aws:kms:eu-west-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn regions() -> Vec<Region> {
    vec!["eu-west-1".parse().expect("a Region")]
}

fn buckets(name: &str) -> Vec<BucketName> {
    vec![name.parse().expect("a bucket name")]
}

#[test]
fn grants() {
    let version = VERSION.parse().unwrap();
    let ends = Some(Millis::new(1_795_521_600_999));
    let grant = |ends| {
        let statement = grant_statement("Ch01KB", &role(PROMOTER), &version, ends).unwrap();
        PolicyDocument::of(vec![statement]).to_json()
    };
    insta::assert_snapshot!(grant(ends), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"Ch01KB","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:role/customhouse-promoter"},"Action":"rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-24T12:00:00Z"}}}]}"#);
    insta::assert_snapshot!(grant(None), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"Ch01KB","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:role/customhouse-promoter"},"Action":"rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456"}]}"#);
    assert!(lint_project_policy(&grant(ends)).is_ok());
    for sid in ["", "Ch 1", "Ch-1", "Chä"] {
        assert!(
            grant_statement(sid, &role(PROMOTER), &version, None).is_err(),
            "{sid:?}"
        );
    }
}

#[test]
fn a_grant_allows_until_its_end_and_only_its_role() {
    let version = VERSION.parse().unwrap();
    let ends = Millis::new(1_795_521_600_000);
    let grant = grant_statement("Ch1", &role(PROMOTER), &version, Some(ends)).unwrap();
    let grants = PolicyDocument::of(vec![grant]);
    let identity = document(&crate::world::identity("Allow", COPY, "*"));
    for (caller, now, expected) in [
        (PROMOTER, ends.plus(-1), "allowed"),
        (PROMOTER, ends, "missing"),
        (
            "arn:aws:iam::333333333333:role/other",
            ends.plus(-1),
            "missing",
        ),
    ] {
        let decision = evaluate(&EvaluationRequest {
            principal: &session_of(caller),
            action: COPY,
            resource: VERSION,
            resource_account: &account("111111111111"),
            context: &ConditionContext::new().at(now),
            identity: &[NamedPolicy {
                name: "inline",
                document: &identity,
            }],
            session: None,
            resource_policies: &[NamedPolicy {
                name: "customhouse-x",
                document: &grants,
            }],
            resource_rule: ResourceRule::IdentityOrResource,
        });
        assert_eq!(word(&decision), expected, "{caller} {now}: {decision}");
    }
}

#[test]
fn trust_and_console() {
    let id = "ch-00112233445566778899aabbccddeeff".parse().unwrap();
    insta::assert_snapshot!(trust_policy("arn:aws:iam::999999999999:user/customhouse", &id), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"CustomhouseMayBecomeThisRole","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:user/customhouse"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"ch-00112233445566778899aabbccddeeff"}}}]}"#);
    insta::assert_snapshot!(console_permissions(&[role(PROMOTER)]), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"BecomeTheRoles","Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::333333333333:role/customhouse-promoter"}]}"#);
    assert!(console_permissions(&[]).statements.is_empty());
}

#[test]
fn reader() {
    let partition = "aws".parse().unwrap();
    let number = account("111111111111");
    let mut scope = ReaderScope {
        partition: &partition,
        account: &number,
        regions: &regions(),
        buckets: &buckets("vision-dev-models"),
    };
    insta::assert_snapshot!(pretty(&reader_permissions(&scope)), @r#"
    {"Version":"2012-10-17","Statement":[{"Sid":"ListProjects","Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"},
    {"Sid":"ReadProjects","Effect":"Allow","Action":["rekognition:DescribeProjectVersions","rekognition:ListProjectPolicies","rekognition:ListTagsForResource"],"Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/*"},
    {"Sid":"ReadEvaluations","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::vision-dev-models/*"}]}
    "#);
    scope.buckets = &[];
    scope.regions = &[];
    insta::assert_snapshot!(reader_permissions(&scope), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"ListProjects","Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"},{"Sid":"ReadProjects","Effect":"Allow","Action":["rekognition:DescribeProjectVersions","rekognition:ListProjectPolicies","rekognition:ListTagsForResource"],"Resource":"arn:aws:rekognition:*:111111111111:project/*"},{"Sid":"ReadEvaluations","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*","Condition":{"StringEquals":{"aws:ResourceAccount":"111111111111"}}}]}"#);
}

#[test]
fn promoter() {
    let own = role(PROMOTER);
    let sources = [account("111111111111"), account("333333333333")];
    let keys = [KEY.to_owned()];
    let regions = regions();
    let buckets = buckets("vision-prod-models");
    let whole = PromoterScope {
        role: &own,
        regions: &regions,
        models_leave: true,
        models_arrive: true,
        sources: &sources,
        buckets: &buckets,
        keys: &keys,
    };
    insta::assert_snapshot!(pretty(&promoter_permissions(&whole)), @r#"
    {"Version":"2012-10-17","Statement":[{"Sid":"ListProjects","Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"},
    {"Sid":"GrantCopies","Effect":"Allow","Action":["rekognition:PutProjectPolicy","rekognition:ListProjectPolicies","rekognition:DeleteProjectPolicy"],"Resource":"arn:aws:rekognition:eu-west-1:333333333333:project/*"},
    {"Sid":"CopyVersions","Effect":"Allow","Action":"rekognition:CopyProjectVersion","Resource":["arn:aws:rekognition:eu-west-1:333333333333:project/*","arn:aws:rekognition:eu-west-1:111111111111:project/*"]},
    {"Sid":"TagCopies","Effect":"Allow","Action":"rekognition:TagResource","Resource":"arn:aws:rekognition:eu-west-1:333333333333:project/*"},
    {"Sid":"WriteResults","Effect":"Allow","Action":["s3:PutObject","s3:GetObject","s3:GetBucketLocation","s3:GetBucketAcl","s3:ListBucket"],"Resource":["arn:aws:s3:::vision-prod-models","arn:aws:s3:::vision-prod-models/*"]},
    {"Sid":"EncryptResults","Effect":"Allow","Action":["kms:CreateGrant","kms:DescribeKey","kms:GenerateDataKey","kms:Decrypt"],"Resource":"arn:aws:kms:eu-west-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
    {"Sid":"AskAboutItself","Effect":"Allow","Action":"iam:SimulatePrincipalPolicy","Resource":"arn:aws:iam::333333333333:role/customhouse-promoter"}]}
    "#);
    let leaving = PromoterScope {
        models_arrive: false,
        ..whole
    };
    insta::assert_snapshot!(promoter_permissions(&leaving), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"ListProjects","Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"},{"Sid":"GrantCopies","Effect":"Allow","Action":["rekognition:PutProjectPolicy","rekognition:ListProjectPolicies","rekognition:DeleteProjectPolicy"],"Resource":"arn:aws:rekognition:eu-west-1:333333333333:project/*"},{"Sid":"AskAboutItself","Effect":"Allow","Action":"iam:SimulatePrincipalPolicy","Resource":"arn:aws:iam::333333333333:role/customhouse-promoter"}]}"#);
    let open = PromoterScope {
        models_leave: false,
        regions: &[],
        sources: &[],
        buckets: &[],
        keys: &[],
        ..whole
    };
    insta::assert_snapshot!(promoter_permissions(&open), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"ListProjects","Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"},{"Sid":"CopyVersions","Effect":"Allow","Action":"rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:*:*:project/*"},{"Sid":"TagCopies","Effect":"Allow","Action":"rekognition:TagResource","Resource":"arn:aws:rekognition:*:333333333333:project/*"},{"Sid":"WriteResults","Effect":"Allow","Action":["s3:PutObject","s3:GetObject","s3:GetBucketLocation","s3:GetBucketAcl","s3:ListBucket"],"Resource":"arn:aws:s3:::*","Condition":{"StringEquals":{"aws:ResourceAccount":"333333333333"}}},{"Sid":"EncryptResults","Effect":"Allow","Action":["kms:CreateGrant","kms:DescribeKey","kms:GenerateDataKey","kms:Decrypt"],"Resource":"arn:aws:kms:*:333333333333:key/*"},{"Sid":"AskAboutItself","Effect":"Allow","Action":"iam:SimulatePrincipalPolicy","Resource":"arn:aws:iam::333333333333:role/customhouse-promoter"}]}"#);
}

#[test]
fn nothing_generated_may_delete_start_or_stop_a_model_or_become_a_role() {
    let own = role(PROMOTER);
    let partition = "aws".parse().unwrap();
    let reader = reader_permissions(&ReaderScope {
        partition: &partition,
        account: own.account(),
        regions: &[],
        buckets: &[],
    });
    let promoter = promoter_permissions(&PromoterScope {
        role: &own,
        regions: &[],
        models_leave: true,
        models_arrive: true,
        sources: &[],
        buckets: &[],
        keys: &[],
    });
    let version = DESTINATION.replace("inspector/", "inspector/version/v7/");
    let object = "arn:aws:s3:::vision-prod-models/inspector/x";
    for (document, action, resource, expected) in [
        (&reader, "rekognition:DescribeProjects", "*", "allowed"),
        (
            &reader,
            "rekognition:PutProjectPolicy",
            DESTINATION,
            "missing",
        ),
        (&reader, COPY, DESTINATION, "missing"),
        (&reader, "s3:GetObject", object, "allowed"),
        (&reader, "s3:PutObject", object, "missing"),
        (&reader, "sts:AssumeRole", PROMOTER, "missing"),
        (
            &promoter,
            "rekognition:PutProjectPolicy",
            DESTINATION,
            "allowed",
        ),
        (
            &promoter,
            "rekognition:DeleteProjectVersion",
            &version,
            "missing",
        ),
        (
            &promoter,
            "rekognition:StartProjectVersion",
            &version,
            "missing",
        ),
        (
            &promoter,
            "rekognition:StopProjectVersion",
            &version,
            "missing",
        ),
        (
            &promoter,
            "rekognition:DeleteProject",
            DESTINATION,
            "missing",
        ),
        (&promoter, "s3:PutObject", object, "allowed"),
        (&promoter, "s3:DeleteObject", object, "missing"),
        (&promoter, "kms:Decrypt", KEY, "allowed"),
        (&promoter, "kms:ScheduleKeyDeletion", KEY, "missing"),
        (
            &promoter,
            "iam:SimulatePrincipalPolicy",
            PROMOTER,
            "allowed",
        ),
        (&promoter, "sts:AssumeRole", PROMOTER, "missing"),
    ] {
        let decision = evaluate(&EvaluationRequest {
            principal: &session_of(PROMOTER),
            action,
            resource,
            resource_account: own.account(),
            context: &ConditionContext::new(),
            identity: &[NamedPolicy {
                name: "generated",
                document,
            }],
            session: None,
            resource_policies: &[],
            resource_rule: ResourceRule::IdentityOrResource,
        });
        assert_eq!(word(&decision), expected, "{action} {resource}: {decision}");
    }
}

#[test]
fn session_policies() {
    let (source, destination) = (project(SOURCE), project(DESTINATION));
    let bucket = "vision-prod-models".parse().unwrap();
    let prefix = KeyPrefix::new("in*?${x}/prp_1/").unwrap();
    let session = CopySession {
        source: &source,
        destination: &destination,
        bucket: &bucket,
        prefix: &prefix,
        key: None,
    };
    insta::assert_snapshot!(copy_session_policy(&session), @r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rekognition:CopyProjectVersion","Resource":["arn:aws:rekognition:eu-west-1:333333333333:project/inspector/*","arn:aws:rekognition:eu-west-1:111111111111:project/inspector/*"]},{"Effect":"Allow","Action":"rekognition:TagResource","Resource":"arn:aws:rekognition:eu-west-1:333333333333:project/inspector/*"},{"Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::vision-prod-models/in${*}${?}${$}{x}/prp_1/*"},{"Effect":"Allow","Action":["s3:GetBucketLocation","s3:GetBucketAcl","s3:ListBucket"],"Resource":"arn:aws:s3:::vision-prod-models"}]}"#);
    let within_one = copy_session_policy(&CopySession {
        source: &destination,
        ..session
    });
    let own = r#""rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:eu-west-1:333333333333:project/inspector/*""#;
    assert!(within_one.contains(own), "{within_one}");
    for (typed, resource) in [
        (KEY, KEY),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", KEY),
        ("alias/models", "arn:aws:kms:eu-west-1:333333333333:key/*"),
        (
            "arn:aws:kms:eu-west-1:333333333333:alias/m",
            "arn:aws:kms:eu-west-1:333333333333:key/*",
        ),
        (
            "arn:1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:eu-west-1:333333333333:key/*",
        ),
    ] {
        let key = KmsKeyRef::new(typed).unwrap();
        let policy = copy_session_policy(&CopySession {
            key: Some(&key),
            ..session
        });
        assert!(
            policy.contains(&format!(r#""Resource":"{resource}""#)),
            "{typed}: {policy}"
        );
    }
    insta::assert_snapshot!(grant_session_policy(&source), @r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["rekognition:PutProjectPolicy","rekognition:ListProjectPolicies","rekognition:DeleteProjectPolicy"],"Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456"}]}"#);
}

#[test]
fn a_session_policy_widens_only_as_far_as_it_must() {
    let (source, destination) = (project(SOURCE), project(DESTINATION));
    let bucket = "vision-prod-models".parse().unwrap();
    let key = KmsKeyRef::new(KEY).unwrap();
    let policy = |prefix: &str| {
        copy_session_policy(&CopySession {
            source: &source,
            destination: &destination,
            bucket: &bucket,
            prefix: &KeyPrefix::new(prefix).unwrap(),
            key: Some(&key),
        })
    };
    for (prefix, keys) in [
        ("a/".to_owned(), "a/*"),
        ("日本/prp_1/".to_owned(), "*/prp_1/*"),
        ("a/日本*b/prp_1/".to_owned(), "a/*${*}b/prp_1/*"),
        (format!("{}/prp_1/", "*".repeat(1000)), "*/prp_1/*"),
        ("日本/".to_owned(), "*/*"),
        ("*".repeat(1024), "*"),
    ] {
        let policy = policy(&prefix);
        let resource = format!(r#""arn:aws:s3:::vision-prod-models/{keys}""#);
        assert!(
            policy.contains(&resource) && policy.contains(KEY),
            "{prefix}: {policy}"
        );
    }
}

proptest! {
    #[test]
    fn a_session_policy_always_fits_and_reads_back(
        source_name in "[a-z]{255}", destination_name in "[a-z]{255}", bucket in "[a-z]{255}",
        prefix in "[ -~ä日]{0,1024}", key in proptest::option::of("[a-z0-9/:-]{1,2000}"), longest: bool
    ) {
        let key = key.map(|key| KmsKeyRef::new(format!("a{key}")).unwrap());
        let long_key = KmsKeyRef::new(format!("arn:aws:kms:eu-west-1:333333333333:key/{}", "k".repeat(2000))).unwrap();
        let place = |arn: &str, name: &str| {
            let arn = arn.replace("inspector", name);
            if longest {
                let token = "x".repeat(32);
                project(&arn.replace("arn:aws:", &format!("arn:{token}:")).replace("eu-west-1", &token))
            } else {
                project(&arn)
            }
        };
        let (source, destination) =
            (place(SOURCE, &source_name), place(DESTINATION, &destination_name));
        let policy = copy_session_policy(&CopySession {
            source: &source,
            destination: &destination,
            bucket: &bucket.parse().unwrap(),
            prefix: &KeyPrefix::new(prefix).unwrap(),
            key: if longest { Some(&long_key) } else { key.as_ref() },
        });
        prop_assert!(policy.chars().count() <= SESSION_POLICY_CHARACTERS, "{}", policy);
        prop_assert!(policy.chars().all(|c| matches!(c, ' '..='\u{ff}')), "{}", policy);
        prop_assert_eq!(PolicyDocument::parse(&policy).unwrap().to_json(), policy);
        prop_assert!(grant_session_policy(&source).len() <= SESSION_POLICY_CHARACTERS);
    }
}

/// A session policy must not take away what its job needs.
#[test]
fn a_session_policy_leaves_what_the_copy_needs() {
    let (source, destination) = (project(SOURCE), project(DESTINATION));
    let prefix = KeyPrefix::new("odd*${x}/prp_1/").unwrap();
    let policy = PolicyDocument::parse(&copy_session_policy(&CopySession {
        source: &source,
        destination: &destination,
        bucket: &"vision-prod-models".parse().unwrap(),
        prefix: &prefix,
        key: None,
    }))
    .unwrap();
    let copied = DESTINATION.replace("inspector/", "inspector/version/v7/");
    for (action, resource, expected) in [
        (COPY, SOURCE, "allowed"),
        (COPY, VERSION, "allowed"),
        (COPY, DESTINATION, "allowed"),
        (
            COPY,
            "arn:aws:rekognition:eu-west-1:333333333333:project/gauges/1",
            "missing",
        ),
        ("rekognition:TagResource", copied.as_str(), "allowed"),
        ("rekognition:TagResource", VERSION, "missing"),
        (
            "s3:PutObject",
            "arn:aws:s3:::vision-prod-models/odd*${x}/prp_1/a",
            "allowed",
        ),
        (
            "s3:PutObject",
            "arn:aws:s3:::vision-prod-models/oddly/prp_1/a",
            "missing",
        ),
        (
            "s3:ListBucket",
            "arn:aws:s3:::vision-prod-models",
            "allowed",
        ),
        ("rekognition:PutProjectPolicy", DESTINATION, "missing"),
    ] {
        let decision = evaluate(&EvaluationRequest {
            principal: &session_of(PROMOTER),
            action,
            resource,
            resource_account: &account("333333333333"),
            context: &ConditionContext::new(),
            identity: &[NamedPolicy {
                name: "all",
                document: &document(&crate::world::identity("Allow", "*", "*")),
            }],
            session: Some(&[NamedPolicy {
                name: "session",
                document: &policy,
            }]),
            resource_policies: &[],
            resource_rule: ResourceRule::IdentityOrResource,
        });
        assert_eq!(word(&decision), expected, "{action} {resource}: {decision}");
    }
}

fn pretty(document: &PolicyDocument) -> String {
    document.to_json().replace("},{", "},\n{")
}
