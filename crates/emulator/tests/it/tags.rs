//! Tags of projects and versions.

use crate::support::{Aws, DEV, PROD, REGION, allow, code, start};
use serde_json::json;
use std::collections::HashMap;

async fn owner(aws: &Aws) -> aws_sdk_rekognition::Client {
    aws.rekognition(aws.user(DEV, allow(&["rekognition:*"], &["*"])).await)
}

async fn listed(client: &aws_sdk_rekognition::Client, arn: &str) -> HashMap<String, String> {
    let answer = client
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await
        .unwrap();
    answer.tags().unwrap().clone()
}

#[tokio::test]
async fn tags_are_added_changed_and_removed() {
    let aws = start().await;
    let dev = owner(&aws).await;
    let project = aws.project(DEV, "inspector").await;
    let version = aws.version(DEV, "inspector", "v7").await;
    for (arn, seeded) in [(&project, 0), (&version, 1)] {
        assert_eq!(listed(&dev, arn).await.len(), seeded);
        let tag = dev.tag_resource().resource_arn(arn);
        tag.tags("team", "sound")
            .tags("Stage", "")
            .send()
            .await
            .unwrap();
        let tags = listed(&dev, arn).await;
        assert_eq!(
            tags["team"], "sound",
            "a key that is there gets the new value"
        );
        assert_eq!(tags["Stage"], "");
        assert_eq!(tags.len(), 2);
        let untag = dev.untag_resource().resource_arn(arn);
        untag
            .tag_keys("team")
            .tag_keys("not-there")
            .send()
            .await
            .unwrap();
        assert_eq!(listed(&dev, arn).await.len(), 1);
    }
}

#[tokio::test]
async fn a_resource_carries_two_hundred() {
    let aws = start().await;
    let dev = owner(&aws).await;
    let arn = aws.version(DEV, "inspector", "v7").await;
    let many = |from: usize, to: usize| {
        let tags = (from..to).map(|n| (format!("t{n}"), "x".to_owned()));
        let request = dev.tag_resource().resource_arn(&arn);
        request.set_tags(Some(tags.collect())).send()
    };
    many(0, 199).await.unwrap();
    assert_eq!(listed(&dev, &arn).await.len(), 200, "with the seeded one");
    many(0, 199).await.unwrap();
    let error = many(198, 200).await.unwrap_err();
    assert_eq!(code(&error), "ServiceQuotaExceededException");
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    assert_eq!(listed(&dev, &arn).await.len(), 200);
    let error = many(0, 201).await.unwrap_err();
    assert_eq!(code(&error), "InvalidParameterException", "in one request");
}

#[tokio::test]
async fn members_are_held_to_their_shapes() {
    let aws = start().await;
    let dev = owner(&aws).await;
    let arn = aws.version(DEV, "inspector", "v7").await;
    let tag = || dev.tag_resource().resource_arn(&arn);
    let wrong = [
        ("no tags", tag()),
        ("no resource", dev.tag_resource().tags("a", "b")),
        ("short resource", tag().resource_arn("arn").tags("a", "b")),
        ("empty key", tag().tags("", "b")),
        ("long key", tag().tags("x".repeat(129), "b")),
        ("reserved key", tag().tags("aws:a", "b")),
        ("key with a bracket", tag().tags("a<", "b")),
        ("long value", tag().tags("a", "x".repeat(257))),
    ];
    for (what, request) in wrong {
        let error = request.send().await.unwrap_err();
        assert_eq!(code(&error), "InvalidParameterException", "{what}");
    }
    let untag = || dev.untag_resource().resource_arn(&arn);
    let many = (0..201).map(|n| format!("t{n}")).collect();
    let wrong = [
        ("no keys", untag()),
        ("empty key", untag().tag_keys("")),
        ("reserved key", untag().tag_keys("aws:a")),
        ("201 keys", untag().set_tag_keys(Some(many))),
    ];
    for (what, request) in wrong {
        let error = request.send().await.unwrap_err();
        assert_eq!(code(&error), "InvalidParameterException", "{what}");
    }
    let error = dev
        .list_tags_for_resource()
        .resource_arn("arn")
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "InvalidParameterException");
}

#[tokio::test]
async fn what_is_not_there_or_not_the_callers_is_refused() {
    let aws = start().await;
    let dev = owner(&aws).await;
    let version = aws.version(DEV, "inspector", "v7").await;
    let dataset = format!("arn:aws:rekognition:{REGION}:{DEV}:project/inspector/dataset/train/1");
    let cases = [
        (format!("{version}0"), "ResourceNotFoundException"),
        (
            version.replace(REGION, "us-east-1"),
            "ResourceNotFoundException",
        ),
        (dataset, "ResourceNotFoundException"),
        (
            "something with twenty characters".to_owned(),
            "ResourceNotFoundException",
        ),
        (
            aws.project(PROD, "inspector").await,
            "AccessDeniedException",
        ),
        (
            aws.version(PROD, "inspector", "v6").await,
            "AccessDeniedException",
        ),
    ];
    for (arn, expected) in cases {
        let tag = dev.tag_resource().resource_arn(&arn).tags("a", "b");
        assert_eq!(code(&tag.send().await.unwrap_err()), expected, "{arn}");
        let untag = dev.untag_resource().resource_arn(&arn).tag_keys("a");
        assert_eq!(code(&untag.send().await.unwrap_err()), expected, "{arn}");
        let list = dev.list_tags_for_resource().resource_arn(&arn);
        assert_eq!(code(&list.send().await.unwrap_err()), expected, "{arn}");
        if expected == "AccessDeniedException" {
            let reason = aws.last_reason().await;
            assert!(reason.contains("no resource policy allows"), "{reason}");
        }
    }
    let reader = aws.as_role(DEV, "reader").await;
    let tag = reader.tag_resource().resource_arn(&version).tags("a", "b");
    assert_eq!(
        code(&tag.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let untag = reader.untag_resource().resource_arn(&version).tag_keys("a");
    assert_eq!(
        code(&untag.send().await.unwrap_err()),
        "AccessDeniedException"
    );
}

#[tokio::test]
async fn conditions_on_tags_are_judged() {
    let aws = start().await;
    let version = aws.version(DEV, "inspector", "v7").await;
    let other = aws.version(DEV, "inspector", "v6").await;
    let mut policy = allow(&["rekognition:*"], &["*"]);
    policy["Statement"][0]["Condition"] = json!({
        "StringEquals": { "aws:ResourceTag/team": "vision" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["stage"] },
    });
    let dev = aws.rekognition(aws.user(DEV, policy).await);
    let tag = |arn: &str, key: &str| dev.tag_resource().resource_arn(arn).tags(key, "x").send();
    tag(&version, "stage").await.unwrap();
    for (arn, key) in [(&version, "cost"), (&other, "stage")] {
        let error = tag(arn, key).await.unwrap_err();
        assert_eq!(code(&error), "AccessDeniedException", "{arn} {key}");
    }
    let untag = |key: &str| dev.untag_resource().resource_arn(&version).tag_keys(key);
    let error = untag("team").send().await.unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
    untag("stage").send().await.unwrap();
    let delete = dev.delete_project_version().project_version_arn(&other);
    assert_eq!(
        code(&delete.send().await.unwrap_err()),
        "AccessDeniedException",
        "a version without the tag"
    );
    let delete = dev.delete_project_version().project_version_arn(&version);
    delete.send().await.unwrap();
}
