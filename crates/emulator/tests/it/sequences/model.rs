//! What a sequence of calls must do, in the plainest terms. It shares nothing with the emulator.

use super::calls::{At, Call, Grant, Revision};
use super::rig::{COPY_SECONDS, DELETE_SECONDS, MODELS, POLICIES, PROJECTS, SEEDED_MS, Seen};
use std::collections::BTreeMap;

/// The error that must come, or none.
pub(super) type Expected = Result<(), &'static str>;

const DENIED: Expected = Err("AccessDeniedException");
const NOT_FOUND: Expected = Err("ResourceNotFoundException");
const IN_USE: Expected = Err("ResourceInUseException");

#[derive(Clone)]
pub(super) struct Version {
    pub(super) arn: String,
    status: String,
    ends: Option<u32>,
    source: Option<String>,
}

#[derive(Clone, Default)]
pub(super) struct Project {
    pub(super) arn: String,
    pub(super) versions: BTreeMap<String, Version>,
    /// By name: what it says, with the ARN that it is about, and its revision.
    pub(super) policies: BTreeMap<String, (Grant, Option<String>, String)>,
}

/// Everything that exists, by account and name of the project.
pub(super) struct Model {
    now: u32,
    projects: BTreeMap<(usize, String), Project>,
}

/// Users 0 and 2 may do everything, users 1 and 3 only this.
fn identity(user: usize, action: &str) -> bool {
    user.is_multiple_of(2)
        || action.starts_with("Describe")
        || action.starts_with("List")
        || ["CopyProjectVersion", "DeleteProjectVersion"].contains(&action)
}

fn account(user: usize) -> usize {
    user / 2
}

impl Model {
    /// With the seeded versions as the emulator shows them.
    pub(super) fn seeded(versions: &BTreeMap<String, String>) -> Self {
        let mut projects: BTreeMap<(usize, String), Project> = BTreeMap::new();
        for (arn, status) in versions {
            let account = usize::from(arn.contains(":222222222222:"));
            let parts: Vec<&str> = arn.split('/').collect();
            let project = projects.entry((account, parts[1].to_owned())).or_default();
            project.arn = format!("{}/{}/{SEEDED_MS}", parts[0], parts[1]);
            let version = Version {
                arn: arn.clone(),
                status: status.clone(),
                ends: None,
                source: None,
            };
            project.versions.insert(parts[3].to_owned(), version);
        }
        Self { now: 0, projects }
    }

    pub(super) fn project(&self, at: At) -> Option<&Project> {
        self.projects.get(&(at.account, at.project.to_owned()))
    }

    fn project_mut(&mut self, at: At) -> &mut Project {
        self.projects
            .get_mut(&(at.account, at.project.to_owned()))
            .unwrap()
    }

    pub(super) fn version(&self, at: At, name: &str) -> Option<&Version> {
        self.project(at)?.versions.get(name)
    }

    /// Every version's status by ARN.
    pub(super) fn versions(&self) -> BTreeMap<String, String> {
        self.projects
            .values()
            .flat_map(|project| project.versions.values())
            .map(|version| (version.arn.clone(), version.status.clone()))
            .collect()
    }

    /// What `call` must answer.
    pub(super) fn expect(&self, call: &Call) -> Expected {
        match *call {
            Call::Advance(_) | Call::DescribeProjects(_) => Ok(()),
            Call::CreateProject(user, name) => self.create(user, name),
            Call::DescribeVersions(user, at) => self.on_project(user, "Describe", at),
            Call::ListPolicies(user, at) => self.on_project(user, "List", at),
            Call::Tag(user, at, name) => self.on_resource(user, "TagResource", at, name),
            Call::Untag(user, at, name) => self.on_resource(user, "UntagResource", at, name),
            Call::ListTags(user, at, name) => self.on_resource(user, "List", at, name),
            Call::DeleteVersion(user, at, name) => self.delete(user, at, name),
            Call::PutPolicy(user, at, name, _, revision) => {
                self.on_project(user, "PutProjectPolicy", at)?;
                self.put(at, name, revision)
            }
            Call::DeletePolicy(user, at, name, revision) => {
                self.on_project(user, "DeleteProjectPolicy", at)?;
                match (self.project(at).unwrap().policies.get(name), revision) {
                    (None, _) => NOT_FOUND,
                    (Some(_), Revision::Stale) => Err("InvalidPolicyRevisionIdException"),
                    (Some(_), _) => Ok(()),
                }
            }
            Call::Copy {
                user,
                from,
                version,
                into,
                name,
            } => self.copy(user, from, version, into, name),
        }
    }

    fn on_project(&self, user: usize, action: &str, at: At) -> Expected {
        self.on_resource(user, action, at, None)
    }

    fn on_resource(&self, user: usize, action: &str, at: At, version: Option<&str>) -> Expected {
        if account(user) != at.account || !identity(user, action) {
            return DENIED;
        }
        let there = match version {
            None => self.project(at).is_some(),
            Some(version) => self.version(at, version).is_some(),
        };
        if there { Ok(()) } else { NOT_FOUND }
    }

    fn create(&self, user: usize, name: &str) -> Expected {
        let own = account(user);
        if !identity(user, "CreateProject") {
            return DENIED;
        }
        if self.projects.contains_key(&(own, name.to_owned())) {
            return IN_USE;
        }
        let count = self.projects.keys().filter(|(account, _)| *account == own);
        if count.count() >= PROJECTS {
            return Err("LimitExceededException");
        }
        Ok(())
    }

