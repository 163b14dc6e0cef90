//! Brings a world file to life, and lays changes of it over what has happened since.

use super::State;
use super::account::{Account, Bucket, Key, Role, User};
use super::model::{Details, Project, ProjectPolicy, Version};
use crate::random;
use crate::world::file::{
    AccountFile, BucketFile, KeyFile, ProjectFile, RoleFile, UserFile, VersionFile,
};
use crate::world::text::PolicyText;
use domain::{AccountNumber, Millis, Random};
use serde_json::Value;
use std::collections::BTreeMap;

impl State {
    /// Everything that `accounts` describe, and nothing else.
    pub(crate) fn seeded(accounts: Vec<AccountFile>, random: &dyn Random) -> Self {
        let mut state = Self::default();
        for account in accounts {
            let mut seeded = identities(&account);
            seeded.projects = account
                .project
                .into_iter()
                .map(|file| project(&account.id, file, random))
                .collect();
            state.accounts.insert(account.id, seeded);
        }
        state
    }

    /// Takes over the accounts that `fragment` changed. Their users, roles, buckets and keys
    /// become as the accounts say; projects, policies and versions change only where the fragment
    /// names them, so that copies and policies made meanwhile stay.
    pub(crate) fn apply(
        &mut self,
        accounts: &[AccountFile],
        fragment: &Value,
        random: &dyn Random,
    ) {
        for account in accounts {
            let before = self.accounts.remove(&account.id);
            let mut after = identities(account);
            after.projects = before.map(|before| before.projects).unwrap_or_default();
            for (project, changes) in changed_projects(account, fragment) {
                upsert_project(&mut after.projects, &account.id, project, changes, random);
            }
            self.accounts.insert(account.id.clone(), after);
        }
    }
}

fn identities(file: &AccountFile) -> Account {
    let account = &file.id;
    Account {
        alias: file.alias.clone(),
        users: by_name(
            &file.user,
            |user| user.name.as_str(),
            |one| user(account, one),
        ),
        roles: by_name(
            &file.role,
            |role| role.name.as_str(),
            |one| role(account, one),
        ),
        buckets: by_name(&file.bucket, |bucket| bucket.name.as_str(), bucket),
        keys: file.key.iter().map(|one| key(account, one)).collect(),
        projects: Vec::new(),
    }
}

fn by_name<F, T>(
    files: &[F],
    name: impl Fn(&F) -> &str,
    build: impl Fn(&F) -> T,
) -> BTreeMap<String, T> {
    files
        .iter()
        .map(|file| (name(file).to_owned(), build(file)))
        .collect()
}

fn user(account: &AccountNumber, file: &UserFile) -> User {
    User {
        name: file.name.as_str().to_owned(),
        arn: format!("arn:aws:iam::{account}:user/{}", file.name.as_str()),
        access_key_id: file.access_key_id.as_str().to_owned(),
        secret: file.secret_access_key.clone(),
        policy: file.policy.clone(),
        tags: file.tags.clone(),
    }
}

fn role(account: &AccountNumber, file: &RoleFile) -> Role {
    Role {
        name: file.name.as_str().to_owned(),
        arn: format!(
            "arn:aws:iam::{account}:role{}{}",
            file.path.as_str(),
            file.name.as_str()
        ),
        trust_policy: file.trust_policy.clone(),
        policy: file.policy.clone(),
        max_session_seconds: file.max_session_seconds.0,
        tags: file.tags.clone(),
    }
}

fn bucket(file: &BucketFile) -> Bucket {
    Bucket {
        region: file.region.clone(),
        policy: file.policy.clone(),
    }
}

fn key(account: &AccountNumber, file: &KeyFile) -> Key {
    Key {
        id: file.id.as_str().to_owned(),
        region: file.region.clone(),
        enabled: file.enabled,
        aliases: file
            .aliases
            .iter()
            .map(|alias| alias.as_str().to_owned())
            .collect(),
        policy: file
            .policy
            .clone()
            .unwrap_or_else(|| default_key_policy(account)),
    }
}

/// KMS's default key policy: the account's identity policies decide ("Default key policy", AWS
/// KMS Developer Guide).
fn default_key_policy(account: &AccountNumber) -> PolicyText {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{account}:root"}},"Action":"kms:*","Resource":"*"}}]}}"#
    );
    PolicyText::parse(&text).expect("the default key policy is a policy")
}

fn project(account: &AccountNumber, file: ProjectFile, random: &dyn Random) -> Project {
    Project {
        account: account.clone(),
        policies: policies(&file, random),
        region: file.region,
        name: file.name.into(),
        number: file.created_ms,
        tags: BTreeMap::new(),
        deleted: Vec::new(),
        versions: file.version.into_iter().map(version).collect(),
    }
}

fn policies(file: &ProjectFile, random: &dyn Random) -> Vec<ProjectPolicy> {
    let created = moment(file.created_ms);
    file.policies
        .iter()
        .map(|policy| ProjectPolicy {
            name: policy.name.as_str().to_owned(),
            revision: random::hexadecimal(random, 32),
            document: policy.document.clone(),
            created,
            updated: created,
        })
        .collect()
}

fn version(file: VersionFile) -> Version {
    let created = moment(file.created_ms);
    let source_version_arn = file.source_version_arn.map(|arn| arn.as_str().to_owned());
    Version {
        name: file.name.into(),
        number: file.created_ms,
        created,
        visible_from: Millis::new(0),
        status: file.status,
        status_message: file.status_message,
        origin_version_arn: source_version_arn.clone(),
        source_version_arn,
        kms_key: file.kms_key.map(|key| key.as_str().to_owned()),
        details: Details {
            f1: file.f1,
            labels: file.labels,
            summary: file.f1.and_then(|_| file.output.clone()),
            description: file.description,
            training_seconds: file.training_seconds,
            training_ended: file
                .training_seconds
                .map(|seconds| created.plus(i64::from(seconds) * 1000)),
        },
        output: file.output,
        tags: file.tags,
        copy: None,
        gone_at: None,
        results_written: file.status.has_results(),
    }
}

fn moment(created_ms: u64) -> Millis {
    Millis::new(i64::try_from(created_ms).unwrap_or(i64::MAX))
}

/// The projects of `account` that the fragment names, each with the fragment's entry.
fn changed_projects<'a>(
    account: &'a AccountFile,
    fragment: &'a Value,
) -> impl Iterator<Item = (&'a ProjectFile, &'a Value)> {
    let list = |value: &'a Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice)
    };
    list(fragment, "account")
        .iter()
        .filter(|entry| entry["id"] == account.id.as_str())
        .flat_map(move |entry| list(entry, "project"))
        .filter_map(|entry| {
            let file = account.project.iter().find(|file| {
                entry["region"] == file.region.as_str() && entry["name"] == file.name.as_str()
            })?;
            Some((file, entry))
        })
}

fn upsert_project(
    projects: &mut Vec<Project>,
    account: &AccountNumber,
    file: &ProjectFile,
    changes: &Value,
    random: &dyn Random,
) {
    let same = |project: &&mut Project| {
        project.region == file.region && project.name == file.name.as_str()
    };
    let Some(existing) = projects.iter_mut().find(same) else {
        projects.push(project(account, file.clone(), random));
        return;
    };
    existing.number = file.created_ms;
    if changes.get("policies").is_some() {
        existing.policies = policies(file, random);
    }
    let named = changes
        .get("version")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    for one in &file.version {
        if named.iter().any(|entry| entry["name"] == one.name.as_str()) {
            existing
                .versions
                .retain(|version| version.name != one.name.as_str());
            existing.versions.push(version(one.clone()));
        }
    }
}
