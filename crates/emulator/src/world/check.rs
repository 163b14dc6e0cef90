//! Rules between the values of a world.

use super::error::WorldError;
use super::file::{AccountFile, WorldFile};
use super::place::{Step, describe};
use std::collections::BTreeSet;

/// Checks that names are unique where AWS has them unique, and that nothing is set that the
/// emulator would silently not do. `text` is the TOML, for line numbers.
pub(super) fn check(file: &WorldFile, text: Option<&str>) -> Result<(), WorldError> {
    let checker = Checker { text };
    checker.settings(file)?;
    checker.unique_accounts(&file.account)?;
    for (index, account) in file.account.iter().enumerate() {
        checker.account(index, account)?;
    }
    checker.unique_across_accounts(&file.account)
}

struct Checker<'a> {
    text: Option<&'a str>,
}

impl Checker<'_> {
    fn refuse(&self, path: &[Step], problem: impl Into<String>) -> WorldError {
        WorldError::Inconsistent {
            place: describe(self.text, path),
            problem: problem.into(),
        }
    }

    fn settings(&self, file: &WorldFile) -> Result<(), WorldError> {
        const NOT_IMPLEMENTED: &str = "is not implemented; leave it out or set its default";
        if file.delete_seconds.milliseconds() != 2000 {
            return Err(self.refuse(&[Step::Key("delete_seconds")], NOT_IMPLEMENTED));
        }
        if file.quotas.projects != 100 {
            return Err(self.refuse(
                &[Step::Key("quotas"), Step::Key("projects")],
                NOT_IMPLEMENTED,
            ));
        }
        if !file.assumptions.name_reusable_after_delete {
            let path = [
                Step::Key("assumptions"),
                Step::Key("name_reusable_after_delete"),
            ];
            return Err(self.refuse(&path, NOT_IMPLEMENTED));
        }
        Ok(())
    }

    fn unique_accounts(&self, accounts: &[AccountFile]) -> Result<(), WorldError> {
        let mut seen = BTreeSet::new();
        for (index, account) in accounts.iter().enumerate() {
            if !seen.insert(&account.id) {
                let path = [Step::Key("account"), Step::Index(index), Step::Key("id")];
                return Err(self.refuse(&path, "this account stands twice"));
            }
        }
        Ok(())
    }

    fn account(&self, index: usize, account: &AccountFile) -> Result<(), WorldError> {
        let names = |list: &'static str, names: Vec<String>| {
            self.unique(&[Step::Key("account"), Step::Index(index)], list, names)
        };
        names(
            "user",
            account
                .user
                .iter()
                .map(|user| user.name.as_str().to_lowercase())
                .collect(),
        )?;
        names(
            "role",
            account
                .role
                .iter()
                .map(|role| role.name.as_str().to_lowercase())
                .collect(),
        )?;
        names(
            "key",
            account
                .key
                .iter()
                .map(|key| format!("{} {}", key.region, key.id.as_str()))
                .collect(),
        )?;
        names(
            "project",
            account
                .project
                .iter()
                .map(|project| format!("{} {}", project.region, project.name.as_str()))
                .collect(),
        )?;
        for (at, project) in account.project.iter().enumerate() {
            let path = [
                Step::Key("account"),
                Step::Index(index),
                Step::Key("project"),
                Step::Index(at),
            ];
            let versions = project
                .version
                .iter()
                .map(|one| one.name.as_str().to_owned());
            self.unique(&path, "version", versions.collect())?;
            let policies = project
                .policies
                .iter()
                .map(|one| one.name.as_str().to_owned());
            self.unique(&path, "policies", policies.collect())?;
        }
        Ok(())
    }

    fn unique(
        &self,
        parent: &[Step],
        list: &'static str,
        names: Vec<String>,
    ) -> Result<(), WorldError> {
        let mut seen = BTreeSet::new();
        for (index, name) in names.into_iter().enumerate() {
            if !seen.insert(name) {
                let mut path = parent.to_vec();
                path.extend([Step::Key(list), Step::Index(index)]);
                return Err(self.refuse(&path, "this name stands twice"));
            }
        }
        Ok(())
    }

    /// Bucket names and access keys are unique in all of AWS.
    fn unique_across_accounts(&self, accounts: &[AccountFile]) -> Result<(), WorldError> {
        let mut seen = BTreeSet::new();
        for (index, account) in accounts.iter().enumerate() {
            for (at, bucket) in account.bucket.iter().enumerate() {
                if !seen.insert(bucket.name.as_str()) {
                    return Err(
                        self.refuse(&nested(index, "bucket", at), "this bucket name is taken")
                    );
                }
            }
            for (at, user) in account.user.iter().enumerate() {
                if !seen.insert(user.access_key_id.as_str()) {
                    return Err(self.refuse(&nested(index, "user", at), "this access key is taken"));
                }
            }
        }
        Ok(())
    }
}

fn nested(account: usize, list: &'static str, at: usize) -> [Step; 4] {
    [
        Step::Key("account"),
        Step::Index(account),
        Step::Key(list),
        Step::Index(at),
    ]
}
