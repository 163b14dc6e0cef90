//! Promotes the sample world's model with AWS's Rust SDK.

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_rekognition::types::{OutputConfig, ProjectVersionStatus};
use std::time::Duration;

fn emulator(credentials: Credentials) -> aws_config::ConfigLoader {
    let port = std::env::args().nth(1).unwrap_or("4599".to_owned());
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .region(Region::new("eu-west-1"))
        .credentials_provider(credentials)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let release = Credentials::new(
        "SAMPLERELEASE0000001",
        "sample-secret-of-the-release-manager-001",
        None,
        None,
        "sample",
    );
    let answer = aws_sdk_sts::Client::new(&emulator(release).load().await)
        .assume_role()
        .role_arn("arn:aws:iam::222222222222:role/promoter")
        .role_session_name("promotion-1")
        .external_id("sample-external-id")
        .send()
        .await?;
    let session = answer.credentials().ok_or("no credentials")?;
    let promoter = Credentials::new(
        session.access_key_id(),
        session.secret_access_key(),
        Some(session.session_token().to_owned()),
        None,
        "sample",
    );
    let rekognition = aws_sdk_rekognition::Client::new(&emulator(promoter).load().await);

    let source = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector";
    let destination = "arn:aws:rekognition:eu-west-1:222222222222:project/inspector/1656565223456";
    let copy = rekognition
        .copy_project_version()
        .source_project_arn(format!("{source}/1656565123456"))
        .source_project_version_arn(format!("{source}/version/v7/1656611123456"))
        .destination_project_arn(destination)
        .version_name("v7-rust")
        .output_config(
            OutputConfig::builder()
                .s3_bucket("vision-prod-models")
                .s3_key_prefix("inspector/v7-rust")
                .build(),
        )
        .send()
        .await?;
    println!("{}", copy.project_version_arn().unwrap_or_default());

    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let answer = rekognition
            .describe_project_versions()
            .project_arn(destination)
            .version_names("v7-rust")
            .send()
            .await?;
        let status = answer.project_version_descriptions()[0].status();
        println!("{status:?}");
        if status != Some(&ProjectVersionStatus::CopyingInProgress) {
            return Ok(());
        }
    }
}
