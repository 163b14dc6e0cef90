//! Each assumption under the values that are not its default.

use crate::support::{
    Aws, COPY_SECONDS, DEV, PROD, REGION, STAGING, allow, code, grant_document, output, role,
    start_assuming,
};
use aws_sdk_rekognition::types::ProjectVersionStatus::{
    CopyingCompleted, CopyingFailed, CopyingInProgress,
};
use serde_json::json;

/// A world under `assumption`, with a grant of `v7` for prod, and the granted version.
async fn granted(assumption: &str) -> (Aws, String) {
    let aws = start_assuming(assumption).await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    (aws, source)
}

/// The error of prod's promoter copying `source` as `name`, or "accepted".
async fn copied(aws: &Aws, source: &str, name: &str) -> String {
    let prod = aws.as_role(PROD, "promoter").await;
    match aws.copy(&prod, source, name).await.send().await {
        Ok(_) => "accepted".to_owned(),
        Err(error) => code(&error),
    }
}

#[tokio::test]
async fn duplicate_version_name() {
    for error in [
        "ResourceAlreadyExistsException",
        "InvalidParameterException",
        "LimitExceededException",
    ] {
        let (aws, source) = granted(&format!("duplicate_version_name = \"{error}\"")).await;
        assert_eq!(copied(&aws, &source, "v6").await, error);
    }
}

#[tokio::test]
async fn describe_delay_ms() {
    let (aws, source) = granted("describe_delay_ms = 300000").await;
    assert_eq!(copied(&aws, &source, "v7").await, "accepted");
    assert!(aws.described("v7").await.is_none());
    assert_eq!(
        copied(&aws, &source, "v7").await,
        "ResourceInUseException",
        "its name is taken"
    );
    aws.advance(301.0).await;
    assert_eq!(
        aws.described("v7").await.unwrap().status(),
        Some(&CopyingInProgress)
    );
}

#[tokio::test]
async fn chained_copy_names() {
    for (setting, from_dev) in [("source", false), ("origin", true)] {
        let (aws, source) = granted(&format!("chained_copy_names = \"{setting}\"")).await;
        assert_eq!(copied(&aws, &source, "v7").await, "accepted");
        aws.advance(COPY_SECONDS + 1.0).await;
        let first = aws.described("v7").await.unwrap();
        let middle = first.project_version_arn().unwrap().to_owned();
        let project = aws.project(PROD, "inspector").await;
        let prod = aws.as_role(PROD, "promoter").await;
        prod.copy_project_version()
            .source_project_arn(&project)
            .source_project_version_arn(&middle)
            .destination_project_arn(&project)
            .version_name("second-hop")
            .output_config(output("vision-prod-models", "x"))
            .send()
            .await
            .unwrap();
        let second = aws.described("second-hop").await.unwrap();
        let expected = if from_dev { &source } else { &middle };
        assert_eq!(
            second.source_project_version_arn(),
            Some(expected.as_str()),
            "{setting}"
        );
    }
}

#[tokio::test]
async fn copy_output_config() {
    for (setting, bucket) in [("source", Some("vision-dev-models")), ("absent", None)] {
        let (aws, source) = granted(&format!("copy_output_config = \"{setting}\"")).await;
        assert_eq!(copied(&aws, &source, "v7").await, "accepted");
        let version = aws.described("v7").await.unwrap();
        let shown = version
            .output_config()
            .and_then(|output| output.s3_bucket());
        assert_eq!(shown, bucket, "{setting}");
    }
}

#[tokio::test]
async fn tags_visible() {
    let (aws, source) = granted("tags_visible = false").await;
    assert_eq!(copied(&aws, &source, "v7").await, "accepted");
    let version = aws.described("v7").await.unwrap();
    let reader = aws.as_role(PROD, "reader").await;
    let arn = version.project_version_arn().unwrap();
    let error = reader
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
}

#[tokio::test]
async fn policy_needed() {
    for (setting, status) in [("at_call", CopyingCompleted), ("until_done", CopyingFailed)] {
        let (aws, source) = granted(&format!("policy_needed = \"{setting}\"")).await;
        assert_eq!(copied(&aws, &source, "v7").await, "accepted");
        let project = aws.project(DEV, "inspector").await;
        let dev = aws.as_role(DEV, "promoter").await;
        dev.delete_project_policy()
            .project_arn(project)
            .policy_name("grant")
            .send()
            .await
            .unwrap();
        aws.advance(COPY_SECONDS + 1.0).await;
        assert_eq!(
            aws.described("v7").await.unwrap().status(),
            Some(&status),
            "{setting}"
        );
    }
}

