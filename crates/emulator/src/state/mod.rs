//! What exists in the world at this moment.
//!
//! Users, roles, buckets and keys are as the world file says; projects, versions, policies and
//! sessions live on from there. Nothing happens by itself: [`State::settle`] brings everything up
//! to a moment and is called before every answer; [`agenda`] knows what it has to look at.

pub(crate) mod account;
pub(crate) mod agenda;
pub(crate) mod evaluation;
pub(crate) mod lifecycle;
pub(crate) mod model;
pub(crate) mod seed;
pub(crate) mod session;
pub(crate) mod settle;
pub(crate) mod view;

use crate::arn::{ProjectArn, ProjectVersionArn};
use account::{Account, Bucket, Key};
use agenda::Agenda;
use domain::{AccountNumber, Millis, Region};
use evaluation::Evaluation;
use model::{Project, Version};
use session::Sessions;
use std::collections::BTreeMap;

/// Everything that exists.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<AccountNumber, Account>,
    pub(crate) sessions: Sessions,
    /// What happens by itself later on.
    pub(crate) agenda: Agenda,
    /// Evaluation summaries of deleted versions, by bucket and object: deleting a model leaves
    /// its results in the bucket.
    pub(crate) left_behind: BTreeMap<(String, String), Evaluation>,
}

impl State {
    /// The project with exactly this ARN.
    pub(crate) fn project(&self, arn: &ProjectArn) -> Option<&Project> {
        let account = self.accounts.get(&arn.account)?;
        account.projects.iter().find(|project| project.is(arn))
    }

    /// The project with exactly this ARN, to be changed.
    pub(crate) fn project_mut(&mut self, arn: &ProjectArn) -> Option<&mut Project> {
        let account = self.accounts.get_mut(&arn.account)?;
        account.projects.iter_mut().find(|project| project.is(arn))
    }

    /// The version with exactly this ARN, once it is visible.
    pub(crate) fn version(&self, arn: &ProjectVersionArn, now: Millis) -> Option<&Version> {
        let account = self.accounts.get(&arn.account)?;
        account
            .projects
            .iter()
            .filter(|project| project.region == arn.region && project.name == arn.project)
            .flat_map(|project| &project.versions)
            .find(|version| {
                version.name == arn.name && version.number == arn.number && version.visible(now)
            })
    }

    /// The project that holds the version with this ARN, to be changed; the version need not be
    /// visible.
    pub(crate) fn project_of_mut(&mut self, arn: &ProjectVersionArn) -> Option<&mut Project> {
        let account = self.accounts.get_mut(&arn.account)?;
        account.projects.iter_mut().find(|project| {
            project.region == arn.region && project.name == arn.project && project.has_version(arn)
        })
    }

    /// The version with exactly this ARN, to be changed, once it is visible.
    pub(crate) fn version_mut(
        &mut self,
        arn: &ProjectVersionArn,
        now: Millis,
    ) -> Option<&mut Version> {
        let version = self.project_of_mut(arn)?.version_mut(arn)?;
        Some(version).filter(|version| version.visible(now))
    }

    /// The bucket of this name and the account that owns it.
    pub(crate) fn bucket(&self, name: &str) -> Option<(&AccountNumber, &Bucket)> {
        self.accounts
            .iter()
            .find_map(|(number, account)| account.buckets.get(name).map(|bucket| (number, bucket)))
    }

    /// The key that `reference` means to a caller of `account` in `region`: a key id, key ARN,
    /// alias, alias ARN, or `arn:<key id>` as AWS's reference page of `CopyProjectVersion` has it.
    pub(crate) fn key(
        &self,
        reference: &str,
        account: &AccountNumber,
        region: &Region,
    ) -> Option<(&AccountNumber, &Key)> {
        let (owner, name) = match reference.strip_prefix("arn:aws:kms:") {
            Some(rest) => {
                let mut parts = rest.splitn(3, ':');
                if parts.next() != Some(region.as_str()) {
                    return None;
                }
                (parts.next()?.parse().ok()?, parts.next()?)
            }
            None => (
                account.clone(),
                reference.strip_prefix("arn:").unwrap_or(reference),
            ),
        };
        let id = name.strip_prefix("key/").unwrap_or(name);
        let (number, owner) = self.accounts.get_key_value(&owner)?;
        owner
            .keys
            .iter()
            .find(|key| {
                key.region == *region
                    && (key.id == id || key.aliases.iter().any(|alias| alias == name))
            })
            .map(|key| (number, key))
    }
}
