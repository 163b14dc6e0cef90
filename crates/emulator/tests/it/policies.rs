//! Project policies: revisions, counts and what a document may hold.

use crate::support::{DEV, PROD, STAGING, code, grant_document, outcome, role, start};
use serde_json::json;

#[tokio::test]
async fn revisions_guard_against_lost_changes() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let dev = aws.as_role(DEV, "promoter").await;
    let document = grant_document(&role(PROD, "promoter"), "*");
    let put = |name: &str, revision: Option<&str>| {
        dev.put_project_policy()
            .project_arn(&project)
            .policy_name(name)
            .policy_document(&document)
            .set_policy_revision_id(revision.map(str::to_owned))
            .send()
    };
    let first = put("p", None)
        .await
        .unwrap()
        .policy_revision_id()
        .unwrap()
        .to_owned();
    assert_eq!(
        code(&put("p", None).await.unwrap_err()),
        "ResourceAlreadyExistsException"
    );
    let stale = "00000000000000000000000000000000";
    assert_eq!(
        code(&put("p", Some(stale)).await.unwrap_err()),
        "InvalidPolicyRevisionIdException"
    );
    assert_eq!(
        code(&put("q", Some(stale)).await.unwrap_err()),
        "InvalidPolicyRevisionIdException"
    );
    let second = put("p", Some(&first))
        .await
        .unwrap()
        .policy_revision_id()
        .unwrap()
        .to_owned();
    assert_ne!(first, second);

    let delete = |name: &str, revision: Option<&str>| {
        dev.delete_project_policy()
            .project_arn(&project)
            .policy_name(name)
            .set_policy_revision_id(revision.map(str::to_owned))
            .send()
    };
    assert_eq!(
        code(&delete("p", Some(&first)).await.unwrap_err()),
        "InvalidPolicyRevisionIdException"
    );
    assert_eq!(
        code(&delete("q", None).await.unwrap_err()),
        "ResourceNotFoundException"
    );
    delete("p", None).await.unwrap();
    assert_eq!(
        code(&delete("p", None).await.unwrap_err()),
        "ResourceNotFoundException"
    );
}

#[tokio::test]
async fn a_project_takes_five_policies() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let dev = aws.as_role(DEV, "promoter").await;
    let put = |name: String| {
        dev.put_project_policy()
            .project_arn(&project)
            .policy_name(name)
            .policy_document(grant_document(&role(PROD, "promoter"), "*"))
            .send()
    };
    for number in 1..=5 {
        put(format!("p{number}")).await.unwrap();
    }
    assert_eq!(
        code(&put("p6".to_owned()).await.unwrap_err()),
        "LimitExceededException"
    );
    let listed = dev
        .list_project_policies()
        .project_arn(&project)
        .max_results(2)
        .send()
        .await
        .unwrap();
    assert_eq!(listed.project_policies().len(), 2);
    assert!(listed.next_token().is_some());
}

#[tokio::test]
async fn documents_are_kept_as_sent_and_held_to_the_grammar() {
    let aws = start().await;
    let good = grant_document(&role(PROD, "promoter"), "*");
    let statement = |change: serde_json::Value| {
        let mut document: serde_json::Value = serde_json::from_str(&good).unwrap();
        for (key, value) in change.as_object().unwrap() {
            if value.is_null() {
                document["Statement"][0]
                    .as_object_mut()
                    .unwrap()
                    .remove(key);
            } else {
                document["Statement"][0][key] = value.clone();
            }
        }
        document.to_string()
    };
    let wrong = [
        ("not JSON", "{".to_owned()),
        (
            "no statement",
            r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned(),
        ),
        (
            "another action",
            statement(json!({ "Action": "rekognition:*" })),
        ),
        (
            "NotAction",
            statement(json!({ "Action": null, "NotAction": "rekognition:DeleteProject" })),
        ),
        ("no principal", statement(json!({ "Principal": null }))),
        ("no resource", statement(json!({ "Resource": null }))),
        (
            "resource that is no ARN",
            statement(json!({ "Resource": "inspector" })),
        ),
        (
            "effect in capitals",
            statement(json!({ "Effect": "ALLOW" })),
        ),
        ("unknown member", statement(json!({ "Comment": "x" }))),
    ];
    for (what, document) in wrong {
        assert_eq!(
            aws.put_policy(&document).await.unwrap_err(),
            "MalformedPolicyDocumentException",
            "{what}: {document}"
        );
    }
    for (what, document) in [
        (
            "2001 characters",
            format!("{good}{}", " ".repeat(2001 - good.chars().count())),
        ),
        ("beyond Latin-1", statement(json!({ "Sid": "ł" }))),
    ] {
        assert_eq!(
            aws.put_policy(&document).await.unwrap_err(),
            "InvalidParameterException",
            "{what}"
        );
    }
    let full = format!("{good}{}", " ".repeat(2000 - good.chars().count()));
    aws.put_policy(&full).await.unwrap();
    let project = aws.project(DEV, "inspector").await;
    let reader = aws.as_role(DEV, "reader").await;
    let listed = reader
        .list_project_policies()
        .project_arn(&project)
        .send()
        .await
        .unwrap();
    assert_eq!(
        listed.project_policies()[0].policy_document(),
        Some(full.as_str())
    );
}

