//! A world of the size that large organisations have.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Result;

const ACCOUNTS: u64 = 100;
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];
const PROJECTS: u64 = 20;
const VERSIONS: u64 = 30;

/// What the world holds, for a page.
pub(super) const SIZE: &str = "100 accounts × 2 Regions × 20 projects × 30 versions";

/// Writes the world file.
pub(super) fn write(path: &Path) -> Result<()> {
    Ok(fs::write(path, text()?)?)
}

fn text() -> Result<String> {
    let mut text = String::from("quota_tps = 0\n");
    for account in 0..ACCOUNTS {
        let number = 100_000_000_000 + account;
        writeln!(text, "[[account]]\nid = \"{number}\"")?;
        if account == 0 {
            text.push_str(BENCH_USER);
        }
        writeln!(
            text,
            "[[account.role]]\nname = \"customhouse-reader\"\ntrust_policy = '{TRUST}'\npolicy = '{READS}'\n\
             [[account.bucket]]\nname = \"models-{number}\"\nregion = \"eu-west-1\""
        )?;
        for region in REGIONS {
            for project in 0..PROJECTS {
                self::project(&mut text, number, region, project)?;
            }
        }
    }
    Ok(text)
}

fn project(text: &mut String, account: u64, region: &str, project: u64) -> Result<()> {
    let created = 1_756_890_000_000 + project * 1000;
    writeln!(
        text,
        "[[account.project]]\nregion = \"{region}\"\nname = \"project-{project}\"\ncreated_ms = {created}"
    )?;
    for version in 0..VERSIONS {
        writeln!(
            text,
            "[[account.project.version]]\nname = \"v{version}\"\ncreated_ms = {}\n\
             status = \"TRAINING_COMPLETED\"\nstatus_message = \"The model is ready to run.\"\nf1 = 0.9\n\
             training_seconds = 5400\noutput = {{ bucket = \"models-{account}\", prefix = \"p{project}/v{version}\" }}",
            created + version
        )?;
    }
    Ok(())
}

const BENCH_USER: &str = r#"[[account.user]]
name = "bench"
access_key_id = "CHEMULATORBENCH00001"
secret_access_key = "customhouse-emulator-secret-0000000000001"
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::100000000000:user/bench"},"Action":"sts:AssumeRole"}]}"#;
const READS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rekognition:Describe*","Resource":"*"}]}"#;
