//! The sample world that is shipped for others.

use crate::support::{credentials, output, start_world};
use aws_credential_types::Credentials;
use aws_sdk_rekognition::types::ProjectVersionStatus::CopyingCompleted;
use emulator::World;

fn sample() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/world.toml");
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn it_carries_a_whole_copy() {
    let aws = start_world(&sample()).await;
    let release = Credentials::new(
        "SAMPLERELEASE0000001",
        "sample-secret-of-the-release-manager-001",
        None,
        None,
        "test",
    );
    let session = aws
        .sts(release)
        .assume_role()
        .role_arn("arn:aws:iam::222222222222:role/promoter")
        .role_session_name("promotion-1")
        .external_id("sample-external-id")
        .send()
        .await
        .unwrap();
    let promoter = aws.rekognition(credentials(session.credentials().unwrap()));
    let project = "arn:aws:rekognition:eu-west-1:222222222222:project/inspector/1656565223456";
    promoter
        .copy_project_version()
        .source_project_arn(
            "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456",
        )
        .source_project_version_arn(
            "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456",
        )
        .destination_project_arn(project)
        .version_name("v7")
        .output_config(output("vision-prod-models", "inspector/v7/"))
        .send()
        .await
        .unwrap();
    aws.advance(4.0).await;
    let versions = promoter
        .describe_project_versions()
        .project_arn(project)
        .send()
        .await
        .unwrap();
    let [copy] = versions.project_version_descriptions() else {
        panic!("one version")
    };
    assert_eq!(copy.status(), Some(&CopyingCompleted));
}

/// What the README lets people type names things that the sample world has.
#[test]
fn the_readme_speaks_of_the_sample_world() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let sample = sample();
    World::parse(&sample).unwrap();
    for word in [
        "SAMPLERELEASE0000001",
        "sample-secret-of-the-release-manager-001",
        "arn:aws:iam::222222222222:role/promoter",
        "sample-external-id",
        "vision-prod-models",
        "1656565123456",
        "1656611123456",
        "1656565223456",
    ] {
        assert!(readme.contains(word), "the README has {word}");
        let number = word.split(':').next_back().unwrap();
        let name = number.strip_prefix("role/").unwrap_or(number);
        assert!(sample.contains(name), "the sample has {name}");
    }
}

#[test]
fn the_readme_shows_the_examples_as_they_are() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let readme = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
    for (name, language) in [
        ("promote.sh", "sh"),
        ("promote.py", "python"),
        ("promote.mjs", "js"),
        ("promote.rs", "rust"),
    ] {
        let example = std::fs::read_to_string(format!("{folder}/examples/{name}")).unwrap();
        assert!(
            readme.contains(&format!("```{language}\n{example}```")),
            "{name}"
        );
    }
}
