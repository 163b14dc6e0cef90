//! Counts and calls per second.

use crate::support::{
    Aws, DEV, PROD, allow, code, demo, grant_document, outcome, role, start, start_stopped,
    start_world,
};
use serde_json::json;

#[tokio::test]
async fn a_project_holds_so_many_models_and_no_more() {
    let aws = start().await;
    aws.merge(json!({ "quotas": { "models_per_project": 2 } }))
        .await;
    aws.put_policy(&grant_document(&role(PROD, "promoter"), "*"))
        .await
        .unwrap();
    let source = aws.version(DEV, "inspector", "v7").await;
    let prod = aws.as_role(PROD, "promoter").await;
    aws.copy(&prod, &source, "second")
        .await
        .send()
        .await
        .unwrap();
    let error = aws
        .copy(&prod, &source, "third")
        .await
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ServiceQuotaExceededException");
}

/// Calls until one is refused; at most `most`.
async fn calls_until_refused(aws: &Aws, most: usize) -> (usize, String) {
    let reader = aws.as_role(DEV, "reader").await;
    for taken in 0..most {
        if let Err(error) = reader.describe_projects().send().await {
            return (taken, code(&error));
        }
    }
    (most, "none".to_owned())
}

#[tokio::test]
async fn calls_beyond_the_quota_are_refused_and_time_gives_them_back() {
    // A rate low enough that the calls of this test fall well within one second's share.
    let aws = start_world(&demo().replace("quota_tps = 0", "quota_tps = 1")).await;
    let (taken, error) = calls_until_refused(&aws, 50).await;
    assert!((1..50).contains(&taken), "{taken}");
    assert_eq!(error, "ProvisionedThroughputExceededException");
    aws.advance(2.0).await;
    aws.as_role(DEV, "reader")
        .await
        .describe_projects()
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn tagging_has_twice_the_calls_and_every_account_region_and_operation_its_own() {
    let second = demo().replace("quota_tps = 0", "quota_tps = 5");
    let aws = start_stopped(&second).await;
    let arn = aws.project(DEV, "inspector").await;
    let policy = allow(&["rekognition:*"], &["*"]);
    let user = aws.user(DEV, policy.clone()).await;
    let dev = aws.rekognition(user.clone());
    let virginia = aws.rekognition_in(user, "us-east-1");
    let prod = aws.rekognition(aws.user(PROD, policy).await);
    let mut taken = Vec::new();
    for operation in 0..6 {
        let mut calls = 0;
        loop {
            let answered = match operation {
                0 => outcome(
                    dev.tag_resource()
                        .resource_arn(&arn)
                        .tags("a", "b")
                        .send()
                        .await,
                ),
                1 => outcome(
                    dev.untag_resource()
                        .resource_arn(&arn)
                        .tag_keys("a")
                        .send()
                        .await,
                ),
                2 => outcome(dev.list_tags_for_resource().resource_arn(&arn).send().await),
                3 => outcome(dev.describe_projects().send().await),
                4 => outcome(virginia.describe_projects().send().await),
                _ => outcome(prod.describe_projects().send().await),
            };
            if answered == "ProvisionedThroughputExceededException" {
                break;
            }
            assert_eq!(answered, "accepted", "{operation}");
            calls += 1;
        }
        taken.push(calls);
    }
    assert_eq!(taken, [10, 10, 10, 5, 5, 5]);
    let call = aws.last_call().await;
    assert_eq!(call["outcome"]["status"], 400);
    aws.advance(0.2).await;
    assert_eq!(outcome(dev.describe_projects().send().await), "accepted");
    let again = outcome(dev.describe_projects().send().await);
    assert_eq!(again, "ProvisionedThroughputExceededException");
}
