//! `[[account]]`: the AWS accounts that Customhouse may act in.

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::{Account, AccountAlias, AccountNumber, EnvironmentName, ExternalId, Region, RoleArn};
use serde::{Deserialize, Serialize};

use super::environment::EnvironmentSection;
use super::error::Findings;
use super::secret;

const READER: &str = "customhouse-reader";
const PROMOTER: &str = "customhouse-promoter";

/// One AWS account.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSection {
    /// Its twelve digits.
    pub number: AccountNumber,
    /// What people call it.
    pub alias: AccountAlias,
    /// The environment it belongs to.
    pub environment: EnvironmentName,
    /// Regions to look in; at least one.
    pub regions: Vec<Region>,
    /// The role that reads; by default `customhouse-reader` in this account.
    pub reader: Option<RoleArn>,
    /// The role that puts grants and copies; by default `customhouse-promoter` in this account.
    pub promoter: Option<RoleArn>,
    /// What both roles' trust policies ask for.
    pub external_id: Option<ExternalId>,
    /// The file that holds it.
    pub external_id_file: Option<PathBuf>,
}

impl AccountSection {
    pub(super) fn resolve(&mut self, index: usize, findings: &mut Findings) {
        let Some(file) = &self.external_id_file else {
            return;
        };
        let key = format!("account[{index}].external_id");
        if self.external_id.is_some() {
            secret::refuse_both(&key, findings);
        } else if let Some(text) = secret::read_twin(&key, file, findings) {
            match ExternalId::new(text) {
                Ok(external_id) => self.external_id = Some(external_id),
                Err(error) => findings.add(format!("{key}_file"), error.to_string()),
            }
        }
    }

    pub(super) fn account(&self, external_id: ExternalId) -> Account {
        Account {
            number: self.number.clone(),
            alias: self.alias.clone(),
            environment: self.environment.clone(),
            regions: self.regions.clone(),
            reader: self.role(self.reader.as_ref(), READER),
            promoter: self.role(self.promoter.as_ref(), PROMOTER),
            external_id,
        }
    }

    fn role(&self, named: Option<&RoleArn>, usual: &str) -> RoleArn {
        named.cloned().unwrap_or_else(|| {
            let partition = self.regions.first().map_or("aws", partition_of);
            format!("arn:{partition}:iam::{}:role/{usual}", self.number)
                .parse()
                .expect("a role ARN is made of a partition, an account number and a role name")
        })
    }
}

/// The partition that a Region lies in (AWS General Reference, "Amazon Resource Names").
fn partition_of(region: &Region) -> &'static str {
    match region.as_str() {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

pub(super) fn validate(
    sections: &[AccountSection],
    environments: &[EnvironmentSection],
    findings: &mut Findings,
) {
    let (mut numbers, mut aliases) = (BTreeSet::new(), BTreeSet::new());
    for (index, section) in sections.iter().enumerate() {
        let key = |name: &str| format!("account[{index}].{name}");
        if !numbers.insert(section.number.as_str()) {
            findings.add(key("number"), "is used twice");
        }
        if !aliases.insert(section.alias.as_str()) {
            findings.add(key("alias"), "is used twice");
        }
        if !environments
            .iter()
            .any(|environment| environment.name == section.environment)
        {
            findings.add(
                key("environment"),
                format!(
                    "names {}, for which there is no [[environment]]",
                    section.environment
                ),
            );
        }
        if section.regions.is_empty() {
            findings.add(key("regions"), "must name at least one Region");
        }
        for (name, role) in [("reader", &section.reader), ("promoter", &section.promoter)] {
            if role
                .as_ref()
                .is_some_and(|role| role.account() != &section.number)
            {
                findings.add(key(name), "must be a role of this account");
            }
        }
    }
}
