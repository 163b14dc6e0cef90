//! Many promotions: two accounts with the same Regions, a model in each Region of the first, and
//! projects in each Region of the second that receive copies of it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::{Value, json};
use ureq::Agent;

use super::console::{ACCESS_KEY, SECRET};

const SOURCE: &str = "100000000000";
const DESTINATION: &str = "200000000000";
const REGIONS: [&str; 4] = ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"];
/// The number that ends the ARNs of everything that the world begins with.
const CREATED: &str = "1756890000000";

/// How much there is of everything.
#[derive(Clone, Copy)]
pub(super) struct Fleet {
    /// Destination projects in each Region.
    pub(super) projects: usize,
    /// Copies into each of them.
    pub(super) copies: usize,
    /// How long AWS takes for one.
    pub(super) copy: Duration,
    /// Calls a second of each operation, per account and Region; 0 is no limit.
    pub(super) quota: u32,
}

/// One copy, as anybody would ask for it.
#[derive(Clone, Serialize)]
pub(super) struct Copy {
    pub(super) region: &'static str,
    pub(super) source_project: String,
    pub(super) source_version: String,
    pub(super) destination_project: String,
    /// Unlike that of all other copies.
    pub(super) version_name: String,
    pub(super) bucket: String,
}

impl Fleet {
    /// How many destination projects there are.
    pub(super) fn all_projects(self) -> usize {
        REGIONS.len() * self.projects
    }

    /// How many copies there are.
    pub(super) fn all_copies(self) -> usize {
        self.all_projects() * self.copies
    }

    /// What is the same in every sentence about it.
    pub(super) fn words(self) -> String {
        format!(
            "{} promotions of {} s into {} projects: {} in each of {} Regions of one account. A \
             standing policy of the models' projects allows the copies, so no job waits for room for \
             its grant",
            self.all_copies(),
            self.copy.as_secs(),
            self.all_projects(),
            self.projects,
            REGIONS.len(),
        )
    }

    /// Writes the world file.
    pub(super) fn write_world(self, folder: &Path) -> Result<PathBuf> {
        let mut text = format!(
            "copy_seconds = {:.1}\nquota_tps = {}\n",
            self.copy.as_secs_f64(),
            self.quota
        );
        for account in [SOURCE, DESTINATION] {
            let _ = write!(text, "[[account]]\nid = \"{account}\"\n");
            // The console is a user of the first account, whoever calls by hand one of the second.
            let user = if account == SOURCE { 1 } else { 2 };
            let _ = write!(
                text,
                "[[account.user]]\nname = \"bench\"\naccess_key_id = \"{}{user}\"\n\
                 secret_access_key = \"{SECRET}\"\npolicy = '{ANYTHING}'\n",
                ACCESS_KEY.trim_end_matches('1'),
            );
            for (name, policy) in [("reader", READS), ("promoter", PROMOTES)] {
                let _ = write!(
                    text,
                    "[[account.role]]\nname = \"customhouse-{name}\"\ntrust_policy = '{TRUST}'\n\
                     policy = '{policy}'\n"
                );
            }
            for region in REGIONS {
                self.write_region(&mut text, account, region);
            }
        }
        let file = folder.join("world.toml");
        fs::write(&file, text)?;
        Ok(file)
    }

    fn write_region(self, text: &mut String, account: &str, region: &str) {
        let _ = write!(
            text,
            "[[account.bucket]]\nname = \"{}\"\nregion = \"{region}\"\n",
            bucket(account, region)
        );
        let project = format!("[[account.project]]\nregion = \"{region}\"\ncreated_ms = {CREATED}");
        if account == SOURCE {
            let standing = STANDING.replace("REGION", region);
            let _ = write!(
                text,
                "{project}\nname = \"model\"\n\
                 policies = [{{ name = \"standing\", document = '{standing}' }}]\n\
                 [[account.project.version]]\nname = \"v1\"\ncreated_ms = {CREATED}\n\
                 status = \"TRAINING_COMPLETED\"\nf1 = 0.9\n\
                 output = {{ bucket = \"{}\", prefix = \"model/v1\" }}\n",
                bucket(account, region)
            );
            return;
        }
        for number in 0..self.projects {
            let _ = write!(text, "{project}\nname = \"site-{number}\"\n");
        }
    }

    /// All copies, as they would come in: project after project takes its turn.
    pub(super) fn copies(self) -> Vec<Copy> {
        let mut copies = Vec::new();
        for copy in 0..self.copies {
            for project in 0..self.projects {
                for region in REGIONS {
                    copies.push(Copy {
                        region,
                        source_project: arn(region, SOURCE, "model"),
                        source_version: arn(region, SOURCE, "model/version/v1"),
                        destination_project: arn(region, DESTINATION, &format!("site-{project}")),
                        version_name: format!("{region}.{project}.{copy}"),
                        bucket: bucket(DESTINATION, region),
                    });
                }
            }
        }
        copies
    }

    /// Both accounts, for the end of a configuration.
    pub(super) fn accounts() -> String {
        let mut text = String::new();
        for (number, name) in [(SOURCE, "dev"), (DESTINATION, "prod")] {
            let _ = write!(
                text,
                "[[environment]]\nname = \"{name}\"\ncolour = \"{name}\"\n[[account]]\n\
                 number = \"{number}\"\nalias = \"{name}\"\nenvironment = \"{name}\"\n\
                 regions = {REGIONS:?}\nexternal_id = \"ch-00112233445566778899aabbccddeeff\"\n"
            );
        }
        text
    }
}

fn arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:rekognition:{region}:{account}:project/{name}/{CREATED}")
}

fn bucket(account: &str, region: &str) -> String {
    format!("models-{account}-{region}")
}

/// Asks a console for one promotion after the other and gives the job of each.
pub(super) fn ask_for(console: &str, token: &str, copies: &[Copy]) -> Result<Vec<String>> {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut jobs = Vec::new();
    for copy in copies {
        let body = json!({
            "source_version": copy.source_version,
            "destination_project": copy.destination_project,
            "version_name": copy.version_name,
            "bucket": copy.bucket,
            "prefix": "copies",
        });
        let mut answer = agent
            .post(format!("{console}/v1/promotions"))
            .header("authorization", format!("Bearer {token}"))
            .send_json(&body)?;
        let promotion: Value = answer.body_mut().read_json()?;
        ensure!(answer.status() == 201, "not asked for: {promotion:#}");
        let job = promotion["job"]
            .as_str()
            .context("a promotion has no job")?;
        jobs.push(job.to_owned());
    }
    Ok(jobs)
}

const ANYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::100000000000:user/bench"},"Action":"sts:AssumeRole"}]}"#;
const READS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["rekognition:Describe*","rekognition:List*"],"Resource":"*"}]}"#;
const PROMOTES: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["rekognition:*","s3:*"],"Resource":"*"}]}"#;
const STANDING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::200000000000:root"},"Action":"rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:REGION:100000000000:project/model/version/v1/*"}]}"#;
