//! The whole flow: grant, copy, watch, look, revoke.

use crate::support::{COPY_SECONDS, DEV, PROD, PROD_KEY, REGION, code, output, role, start};
use aws_sdk_rekognition::types::ProjectVersionStatus::{CopyingCompleted, CopyingInProgress};
use serde_json::json;

#[tokio::test]
async fn a_granted_copy_runs_and_completes() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    let revision = aws.grant(&source).await;
    assert_eq!(revision.len(), 32);

    let prod = aws.as_role(PROD, "promoter").await;
    let answer = aws
        .copy(&prod, &source, "v7")
        .await
        .kms_key_id(PROD_KEY)
        .tags("customhouse:proposal", "p1")
        .send()
        .await
        .unwrap();
    let arn = answer.project_version_arn().unwrap();
    let start_of_arn = format!("arn:aws:rekognition:{REGION}:{PROD}:project/inspector/version/v7/");
    assert!(arn.starts_with(&start_of_arn), "{arn}");

    let copying = aws.described("v7").await.unwrap();
    assert_eq!(copying.status(), Some(&CopyingInProgress));
    assert_eq!(copying.source_project_version_arn(), Some(source.as_str()));
    assert_eq!(copying.kms_key_id(), Some(PROD_KEY));
    let place = copying.output_config().unwrap();
    assert_eq!(place.s3_bucket(), Some("vision-prod-models"));
    assert_eq!(place.s3_key_prefix(), Some("inspector/p1/"));

    aws.advance(COPY_SECONDS - 500.0).await;
    assert_eq!(
        aws.described("v7").await.unwrap().status(),
        Some(&CopyingInProgress)
    );
    aws.advance(501.0).await;
    let copied = aws.described("v7").await.unwrap();
    assert_eq!(copied.status(), Some(&CopyingCompleted));
    assert_eq!(copied.evaluation_result().unwrap().f1_score(), Some(0.931));

    let reader = aws.as_role(PROD, "reader").await;
    let tags = reader
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await
        .unwrap();
    assert_eq!(tags.tags().unwrap()["customhouse:proposal"], "p1");

    let project = aws.project(DEV, "inspector").await;
    let dev = aws.as_role(DEV, "promoter").await;
    let listed = dev
        .list_project_policies()
        .project_arn(&project)
        .send()
        .await
        .unwrap();
    let [policy] = listed.project_policies() else {
        panic!("one policy")
    };
    assert_eq!(policy.policy_revision_id(), Some(revision.as_str()));
    dev.delete_project_policy()
        .project_arn(&project)
        .policy_name("grant")
        .policy_revision_id(&revision)
        .send()
        .await
        .unwrap();
    let left = dev
        .list_project_policies()
        .project_arn(&project)
        .send()
        .await
        .unwrap();
    assert!(left.project_policies().is_empty());
}

#[tokio::test]
async fn the_ledger_names_who_asked_what_and_which_statement_decided() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let prod = aws.as_role(PROD, "promoter").await;
    aws.copy(&prod, &source, "v7").await.send().await.unwrap();

    let calls = aws.calls("CopyProjectVersion").await;
    let [call] = calls.as_slice() else {
        panic!("one call")
    };
    assert_eq!(call["account"], PROD);
    assert_eq!(call["region"], REGION);
    assert_eq!(
        call["principal"],
        "arn:aws:sts::333333333333:assumed-role/customhouse-promoter/test"
    );
    assert_eq!(call["parameters"]["VersionName"], "v7");
    assert_eq!(call["outcome"]["executed"], true);
    assert_eq!(call["outcome"]["status"], 200);
    assert!(
        call["outcome"]["result"]
            .as_str()
            .unwrap()
            .contains("/version/v7/")
    );
    let decisions = call["decisions"].as_array().unwrap();
    assert!(
        decisions.iter().all(|one| one["allowed"] == true),
        "{decisions:?}"
    );
    let on_source = decisions
        .iter()
        .find(|one| one["resource"] == source.as_str())
        .unwrap();
    let reason = on_source["reason"].as_str().unwrap();
    assert!(
        reason.contains("\"Grant\""),
        "names the project policy's statement: {reason}"
    );
    assert!(
        reason.contains("\"CopyVersions\""),
        "and the role's: {reason}"
    );
    let write = decisions
        .iter()
        .find(|one| one["action"] == "s3:PutObject")
        .unwrap();
    assert!(
        write["resource"]
            .as_str()
            .unwrap()
            .starts_with("arn:aws:s3:::vision-prod-models/inspector/p1/")
    );
}

#[tokio::test]
async fn the_example_of_the_reference_page_is_accepted() {
    let aws = start().await;
    aws.merge(json!({ "account": [
        { "id": "111122223333", "project": [{
            "region": REGION, "name": "SourceProject", "created_ms": 16_565_123_456_u64,
            "policies": [{ "name": "page", "document": json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "AWS": role(PROD, "promoter") },
                    "Action": "rekognition:CopyProjectVersion",
                    "Resource": "arn:aws:rekognition:eu-west-1:111122223333:project/SourceProject/version/*",
                }],
            }).to_string() }],
            "version": [{ "name": "model_1", "created_ms": 1_656_611_123_456_u64, "status": "TRAINING_COMPLETED" }],
        }] },
        { "id": PROD, "key": [
            { "region": REGION, "id": "1234abcd-12ab-34cd-56ef-1234567890ab" },
        ], "role": [{ "name": "customhouse-promoter", "policy": json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Action": ["rekognition:*", "s3:*", "kms:*"], "Resource": "*" }],
        }).to_string() }] },
    ] }))
    .await;

    let prod = aws.as_role(PROD, "promoter").await;
    let answer = prod
        .copy_project_version()
        .source_project_arn("arn:aws:rekognition:eu-west-1:111122223333:project/SourceProject/16565123456")
        .source_project_version_arn(
            "arn:aws:rekognition:eu-west-1:111122223333:project/SourceProject/version/model_1/1656611123456",
        )
        .destination_project_arn(aws.project(PROD, "inspector").await)
        .version_name("DestinationVersionName_cross_account")
        .output_config(output("vision-prod-models", "DestinationPrefix"))
        .kms_key_id("arn:1234abcd-12ab-34cd-56ef-1234567890ab")
        .send()
        .await
        .unwrap();
    let arn = answer.project_version_arn().unwrap();
    assert!(
        arn.contains("/version/DestinationVersionName_cross_account/"),
        "{arn}"
    );
}

#[tokio::test]
async fn a_copy_within_one_account_needs_no_policy_but_minds_a_deny() {
    let aws = start().await;
    let source = aws.version(PROD, "inspector", "v6").await;
    let project = aws.project(PROD, "inspector").await;
    let prod = aws.as_role(PROD, "promoter").await;
    let copy = |name: &'static str| {
        prod.copy_project_version()
            .source_project_arn(&project)
            .source_project_version_arn(&source)
            .destination_project_arn(&project)
            .version_name(name)
            .output_config(output("vision-prod-models", "x"))
            .send()
    };
    copy("again").await.unwrap();

    prod.put_project_policy()
        .project_arn(&project)
        .policy_name("deny")
        .policy_document(
            json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Deny",
                    "Principal": { "AWS": role(PROD, "promoter") },
                    "Action": "rekognition:CopyProjectVersion",
                    "Resource": source,
                }],
            })
            .to_string(),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(
        code(&copy("denied").await.unwrap_err()),
        "AccessDeniedException"
    );
}
