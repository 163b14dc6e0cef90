//! Projects that are created.

use crate::support::{Aws, DEV, REGION, allow, code, demo, start, start_assuming, start_world};
use aws_sdk_rekognition::error::ProvideErrorMetadata as _;
use aws_sdk_rekognition::types::{CustomizationFeature, ProjectAutoUpdate, ProjectStatus::Created};
use serde_json::json;

/// A user of dev that may do everything of Rekognition, in [`REGION`].
async fn owner(aws: &Aws) -> aws_sdk_rekognition::Client {
    aws.rekognition(aws.user(DEV, allow(&["rekognition:*"], &["*"])).await)
}

#[tokio::test]
async fn a_project_is_there_at_once_and_takes_copies() {
    let aws = start().await;
    let dev = owner(&aws).await;
    let answer = dev
        .create_project()
        .project_name("fresh")
        .feature(CustomizationFeature::CustomLabels)
        .tags("team", "vision")
        .send()
        .await
        .unwrap();
    let arn = answer.project_arn().unwrap();
    let start = format!("arn:aws:rekognition:{REGION}:{DEV}:project/fresh/");
    assert!(arn.starts_with(&start), "{arn}");
    let described = dev
        .describe_projects()
        .project_names("fresh")
        .send()
        .await
        .unwrap();
    let [project] = described.project_descriptions() else {
        panic!("one project")
    };
    assert_eq!(project.project_arn(), Some(arn));
    assert_eq!(project.status(), Some(&Created));
    assert_eq!(project.feature(), Some(&CustomizationFeature::CustomLabels));
    let tags = dev
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await
        .unwrap();
    assert_eq!(tags.tags().unwrap()["team"], "vision");
    let versions = dev
        .describe_project_versions()
        .project_arn(arn)
        .send()
        .await
        .unwrap();
    assert!(versions.project_version_descriptions().is_empty());
    let last = dev.describe_projects().send().await.unwrap();
    let last = last.project_descriptions().last().unwrap().clone();
    assert_eq!(last.project_arn(), Some(arn), "oldest first");
    assert_eq!(
        aws.calls("CreateProject").await[0]["outcome"]["result"],
        arn
    );
}

#[tokio::test]
async fn members_are_held_to_their_shapes() {
    let aws = start().await;
    let dev = owner(&aws).await;
    let create = || dev.create_project().project_name("fresh");
    let wrong = [
        ("no name", dev.create_project()),
        ("empty name", create().project_name("")),
        ("long name", create().project_name("x".repeat(256))),
        ("name with a slash", create().project_name("a/b")),
        ("feature", create().feature("FACES".into())),
        ("auto update", create().auto_update("MAYBE".into())),
        ("reserved tag", create().tags("aws:team", "x")),
        ("long tag key", create().tags("x".repeat(129), "x")),
        (
            "auto update of what is no adapter",
            create().auto_update(ProjectAutoUpdate::Enabled),
        ),
    ];
    for (what, request) in wrong {
        let error = request.send().await.unwrap_err();
        assert_eq!(code(&error), "InvalidParameterException", "{what}");
        assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
        assert!(!error.message().unwrap().is_empty(), "{what}");
    }
    let adapter = create().feature(CustomizationFeature::ContentModeration);
    let error = adapter.send().await.unwrap_err();
    assert_eq!(code(&error), "NotEmulated");
    assert!(error.message().unwrap().contains("CONTENT_MODERATION"));
    let listed = dev.describe_projects().send().await.unwrap();
    assert_eq!(
        listed.project_descriptions().len(),
        2,
        "nothing was created"
    );
}

#[tokio::test]
async fn a_name_is_free_once_in_a_region() {
    let aws = start().await;
    let user = aws.user(DEV, allow(&["rekognition:*"], &["*"])).await;
    let create = |region: &str| {
        let client = aws.rekognition_in(user.clone(), region);
        async move { client.create_project().project_name("gauges").send().await }
    };
    let error = create(REGION).await.unwrap_err();
    assert_eq!(code(&error), "ResourceInUseException");
    create("us-east-1").await.unwrap();
}

#[tokio::test]
async fn an_account_has_room_for_so_many_projects() {
    for most in [3, 100] {
        let aws = start_world(&format!("{}\n", demo()).replacen(
            "quota_tps = 0",
            &format!("quota_tps = 0\n[quotas]\nprojects = {most}"),
            1,
        ))
        .await;
        let dev = owner(&aws).await;
        let create = |number: usize| dev.create_project().project_name(format!("p{number}"));
        for number in 3..=most {
            create(number).send().await.unwrap();
        }
        let error = create(0).send().await.unwrap_err();
        assert_eq!(code(&error), "LimitExceededException");
        assert!(error.message().unwrap().contains(&most.to_string()));
        let mut pages = dev.describe_projects().into_paginator().page_size(7).send();
        let mut numbers = Vec::new();
        while let Some(page) = pages.next().await {
            for project in page.unwrap().project_descriptions() {
                let arn = project.project_arn().unwrap();
                numbers.push(arn.rsplit('/').next().unwrap().parse::<u64>().unwrap());
            }
        }
        assert_eq!(numbers.len(), most);
        assert!(numbers.is_sorted(), "oldest first");
    }
}

#[tokio::test]
async fn it_takes_the_action_and_with_tags_what_the_tags_ask_for() {
    let aws = start().await;
    let reader = aws.as_role(DEV, "reader").await;
    let error = reader
        .create_project()
        .project_name("fresh")
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
    let reason = aws.last_reason().await;
    assert!(
        reason.contains("no identity or resource policy allows"),
        "{reason}"
    );

    let mut policy = allow(&["rekognition:CreateProject"], &["*"]);
    policy["Statement"][0]["Condition"] =
        json!({ "StringEquals": { "aws:RequestTag/team": "vision" } });
    let vision = aws.rekognition(aws.user(DEV, policy).await);
    let create = |team: &str| {
        vision
            .create_project()
            .project_name(team)
            .tags("team", team)
    };
    let error = create("sound").send().await.unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
    let reason = aws.last_reason().await;
    assert!(reason.contains("aws:RequestTag/team"), "{reason}");
    create("vision").send().await.unwrap();

    let aws = start_assuming("tags_need_tag_resource = true").await;
    let policy = allow(&["rekognition:CreateProject"], &["*"]);
    let dev = aws.rekognition(aws.user(DEV, policy).await);
    dev.create_project()
        .project_name("bare")
        .send()
        .await
        .unwrap();
    let tagged = dev.create_project().project_name("tagged").tags("a", "b");
    let error = tagged.send().await.unwrap_err();
    assert_eq!(code(&error), "AccessDeniedException");
    let reason = aws.last_reason().await;
    assert!(reason.contains("rekognition:TagResource"), "{reason}");
}
