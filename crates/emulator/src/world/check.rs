//! Rules between the values of a world.

use super::file::AccountFile;
use super::place::Step;
use super::read::Wrong;
use std::collections::BTreeSet;

/// Checks that names are unique where AWS has them unique within an account. `at` leads to the
/// account.
pub(super) fn account(account: &AccountFile, at: &[Step]) -> Result<(), Wrong> {
    // IAM does not tell names apart by case alone.
    let users = account.user.iter().map(|user| user.name.as_str());
    unique(at, "user", "name", users.map(str::to_lowercase))?;
    let roles = account.role.iter().map(|role| role.name.as_str());
    unique(at, "role", "name", roles.map(str::to_lowercase))?;
    let keys = account.key.iter();
    let keys = keys.map(|key| format!("{} {}", key.region, key.id.as_str()));
    unique(at, "key", "id", keys)?;
    let projects = account.project.iter();
    let projects = projects.map(|one| format!("{} {}", one.region, one.name.as_str()));
    unique(at, "project", "name", projects)?;
    for (index, project) in account.project.iter().enumerate() {
        let mut at = at.to_vec();
        at.extend([Step::Key("project".to_owned()), Step::Index(index)]);
        let versions = project.version.iter().map(|one| one.name.as_str());
        unique(&at, "version", "name", versions)?;
        let policies = project.policies.iter().map(|one| one.name.as_str());
        unique(&at, "policies", "name", policies)?;
    }
    Ok(())
}

fn unique<T: Ord>(
    at: &[Step],
    list: &str,
    key: &str,
    names: impl Iterator<Item = T>,
) -> Result<(), Wrong> {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name) {
            return Err(Wrong {
                steps: nested(at, list, index, key),
                problem: "stands twice".to_owned(),
            });
        }
    }
    Ok(())
}

/// A name that only one account in all of AWS can have, and where it stands in its account.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

impl Claim {
    /// The name of the bucket, if it is one.
    pub(super) fn bucket(&self) -> Option<&str> {
        self.name.strip_prefix("bucket ")
    }
}

/// The bucket names and access keys of an account. `at` leads to it.
pub(super) fn claims(account: &AccountFile, at: &[Step]) -> Vec<Claim> {
    let buckets = account.bucket.iter().enumerate().map(|(index, one)| Claim {
        name: format!("bucket {}", one.name.as_str()),
        steps: nested(at, "bucket", index, "name"),
    });
    let keys = account.user.iter().enumerate().map(|(index, one)| Claim {
        name: format!("access key {}", one.access_key_id.as_str()),
        steps: nested(at, "user", index, "access_key_id"),
    });
    buckets.chain(keys).collect()
}

fn nested(at: &[Step], list: &str, index: usize, key: &str) -> Vec<Step> {
    let mut steps = at.to_vec();
    steps.extend([
        Step::Key(list.to_owned()),
        Step::Index(index),
        Step::Key(key.to_owned()),
    ]);
    steps
}