    fn delete(&self, user: usize, at: At, name: &str) -> Expected {
        self.on_resource(user, "DeleteProjectVersion", at, Some(name))?;
        let status = self.version(at, name).unwrap().status.as_str();
        if status.ends_with("COMPLETED") || status.ends_with("FAILED") || status == "STOPPED" {
            Ok(())
        } else {
            IN_USE
        }
    }

    fn put(&self, at: At, name: &str, revision: Revision) -> Expected {
        let policies = &self.project(at).unwrap().policies;
        match (policies.contains_key(name), revision) {
            (true, Revision::Current) => Ok(()),
            (_, Revision::Current | Revision::Stale) => Err("InvalidPolicyRevisionIdException"),
            (true, Revision::None) => Err("ResourceAlreadyExistsException"),
            (false, Revision::None) if policies.len() >= POLICIES => Err("LimitExceededException"),
            (false, Revision::None) => Ok(()),
        }
    }

    /// Whether a policy of the source project is about this copy and has this effect.
    fn policies_say(&self, allow: bool, user: usize, from: At, source: &str) -> bool {
        let policies = self.project(from).map(|project| &project.policies);
        policies.into_iter().flatten().any(|(_, (grant, arn, _))| {
            let named = if grant.whole_account {
                account(grant.user) == account(user)
            } else {
                grant.user == user
            };
            let about = arn.as_deref().is_none_or(|arn| arn == source);
            grant.allow == allow && named && about
        })
    }

    fn copy(&self, user: usize, from: At, version: &str, into: At, name: &str) -> Expected {
        if into.account != account(user) || !identity(user, "CopyProjectVersion") {
            return DENIED;
        }
        let source = self.version(from, version);
        let arn = source.map_or_else(|| missing_version(from, version), |one| one.arn.clone());
        let foreign = from.account != account(user);
        if self.policies_say(false, user, from, &arn)
            || (foreign && !self.policies_say(true, user, from, &arn))
        {
            return DENIED;
        }
        let Some(source) = source else {
            return NOT_FOUND;
        };
        if ![
            "TRAINING_COMPLETED",
            "COPYING_COMPLETED",
            "RUNNING",
            "STOPPED",
        ]
        .contains(&source.status.as_str())
        {
            return Err("InvalidParameterException");
        }
        let Some(destination) = self.project(into) else {
            return NOT_FOUND;
        };
        if destination.versions.contains_key(name) {
            return IN_USE;
        }
        if destination.versions.len() >= MODELS {
            return Err("ServiceQuotaExceededException");
        }
        Ok(())
    }

    /// Does what `call` does, if the emulator did it.
    pub(super) fn apply(&mut self, call: &Call, seen: Option<&Seen>) {
        if let Call::Advance(seconds) = call {
            self.advance(*seconds);
        }
        let Some(seen) = seen.filter(|seen| seen.error.is_none()) else {
            return;
        };
        let answered = |member: &str| seen.body[member].as_str().unwrap_or_default().to_owned();
        match *call {
            Call::CreateProject(user, name) => {
                let project = Project {
                    arn: answered("ProjectArn"),
                    ..Project::default()
                };
                self.projects
                    .insert((account(user), name.to_owned()), project);
            }
            Call::Copy {
                from,
                version,
                into,
                name,
                ..
            } => {
                let new = Version {
                    arn: answered("ProjectVersionArn"),
                    status: "COPYING_IN_PROGRESS".to_owned(),
                    ends: Some(self.now + COPY_SECONDS),
                    source: self.version(from, version).map(|one| one.arn.clone()),
                };
                self.project_mut(into).versions.insert(name.to_owned(), new);
            }
            Call::DeleteVersion(_, at, name) => {
                let gone = self.now + DELETE_SECONDS;
                let version = self.project_mut(at).versions.get_mut(name).unwrap();
                "DELETING".clone_into(&mut version.status);
                version.ends = Some(gone);
            }
            Call::PutPolicy(_, at, name, grant, _) => {
                let about = grant.version.map(|version| self.arn_of(at, version));
                let entry = (grant, about, answered("PolicyRevisionId"));
                self.project_mut(at).policies.insert(name.to_owned(), entry);
            }
            Call::DeletePolicy(_, at, name, _) => {
                self.project_mut(at).policies.remove(name);
            }
            _ => {}
        }
    }

    /// The ARN of a version, made up if there is none.
    pub(super) fn arn_of(&self, at: At, version: &str) -> String {
        self.version(at, version)
            .map_or_else(|| missing_version(at, version), |one| one.arn.clone())
    }

    /// Second by second. Within one second copies end before deletions: whatever is being copied
    /// was not being deleted yet when its copy began.
    fn advance(&mut self, seconds: u32) {
        for _ in 0..seconds {
            self.now += 1;
            let now = self.now;
            let there: Vec<String> = self.versions().into_keys().collect();
            let versions = self
                .projects
                .values_mut()
                .flat_map(|project| project.versions.values_mut());
            for version in versions {
                if version.status == "COPYING_IN_PROGRESS" && version.ends == Some(now) {
                    let source = version.source.as_ref().unwrap();
                    let ended = if there.contains(source) {
                        "COPYING_COMPLETED"
                    } else {
                        "COPYING_FAILED"
                    };
                    ended.clone_into(&mut version.status);
                }
            }
            for project in self.projects.values_mut() {
                project
                    .versions
                    .retain(|_, one| one.status != "DELETING" || one.ends != Some(now));
            }
        }
    }
}

/// The ARN of a version that is not there.
pub(super) fn missing_version(at: At, version: &str) -> String {
    let account = super::rig::ACCOUNTS[at.account];
    let project = at.project;
    format!("arn:aws:rekognition:eu-west-1:{account}:project/{project}/version/{version}/7")
}
