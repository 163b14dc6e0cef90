//! What the ledger says of refusals: the statement that decided, what was missing, or the element
//! that could not be judged.

use crate::support::{
    COPY_SECONDS, DEV, PROD, REGION, allow, code, grant_document, role, start, start_assuming,
};
use serde_json::json;

#[tokio::test]
async fn a_refusal_names_the_statement_that_denied() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let mut policy = allow(&["rekognition:*"], &["*"]);
    policy["Statement"].as_array_mut().unwrap().push(json!({
        "Sid": "NoPolicies", "Effect": "Deny", "Action": "rekognition:*ProjectPolicy", "Resource": "*",
    }));
    let dev = aws.rekognition(aws.user(DEV, policy).await);
    let put = dev.put_project_policy().project_arn(&project);
    let put = put.policy_name("p").policy_document("{}");
    assert_eq!(
        code(&put.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let call = aws.last_call().await;
    let decision = &call["decisions"][0];
    assert_eq!(decision["action"], "rekognition:PutProjectPolicy");
    assert_eq!(decision["resource"], project.as_str());
    assert_eq!(decision["allowed"], false);
    assert_eq!(
        decision["reason"],
        "Denied by statement \"NoPolicies\" of identity policy \"tester\""
    );
    assert_eq!(call["outcome"]["executed"], false);
    assert_eq!(call["outcome"]["status"], 400);
}

#[tokio::test]
async fn a_refusal_names_the_element_that_cannot_be_judged() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    let mut document: serde_json::Value =
        serde_json::from_str(&grant_document(&role(PROD, "promoter"), &source)).unwrap();
    document["Statement"][0]["Condition"] =
        json!({ "StringSounds": { "aws:RequestedRegion": REGION } });
    aws.put_policy(&document.to_string()).await.unwrap();
    let prod = aws.as_role(PROD, "promoter").await;
    let copy = aws.copy(&prod, &source, "v7").await;
    assert_eq!(
        code(&copy.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let reason = aws.last_reason().await;
    assert!(reason.starts_with("Cannot tell: "), "{reason}");
    assert!(
        reason.contains("StringSounds") && reason.contains("\"Grant\""),
        "{reason}"
    );
}

#[tokio::test]
async fn a_refusal_that_no_policy_decided_says_what_did() {
    let aws = start_assuming("tags_visible = false").await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let prod = aws.as_role(PROD, "promoter").await;
    let copied = aws.copy(&prod, &source, "v7").await.send().await.unwrap();
    aws.advance(COPY_SECONDS + 1.0).await;
    let reader = aws.as_role(PROD, "reader").await;
    let list = reader.list_tags_for_resource();
    let list = list.resource_arn(copied.project_version_arn().unwrap());
    assert_eq!(
        code(&list.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let reason = aws.last_reason().await;
    assert!(reason.contains("tags_visible"), "{reason}");

    let foreign = aws.project(DEV, "inspector").await;
    let into = aws.copy(&prod, &source, "v8").await;
    let into = into.destination_project_arn(foreign);
    assert_eq!(
        code(&into.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let reason = aws.last_reason().await;
    assert!(reason.contains("another account"), "{reason}");
}

#[tokio::test]
async fn what_is_not_about_permissions_is_told_by_error_and_message() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let reader = aws.as_role(DEV, "reader").await;
    let list = reader.list_project_policies().project_arn(project);
    list.max_results(6).send().await.unwrap_err();
    let call = aws.last_call().await;
    assert_eq!(call["outcome"]["error"], "ValidationException");
    assert!(
        call["outcome"]["message"]
            .as_str()
            .unwrap()
            .contains("less than or equal to 5")
    );
    assert_eq!(call["decisions"], json!([]), "it was not looked at");
}

#[tokio::test]
async fn a_condition_on_the_resources_account_sees_whose_it_is() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    for (accounts, expected) in [(vec![DEV, PROD], true), (vec![PROD], false)] {
        let mut policy = allow(&["rekognition:*", "s3:*"], &["*"]);
        policy["Statement"][0]["Condition"] =
            json!({ "StringEquals": { "aws:ResourceAccount": accounts } });
        aws.merge(json!({ "account": [{ "id": PROD,
            "role": [{ "name": "customhouse-promoter", "policy": policy.to_string() }] }] }))
            .await;
        let prod = aws.as_role(PROD, "promoter").await;
        let copy = aws.copy(&prod, &source, "v7").await.send().await;
        assert_eq!(copy.is_ok(), expected, "{accounts:?}");
    }
}