#[tokio::test]
async fn policy_needed_to_the_end_sees_the_tags_of_the_request() {
    let (aws, source) = granted("policy_needed = \"until_done\"").await;
    let mut policy = allow(&["rekognition:*", "s3:*"], &["*"]);
    policy["Statement"][0]["Condition"] =
        json!({ "StringEquals": { "aws:RequestTag/team": "vision" } });
    aws.merge(json!({ "account": [{ "id": PROD,
        "role": [{ "name": "customhouse-promoter", "policy": policy.to_string() }] }] }))
        .await;
    let prod = aws.as_role(PROD, "promoter").await;
    let copy = aws.copy(&prod, &source, "v7").await.tags("team", "vision");
    copy.send().await.unwrap();
    aws.advance(COPY_SECONDS + 1.0).await;
    let described = aws.described("v7").await.unwrap();
    assert_eq!(described.status(), Some(&CopyingCompleted));
}

#[tokio::test]
async fn forms_of_a_project_policy() {
    let document = |change: serde_json::Value| {
        let mut document: serde_json::Value =
            serde_json::from_str(&grant_document(&role(PROD, "promoter"), "*")).unwrap();
        for (key, value) in change.as_object().unwrap() {
            document["Statement"][0][key] = value.clone();
        }
        document.to_string()
    };
    let exact = format!("arn:aws:rekognition:{REGION}:{DEV}:project/inspector/version/v7/1");
    let condition =
        json!({ "Condition": { "DateLessThan": { "aws:CurrentTime": "2100-01-01T00:00:00Z" } } });
    let one = role(PROD, "promoter");
    let two = json!({ "Principal": { "AWS": [one, role(STAGING, "promoter")] } });
    let root = json!({ "Principal": { "AWS": "arn:aws:iam::333333333333:root" } });
    let cases = [
        ("policy_conditions", "refused", condition.clone(), false),
        ("policy_conditions", "accepted", condition, true),
        ("policy_resource_star", "refused", json!({}), false),
        (
            "policy_resource_star",
            "refused",
            json!({ "Resource": exact }),
            true,
        ),
        (
            "policy_principals_beyond_one_role",
            "refused",
            two.clone(),
            false,
        ),
        ("policy_principals_beyond_one_role", "refused", root, false),
        (
            "policy_principals_beyond_one_role",
            "refused",
            json!({}),
            true,
        ),
        ("policy_principals_beyond_one_role", "accepted", two, true),
        (
            "policy_effect_upper_case",
            "accepted",
            json!({ "Effect": "ALLOW" }),
            true,
        ),
    ];
    for (key, value, change, accepted) in cases {
        let aws = start_assuming(&format!("{key} = \"{value}\"")).await;
        let put = aws.put_policy(&document(change.clone())).await;
        assert_eq!(put.is_ok(), accepted, "{key} = {value}: {change}");
        if let Err(error) = put {
            assert_eq!(error, "MalformedPolicyDocumentException", "{key} = {value}");
        }
        if key == "policy_effect_upper_case" {
            let source = aws.version(DEV, "inspector", "v7").await;
            assert_eq!(
                copied(&aws, &source, "v7").await,
                "accepted",
                "ALLOW allows"
            );
            let twice = document(json!({}));
            let twice = twice.replace(r#""Effect":"#, r#""Effect":"DENY","Effect":"#);
            let refused = aws.put_policy(&twice).await.unwrap_err();
            assert_eq!(refused, "MalformedPolicyDocumentException", "{twice}");
        }
    }
}

#[tokio::test]
async fn error_codes() {
    let (aws, _) = granted("uncopyable_source = \"ResourceInUseException\"").await;
    aws.post("reset", json!({})).await;
    aws.put_policy(&grant_document(&role(PROD, "promoter"), "*"))
        .await
        .unwrap();
    let training = aws.version(DEV, "inspector", "v8").await;
    assert_eq!(
        copied(&aws, &training, "v8").await,
        "ResourceInUseException"
    );

    let (aws, source) = granted("shape_violation = \"ValidationException\"").await;
    assert_eq!(copied(&aws, &source, "v 7").await, "ValidationException");

    let (aws, source) =
        granted("put_without_revision = \"InvalidPolicyRevisionIdException\"").await;
    let again = aws
        .put_policy(&grant_document(&role(PROD, "promoter"), &source))
        .await;
    assert_eq!(again.unwrap_err(), "InvalidPolicyRevisionIdException");

    let aws = start_assuming("sixth_policy = \"ServiceQuotaExceededException\"").await;
    aws.merge(json!({ "quotas": { "policies_per_project": 0 } }))
        .await;
    let sixth = aws
        .put_policy(&grant_document(&role(PROD, "promoter"), "*"))
        .await;
    assert_eq!(sixth.unwrap_err(), "ServiceQuotaExceededException");
}

#[tokio::test]
async fn concurrent_copies() {
    let (aws, source) = granted("concurrent_copies = 1").await;
    assert_eq!(copied(&aws, &source, "one").await, "accepted");
    assert_eq!(copied(&aws, &source, "two").await, "LimitExceededException");
    aws.advance(COPY_SECONDS + 1.0).await;
    assert_eq!(copied(&aws, &source, "two").await, "accepted");
}

#[tokio::test]
async fn s3_kms_checked() {
    let (aws, source) = granted("s3_kms_checked = \"late\"").await;
    let prod = aws.as_role(PROD, "promoter").await;
    let copy = aws
        .copy(&prod, &source, "v7")
        .await
        .output_config(output("no-such-bucket", "x"));
    copy.send().await.unwrap();
    aws.advance(COPY_SECONDS + 1.0).await;
    let failed = aws.described("v7").await.unwrap();
    assert_eq!(failed.status(), Some(&CopyingFailed));
    assert!(failed.status_message().unwrap().contains("no-such-bucket"));
}

#[tokio::test]
async fn late_s3_uses_callers_session() {
    let (aws, source) = granted("late_s3_uses_callers_session = true").await;
    aws.merge(json!({ "copy_seconds": 7200.0 })).await;
    assert_eq!(copied(&aws, &source, "v7").await, "accepted");
    aws.advance(7201.0).await;
    assert_eq!(
        aws.described("v7").await.unwrap().status(),
        Some(&CopyingFailed)
    );
}

#[tokio::test]
async fn copied_details() {
    let (aws, source) = granted("copied_details = \"blank\"").await;
    assert_eq!(copied(&aws, &source, "v7").await, "accepted");
    assert!(
        aws.described("v7")
            .await
            .unwrap()
            .evaluation_result()
            .is_none()
    );
}

#[tokio::test]
async fn copy_identity_projects() {
    let copier = |projects: &[&str]| {
        let mut resources = vec![format!(
            "arn:aws:rekognition:{REGION}:{DEV}:project/inspector/version/*"
        )];
        resources.extend(
            projects.iter().map(|account| {
                format!("arn:aws:rekognition:{REGION}:{account}:project/inspector/1*")
            }),
        );
        json!({ "account": [{ "id": PROD, "role": [{ "name": "customhouse-promoter", "policy": json!({
            "Version": "2012-10-17",
            "Statement": [
                { "Effect": "Allow", "Action": "rekognition:CopyProjectVersion", "Resource": resources },
                { "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*" },
            ],
        }).to_string() }] }] })
    };
    let cases: [(&str, &[&str], bool); 6] = [
        ("both", &[DEV, PROD], true),
        ("both", &[PROD], false),
        ("source", &[DEV], true),
        ("source", &[PROD], false),
        ("destination", &[PROD], true),
        ("destination", &[DEV], false),
    ];
    for (setting, projects, allowed) in cases {
        let (aws, source) = granted(&format!("copy_identity_projects = \"{setting}\"")).await;
        aws.merge(copier(projects)).await;
        let expected = if allowed {
            "accepted"
        } else {
            "AccessDeniedException"
        };
        assert_eq!(
            copied(&aws, &source, "v7").await,
            expected,
            "{setting}: {projects:?}"
        );
    }
}

#[tokio::test]
async fn tags_need_tag_resource() {
    for (setting, expected) in [(false, "accepted"), (true, "AccessDeniedException")] {
        let (aws, source) = granted(&format!("tags_need_tag_resource = {setting}")).await;
        aws.merge(json!({ "account": [{ "id": PROD, "role": [{ "name": "customhouse-promoter", "policy": json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Resource": "*",
                            "Action": ["rekognition:CopyProjectVersion", "s3:PutObject"] }],
        }).to_string() }] }] }))
        .await;
        assert_eq!(
            copied(&aws, &source, "plain").await,
            "accepted",
            "without tags"
        );
        let prod = aws.as_role(PROD, "promoter").await;
        let result = aws
            .copy(&prod, &source, "tagged")
            .await
            .tags("team", "vision")
            .send()
            .await;
        let outcome = result.map_or_else(|error| code(&error), |_| "accepted".to_owned());
        assert_eq!(outcome, expected, "{setting}");
    }
}

#[tokio::test]
async fn source_key_rights_needed() {
    let key = json!({ "account": [{ "id": DEV,
        "key": [{ "region": REGION, "id": "trained-with" }],
        "project": [{ "region": REGION, "name": "inspector", "version": [{
            "name": "v7", "kms_key": format!("arn:aws:kms:{REGION}:{DEV}:key/trained-with"),
        }] }],
    }] });
    for (setting, expected) in [(false, "accepted"), (true, "AccessDeniedException")] {
        let (aws, source) = granted(&format!("source_key_rights_needed = {setting}")).await;
        aws.merge(key.clone()).await;
        assert_eq!(copied(&aws, &source, "v7").await, expected, "{setting}");
    }
}
