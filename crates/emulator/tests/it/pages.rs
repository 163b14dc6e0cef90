//! Lists: their order, filters, pages and tokens.

use crate::support::{DEV, PROD, REGION, allow, code, outcome, start};

#[tokio::test]
async fn too_many_results_have_an_error_of_their_own() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let reader = aws.as_role(DEV, "reader").await;
    for (size, expected) in [(0, "InvalidParameterException"), (6, "ValidationException")] {
        let error = reader
            .list_project_policies()
            .project_arn(&project)
            .max_results(size)
            .send()
            .await
            .unwrap_err();
        assert_eq!(code(&error), expected, "{size} policies");
    }
    for (size, expected) in [
        (0, "InvalidParameterException"),
        (101, "ValidationException"),
    ] {
        let error = reader
            .describe_projects()
            .max_results(size)
            .send()
            .await
            .unwrap_err();
        assert_eq!(code(&error), expected, "{size} projects");
    }
    let error = reader
        .describe_project_versions()
        .project_arn(&project)
        .set_version_names(Some((0..11).map(|n| format!("v{n}")).collect()))
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "InvalidParameterException", "eleven names");
}

#[tokio::test]
async fn lists_come_in_pages_and_in_order() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let reader = aws.as_role(DEV, "reader").await;
    let mut names = Vec::new();
    let mut pages = reader
        .describe_project_versions()
        .project_arn(&project)
        .into_paginator()
        .page_size(2)
        .send();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.project_version_descriptions().len() <= 2);
        names.extend(page.project_version_descriptions().iter().map(|version| {
            version
                .project_version_arn()
                .unwrap()
                .rsplit('/')
                .nth(1)
                .unwrap()
                .to_owned()
        }));
    }
    assert_eq!(names, ["v8", "v7", "v6", "v5", "v4"], "newest first");

    let first = reader
        .describe_projects()
        .max_results(1)
        .send()
        .await
        .unwrap();
    let token = first.next_token().unwrap();
    let error = reader
        .describe_project_versions()
        .project_arn(&project)
        .next_token(token)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        code(&error),
        "InvalidPaginationTokenException",
        "another list's token"
    );
}

#[tokio::test]
async fn projects_and_versions_are_filtered_by_name_and_region() {
    let aws = start().await;
    let reader = aws.as_role(DEV, "reader").await;
    let all = reader.describe_projects().send().await.unwrap();
    assert_eq!(all.project_descriptions().len(), 2, "those of this Region");
    let one = reader
        .describe_projects()
        .project_names("gauges")
        .send()
        .await
        .unwrap();
    assert_eq!(one.project_descriptions().len(), 1);
    let none = reader
        .describe_projects()
        .project_names("nothing")
        .send()
        .await
        .unwrap();
    assert!(none.project_descriptions().is_empty());
    let adapters = reader
        .describe_projects()
        .features(aws_sdk_rekognition::types::CustomizationFeature::ContentModeration)
        .send()
        .await
        .unwrap();
    assert!(adapters.project_descriptions().is_empty());
    let gone = format!("arn:aws:rekognition:{REGION}:{DEV}:project/inspector/1");
    let error = reader
        .describe_project_versions()
        .project_arn(gone)
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ResourceNotFoundException");
    let elsewhere = aws
        .project(DEV, "inspector")
        .await
        .replace(REGION, "us-east-1");
    let error = reader
        .describe_project_versions()
        .project_arn(elsewhere)
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ResourceNotFoundException");
}

#[tokio::test]
async fn a_token_is_good_for_the_same_query_alone() {
    let aws = start().await;
    let dev = aws.rekognition(aws.user(DEV, allow(&["rekognition:*"], &["*"])).await);
    let project = aws.project(DEV, "inspector").await;
    let gauges = aws.project(DEV, "gauges").await;
    let versions = |project: &str| dev.describe_project_versions().project_arn(project);
    let first = versions(&project).max_results(1).send().await.unwrap();
    let token = first.next_token().unwrap();
    let second = versions(&project).max_results(100).next_token(token);
    let second = second.send().await.unwrap();
    assert_eq!(
        second.project_version_descriptions().len(),
        4,
        "all but the first"
    );
    assert!(second.next_token().is_none());
    let invalid = "InvalidPaginationTokenException";
    let wrong = [
        ("another project", versions(&gauges).next_token(token)),
        (
            "another filter",
            versions(&project).version_names("v7").next_token(token),
        ),
        (
            "another token",
            versions(&project).next_token(format!("{token}0")),
        ),
        ("an empty token", versions(&project).next_token("")),
    ];
    for (what, request) in wrong {
        assert_eq!(outcome(request.send().await), invalid, "{what}");
    }
    let long = versions(&project).next_token("0".repeat(1025)).send().await;
    assert_eq!(
        outcome(long),
        "InvalidParameterException",
        "1,025 characters"
    );
    let policies = dev.list_project_policies().project_arn(&project);
    assert_eq!(outcome(policies.next_token(token).send().await), invalid);
    let projects = dev.describe_projects().next_token(token).send().await;
    assert_eq!(outcome(projects), invalid);
    let prod = aws.rekognition(aws.user(PROD, allow(&["rekognition:*"], &["*"])).await);
    let page = dev.describe_projects().max_results(1).send().await.unwrap();
    let foreign = prod
        .describe_projects()
        .next_token(page.next_token().unwrap());
    assert_eq!(outcome(foreign.send().await), invalid, "another account");
}

#[tokio::test]
async fn versions_are_filtered_by_name() {
    let aws = start().await;
    let reader = aws.as_role(DEV, "reader").await;
    let project = aws.project(DEV, "inspector").await;
    for (names, found) in [
        (vec!["v5", "v7", "v99"], 2),
        (vec!["v99"], 0),
        (vec!["V7"], 0),
    ] {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let request = reader.describe_project_versions().project_arn(&project);
        let answer = request
            .set_version_names(Some(names.clone()))
            .send()
            .await
            .unwrap();
        assert_eq!(
            answer.project_version_descriptions().len(),
            found,
            "{names:?}"
        );
    }
    for names in [Vec::new(), vec!["a/b".to_owned()]] {
        let request = reader.describe_project_versions().project_arn(&project);
        let answer = request.set_version_names(Some(names.clone())).send().await;
        assert_eq!(outcome(answer), "InvalidParameterException", "{names:?}");
    }
}

#[tokio::test]
async fn projects_are_listed_to_whoever_may_list_all() {
    let aws = start().await;
    let one = format!("arn:aws:rekognition:{REGION}:{DEV}:project/inspector/*");
    for (resource, expected) in [("*", "accepted"), (one.as_str(), "AccessDeniedException")] {
        let policy = allow(&["rekognition:DescribeProjects"], &[resource]);
        let dev = aws.rekognition(aws.user(DEV, policy).await);
        let answer = dev.describe_projects().send().await;
        assert_eq!(outcome(answer), expected, "{resource}");
    }
    let reason = aws.last_reason().await;
    assert!(reason.contains("is about other resources"), "{reason}");
}
