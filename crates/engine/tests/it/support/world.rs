//! What stands in the fake AWS, and what its operations do there.

use super::Fault;
use domain::{
    AccountNumber, Millis, PolicyName, PolicyRevisionId, ProjectArn, ProjectVersionArn, Region,
    VersionStatus,
};
use operations::ports::aws::{
    CopyRequest, ProjectDescription, ProjectPolicy, Refusal, VersionDescription, WriteScope,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// Something that this AWS does otherwise than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Habit {
    /// Copies end in `COPYING_FAILED`.
    FailsCopies,
    /// Descriptions do not show the output.
    HidesOutput,
    /// Tags cannot be read.
    HidesTags,
    /// Policies with conditions are refused.
    RefusesConditions,
}

/// Everything that stands there.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) projects: Vec<ProjectDescription>,
    pub(super) versions: Vec<Held>,
    pub(super) policies: Vec<(ProjectArn, ProjectPolicy)>,
    pub(super) faults: HashMap<&'static str, VecDeque<Fault>>,
    /// Operations in the order in which they arrived.
    pub(crate) calls: Vec<&'static str>,
    /// Every copy that arrived.
    pub(crate) copies: Vec<CopyRequest>,
    /// Copies that were taken.
    pub(crate) accepted: Vec<ProjectVersionArn>,
    /// Copies that arrived while a version of their name stood there and could be seen.
    pub(crate) needless: usize,
    /// Documents that were put, in order.
    pub(crate) documents: Vec<String>,
    pub(super) revisions: u64,
    /// How long a copy takes.
    pub(crate) copy_ms: i64,
    /// How long a new version stays invisible.
    pub(crate) hidden_ms: i64,
    /// What it does otherwise than usual.
    pub(crate) habits: BTreeSet<Habit>,
    /// The account that roles lead into, if not their own.
    pub(crate) elsewhere: Option<AccountNumber>,
    /// How far AWS's clock is ahead of ours.
    pub(crate) clock_ahead_ms: i64,
    /// The bucket's Region, if not the asked one.
    pub(crate) bucket_region: Option<Region>,
}

pub(super) struct Held {
    pub(super) project: ProjectArn,
    pub(super) version: VersionDescription,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) visible_at: Millis,
    pub(super) done_at: Millis,
}

impl World {
    fn next_revision(&mut self) -> PolicyRevisionId {
        self.revisions += 1;
        format!("{:032x}", self.revisions)
            .parse()
            .expect("a revision id")
    }

    pub(super) fn put(
        &mut self,
        project: &ProjectArn,
        name: &PolicyName,
        document: &str,
    ) -> PolicyRevisionId {
        let revision = self.next_revision();
        self.policies
            .retain(|(held, policy)| held != project || policy.name != *name);
        self.policies.push((
            project.clone(),
            ProjectPolicy {
                name: name.clone(),
                revision: revision.clone(),
                document: document.to_owned(),
                created: None,
                updated: None,
            },
        ));
        revision
    }

    pub(super) fn find(&self, project: &ProjectArn, name: &PolicyName) -> Option<&ProjectPolicy> {
        self.policies
            .iter()
            .find(|(held, policy)| held == project && policy.name == *name)
            .map(|(_, policy)| policy)
    }

    /// Somebody else adds a statement to the first policy, or makes one of their own.
    pub(super) fn edit_first_policy(&mut self) {
        const THEIRS: &str = r#"{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:role/x"},"Action":"rekognition:CopyProjectVersion","Resource":"*"}"#;
        let Some((project, policy)) = self.policies.first().cloned() else {
            let Some(project) = self.projects.first().map(|project| project.arn.clone()) else {
                return;
            };
            let name: PolicyName = "theirs".parse().expect("a policy name");
            let document = format!(r#"{{"Version":"2012-10-17","Statement":[{THEIRS}]}}"#);
            self.put(&project, &name, &document);
            return;
        };
        let document = if policy.document.contains("Theirs") {
            policy.document.clone()
        } else {
            policy
                .document
                .replacen("\"Statement\":[", &format!("\"Statement\":[{THEIRS},"), 1)
        };
        self.put(&project, &policy.name, &document);
    }

    pub(super) fn copy(
        &mut self,
        now: Millis,
        scope: &WriteScope,
        request: &CopyRequest,
    ) -> Result<ProjectVersionArn, (Refusal, &'static str)> {
        self.copies.push(request.clone());
        let granted = request.source_project.account() == request.destination_project.account()
            || self.policies.iter().any(|(project, policy)| {
                *project == request.source_project
                    && policy.document.contains(&scope.access.role.to_string())
                    && policy
                        .document
                        .contains(&request.source_version.to_string())
            });
        if !granted {
            return Err((Refusal::Access, "AccessDeniedException"));
        }
        let taken = self.versions.iter().find(|held| {
            held.project == request.destination_project
                && *held.version.arn.name() == request.version_name
        });
        if let Some(taken) = taken {
            if taken.visible_at <= now {
                self.needless += 1;
            }
            return Err((Refusal::AlreadyExists, "ResourceInUseException"));
        }
        let number = 1_795_600_000_000 + self.accepted.len() as u64;
        let arn = ProjectVersionArn::from_parts(
            &request.destination_project,
            request.version_name.clone(),
            number,
        );
        self.accepted.push(arn.clone());
        self.versions.push(Held {
            project: request.destination_project.clone(),
            version: VersionDescription {
                arn: arn.clone(),
                status: VersionStatus::CopyingInProgress,
                status_message: None,
                created: Some(now),
                f1: Some(0.93),
                source: Some(request.source_version.clone()),
                output: Some((request.bucket.to_string(), request.prefix.to_string())),
                kms_key: request.kms_key.as_ref().map(ToString::to_string),
            },
            tags: request.tags.clone(),
            visible_at: now.plus(self.hidden_ms),
            done_at: now.plus(self.copy_ms),
        });
        Ok(arn)
    }

    pub(super) fn shown(&self, now: Millis, project: &ProjectArn) -> Vec<VersionDescription> {
        let visible = |held: &&Held| held.project == *project && held.visible_at <= now;
        self.versions
            .iter()
            .filter(visible)
            .map(|held| {
                let mut version = held.version.clone();
                if version.status == VersionStatus::CopyingInProgress && held.done_at <= now {
                    if self.habits.contains(&Habit::FailsCopies) {
                        version.status = VersionStatus::CopyingFailed;
                        version.status_message = Some("the fake let it fail".to_owned());
                    } else {
                        version.status = VersionStatus::CopyingCompleted;
                    }
                }
                if self.habits.contains(&Habit::HidesOutput) {
                    version.output = None;
                }
                version
            })
            .collect()
    }
}
