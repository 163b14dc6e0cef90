//! What AWS refuses is shown with the permission that it wants, until it is mended.

use serde_json::json;

use crate::support::Console;

/// Gives the reader of prod exactly these actions.
async fn allow(console: &Console, actions: &[&str]) {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }],
    });
    let role = json!({ "name": "customhouse-reader", "policy": policy.to_string() });
    let account = json!({ "id": "333333333333", "role": [role] });
    console.aws.merge(json!({ "account": [account] })).await;
}

async fn page(console: &Console) -> String {
    let answer = console.get("/accounts/333333333333").await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_missing_permission_is_named_until_the_role_has_it() {
    let console = Console::start().await;
    console.refresh().await;
    assert!(!page(&console).await.contains("lacks"));
    allow(&console, &["rekognition:DescribeProjects"]).await;
    console.refresh().await;
    let text = page(&console).await;
    for said in [
        "lacks",
        "rekognition:DescribeProjectVersions",
        "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/",
        "AccessDeniedException",
        "Add this permission to the role.",
    ] {
        assert!(text.contains(said), "{said:?} is missing");
    }
    let both = [
        "rekognition:DescribeProjects",
        "rekognition:DescribeProjectVersions",
    ];
    allow(&console, &both).await;
    console.refresh().await;
    assert!(!page(&console).await.contains("lacks"), "it is mended");
    console.stop().await.unwrap();
}
