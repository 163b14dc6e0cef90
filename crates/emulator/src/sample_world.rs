//! A part of the binary: a large world for measurements, as the text of a world file.

use std::fmt::{self, Write as _};

/// How large the world is.
#[derive(clap::Args)]
pub(crate) struct Size {
    /// Accounts, each with a user.
    #[arg(long, default_value_t = 100)]
    accounts: u32,
    /// Regions that each account has projects in, at most 11.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=11))]
    regions: u8,
    /// Projects per account and Region.
    #[arg(long, default_value_t = 20)]
    projects: u32,
    /// Model versions per project.
    #[arg(long, default_value_t = 30)]
    versions: u32,
}

/// The Regions that have Custom Labels ("Amazon Rekognition endpoints and quotas").
const REGIONS: [&str; 11] = [
    "eu-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-central-1",
    "eu-west-2",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// The text of the world. Account number `n`, from 0, has the id 100000000000 + `n` and the user
/// `sample` with the access key `SAMPLE` + id; everybody's secret is `sample-secret-access-key`, and
/// everybody may do everything with Rekognition in their own account.
pub(crate) fn text(size: &Size) -> String {
    let mut text = "quota_tps = 0\n".to_owned();
    for account in 0..u64::from(size.accounts) {
        write_account(&mut text, 100_000_000_000 + account, size)
            .expect("writing to a String cannot fail");
    }
    text
}

fn write_account(text: &mut String, id: u64, size: &Size) -> fmt::Result {
    writeln!(
        text,
        "\n[[account]]\nid = \"{id}\"\nalias = \"sample-{id}\""
    )?;
    writeln!(
        text,
        "[[account.user]]\nname = \"sample\"\naccess_key_id = \"SAMPLE{id}\"\n\
         secret_access_key = \"sample-secret-access-key\"\n\
         policy = '{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\
         \"Action\":\"rekognition:*\",\"Resource\":\"*\"}}]}}'"
    )?;
    for region in REGIONS.iter().take(usize::from(size.regions)) {
        writeln!(
            text,
            "[[account.bucket]]\nname = \"sample-{id}-{region}\"\nregion = \"{region}\""
        )?;
        for project in 0..u64::from(size.projects) {
            let created = 1_656_565_000_000 + project;
            writeln!(
                text,
                "[[account.project]]\nregion = \"{region}\"\nname = \"project-{project}\"\n\
                 created_ms = {created}"
            )?;
            for version in 0..u64::from(size.versions) {
                let trained = created + 1000 * (version + 1);
                writeln!(
                    text,
                    "[[account.project.version]]\nname = \"v{version}\"\ncreated_ms = {trained}\n\
                     status = \"TRAINING_COMPLETED\"\nf1 = 0.93\ntraining_seconds = 3600\n\
                     output = {{ bucket = \"sample-{id}-{region}\", prefix = \"project-{project}/v{version}\" }}"
                )?;
            }
        }
    }
    Ok(())
}