#[tokio::test]
async fn only_the_projects_own_account_reads_and_writes_them() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let other = aws.as_role(STAGING, "promoter").await;
    let error = other
        .put_project_policy()
        .project_arn(&project)
        .policy_name("p")
        .policy_document(grant_document(&role(PROD, "promoter"), "*"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
    for stranger in [aws.as_role(STAGING, "reader").await, other] {
        let versions = stranger.describe_project_versions().project_arn(&project);
        assert_eq!(outcome(versions.send().await), "AccessDeniedException");
        let list = stranger.list_project_policies().project_arn(&project);
        assert_eq!(outcome(list.send().await), "AccessDeniedException");
    }
    let reader = aws.as_role(DEV, "reader").await;
    let error = reader
        .delete_project_policy()
        .project_arn(&project)
        .policy_name("p")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        code(&error),
        "AccessDeniedException",
        "a reader writes nothing"
    );
}

#[tokio::test]
async fn members_are_held_to_their_shapes() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let dev = aws.as_role(DEV, "promoter").await;
    let document = grant_document(&role(PROD, "promoter"), "*");
    let missing = format!("{project}0");
    let (long_name, long_revision) = ("x".repeat(129), "a".repeat(65));
    let shape = "InvalidParameterException";
    let cases = [
        (
            "a project that is not there",
            missing.as_str(),
            "p",
            None,
            "ResourceNotFoundException",
        ),
        ("no project", "", "p", None, shape),
        (
            "a version's ARN",
            "arn:aws:rekognition:eu-west-1:1:project/x/version/v/1",
            "p",
            None,
            shape,
        ),
        ("an empty name", &project, "", None, shape),
        ("a long name", &project, &long_name, None, shape),
        ("a name with a slash", &project, "a/b", None, shape),
        (
            "a revision out of hexadecimal",
            &project,
            "p",
            Some("xyz"),
            shape,
        ),
        (
            "a long revision",
            &project,
            "p",
            Some(long_revision.as_str()),
            shape,
        ),
    ];
    for (what, arn, name, revision, expected) in cases {
        let revision = revision.map(str::to_owned);
        let put = dev.put_project_policy().project_arn(arn).policy_name(name);
        let put = put
            .policy_document(&document)
            .set_policy_revision_id(revision.clone());
        assert_eq!(outcome(put.send().await), expected, "put {what}");
        let delete = dev
            .delete_project_policy()
            .project_arn(arn)
            .policy_name(name);
        let delete = delete.set_policy_revision_id(revision);
        assert_eq!(outcome(delete.send().await), expected, "delete {what}");
        if arn != project {
            let list = dev.list_project_policies().project_arn(arn).send().await;
            assert_eq!(outcome(list), expected, "list {what}");
        }
    }
    let empty = dev
        .put_project_policy()
        .project_arn(&project)
        .policy_name("p");
    let empty = empty.policy_document("").send().await;
    assert_eq!(outcome(empty), shape, "an empty document");
    let nothing = dev.put_project_policy().send().await.unwrap_err();
    let message = aws_sdk_rekognition::error::ProvideErrorMetadata::message(&nothing).unwrap();
    assert!(
        message.starts_with("3 validation errors detected: "),
        "{message}"
    );
}
