//! An AWS in memory: it keeps projects, versions and policies, does what it is asked unless a fault
//! is scripted, and is the oracle for what was really done.

use super::world::{Habit, Held, World};
use super::{Fault, ManualClock};
use async_trait::async_trait;
use domain::{
    BucketName, Clock, Millis, PolicyName, PolicyRevisionId, ProjectArn, ProjectVersionArn, Region,
    RoleAccess, VersionName, VersionStatus,
};
use operations::ports::aws::{
    Answer, AwsError, AwsReads, AwsWrites, BucketFacts, Call, CallerIdentity, CopyRequest,
    ErrorClass, ExternalIdUse, ProjectDescription, ProjectPolicy, Refusal, VersionDescription,
    WriteScope,
};
use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;

/// The fake. All of it can be changed between calls.
pub(crate) struct FakeAws {
    clock: Arc<ManualClock>,
    world: Mutex<World>,
    /// Told when a caller meets [`Fault::DiesBefore`], [`Fault::DiesAfter`], [`Fault::Slow`] or [`Fault::Late`].
    pub(crate) stuck: Notify,
}

/// A version made by somebody else.
pub(crate) struct ForeignVersion<'a> {
    pub(crate) project: &'a ProjectArn,
    pub(crate) name: &'a str,
    pub(crate) source: Option<ProjectVersionArn>,
    pub(crate) created: Millis,
    pub(crate) prefix: &'a str,
}

impl FakeAws {
    pub(crate) fn new(clock: Arc<ManualClock>) -> Self {
        let world = World {
            copy_ms: 5_000,
            ..World::default()
        };
        Self {
            clock,
            world: Mutex::new(world),
            stuck: Notify::new(),
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test panics in here")
    }

    /// The next calls of `operation` meet these faults, one each.
    pub(crate) fn script(&self, operation: &'static str, faults: impl IntoIterator<Item = Fault>) {
        self.world()
            .faults
            .entry(operation)
            .or_default()
            .extend(faults);
    }

    /// Forgets all faults that are still to come.
    pub(crate) fn forget_faults(&self) {
        self.world().faults.clear();
    }

    /// Puts the grant of `job` as an engine would whose put arrives only now.
    pub(crate) async fn put_ours(&self, job: domain::JobId, rig: &super::Rig) {
        let installation = {
            let mut reader = rig.store.read().await.expect("a reader");
            store::installation::find(&mut reader).await
        };
        let installation = installation.expect("it is read").expect("it is there");
        let name = operations::policies::managed_policy_name(&installation);
        let id = rig.view(job).await.proposal.id.to_string();
        let document = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Ch{}","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::333333333333:role/customhouse-promoter"}},"Action":"rekognition:CopyProjectVersion","Resource":"{}"}}]}}"#,
            &id[4..],
            super::SOURCE_VERSION
        );
        self.put_outside(&super::source(), name.as_str(), &document);
    }

    /// How often `operation` arrived.
    pub(crate) fn count(&self, operation: &str) -> usize {
        let world = self.world();
        world
            .calls
            .iter()
            .filter(|call| **call == operation)
            .count()
    }

    pub(crate) fn add_project(&self, arn: &ProjectArn) {
        self.world().projects.push(ProjectDescription {
            arn: arn.clone(),
            status: "CREATED".to_owned(),
            created: Some(Millis::new(0)),
        });
    }

    pub(crate) fn add_trained(&self, project: &ProjectArn, arn: &ProjectVersionArn) {
        let now = self.clock.now();
        self.world().versions.push(Held {
            project: project.clone(),
            version: VersionDescription {
                arn: arn.clone(),
                status: VersionStatus::TrainingCompleted,
                status_message: None,
                created: Some(Millis::new(0)),
                f1: Some(0.93),
                source: None,
                output: None,
                kms_key: None,
            },
            tags: BTreeMap::new(),
            visible_at: now,
            done_at: now,
        });
    }

    /// Somebody tags the version that was added last.
    pub(crate) fn tag_newest(&self, key: String, value: String) {
        if let Some(version) = self.world().versions.last_mut() {
            version.tags.insert(key, value);
        }
    }

    pub(crate) fn add_foreign(&self, foreign: &ForeignVersion<'_>) {
        let name: VersionName = foreign.name.parse().expect("a version name");
        let arn = ProjectVersionArn::from_parts(foreign.project, name, 1_700_000_000_000);
        self.world().versions.push(Held {
            project: foreign.project.clone(),
            version: VersionDescription {
                arn,
                status: VersionStatus::CopyingCompleted,
                status_message: None,
                created: Some(foreign.created),
                f1: None,
                source: foreign.source.clone(),
                output: Some(("elsewhere".to_owned(), foreign.prefix.to_owned())),
                kms_key: None,
            },
            tags: BTreeMap::new(),
            visible_at: foreign.created,
            done_at: foreign.created,
        });
    }

    /// Changes every version of `project` that a description would show.
    pub(crate) fn change_versions(
        &self,
        project: &ProjectArn,
        change: impl Fn(&mut VersionDescription),
    ) {
        for held in &mut self.world().versions {
            if held.project == *project {
                change(&mut held.version);
            }
        }
    }

    /// How many versions stand in `project`, hidden ones included.
    pub(crate) fn versions(&self, project: &ProjectArn) -> usize {
        let world = self.world();
        let stands = |held: &&Held| held.project == *project;
        world.versions.iter().filter(stands).count()
    }

    /// Hides every version of `project` until `moment`.
    pub(crate) fn hide_versions(&self, project: &ProjectArn, moment: Millis) {
        for held in &mut self.world().versions {
            if held.project == *project {
                held.visible_at = moment;
            }
        }
    }

    /// Removes every version of `project`, as somebody outside would.
    pub(crate) fn remove_versions(&self, project: &ProjectArn) {
        self.world()
            .versions
            .retain(|held| held.project != *project);
    }

    pub(crate) fn put_outside(&self, project: &ProjectArn, name: &str, document: &str) {
        let mut world = self.world();
        let name: PolicyName = name.parse().expect("a policy name");
        world.put(project, &name, document);
    }

    pub(crate) fn remove_policy(&self, project: &ProjectArn, name: &str) {
        self.world()
            .policies
            .retain(|(held, policy)| held != project || policy.name.as_str() != name);
    }

    pub(crate) fn policies(&self, project: &ProjectArn) -> Vec<(String, String)> {
        self.world()
            .policies
            .iter()
            .filter(|(held, _)| held == project)
            .map(|(_, policy)| (policy.name.to_string(), policy.document.clone()))
            .collect()
    }

    fn call(&self, operation: &'static str) -> Call {
        Call {
            operation,
            at: self.clock.now(),
            took_ms: 7,
            request_id: Some(format!("request-{operation}")),
        }
    }

    fn answer<T>(&self, operation: &'static str, value: T) -> Answer<T> {
        let ahead_ms = self.world().clock_ahead_ms;
        Answer {
            value,
            call: self.call(operation),
            date: Some(self.clock.now().plus(ahead_ms).whole_second()),
        }
    }

    fn error(&self, operation: &'static str, class: ErrorClass, code: Option<&str>) -> AwsError {
        AwsError {
            call: self.call(operation),
            class,
            code: code.map(str::to_owned),
            message: "said the fake".to_owned(),
        }
    }

    /// Lets a call arrive and meet its fault. `act` is what the call does.
    async fn meet<T>(
        &self,
        operation: &'static str,
        act: impl FnOnce(&mut World) -> Result<T, (Refusal, &'static str)>,
    ) -> Result<Answer<T>, AwsError> {
        let fault = {
            let mut world = self.world();
            world.calls.push(operation);
            let scripted = world.faults.get_mut(operation);
            scripted
                .and_then(VecDeque::pop_front)
                .unwrap_or(Fault::None)
        };
        if let (Fault::NotSent, "CopyProjectVersion" | "PutProjectPolicy" | "DeleteProjectPolicy") =
            (&fault, operation)
        {
            // Nothing of a write is sent when its role cannot be assumed.
            return Err(self.error("AssumeRole", ErrorClass::NotSent, None));
        }
        if let Some((class, code)) = fault.refusal() {
            return Err(self.error(operation, class, code));
        }
        if let Fault::DiesBefore = fault {
            self.stuck.notify_one();
            return pending().await;
        }
        if let Fault::Late(gate) = &fault {
            self.stuck.notify_one();
            gate.notified().await;
        }
        if let Fault::EditedBefore = fault {
            self.world().edit_first_policy();
        }
        let done = act(&mut self.world());
        match fault {
            Fault::DiesAfter => {
                self.stuck.notify_one();
                return pending().await;
            }
            Fault::Slow(gate) => {
                self.stuck.notify_one();
                gate.notified().await;
            }
            Fault::Lost => return Err(self.error(operation, ErrorClass::Ambiguous, None)),
            _ => {}
        }
        done.map(|value| self.answer(operation, value))
            .map_err(|(refusal, code)| {
                // AWS's code for a taken name proves nothing: design rule of ambiguous answers.
                let class = match code {
                    "ResourceInUseException" => ErrorClass::Ambiguous,
                    _ => ErrorClass::Refused(refusal),
                };
                self.error(operation, class, Some(code))
            })
    }
}

#[async_trait]
impl AwsReads for FakeAws {
    async fn assume_role(
        &self,
        _access: &RoleAccess,
        _region: &Region,
        _external_id: ExternalIdUse,
    ) -> Result<Answer<()>, AwsError> {
        self.meet("AssumeRole", |_| Ok(())).await
    }

    async fn caller_identity(
        &self,
        access: &RoleAccess,
        _region: &Region,
    ) -> Result<Answer<CallerIdentity>, AwsError> {
        self.meet("GetCallerIdentity", |world| {
            Ok(CallerIdentity {
                account: world
                    .elsewhere
                    .clone()
                    .unwrap_or_else(|| access.account.clone()),
                arn: access.role.session_arn("test"),
            })
        })
        .await
    }

    async fn describe_projects(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<Vec<ProjectDescription>>, AwsError> {
        self.meet("DescribeProjects", |world| {
            let mine = |project: &&ProjectDescription| {
                project.arn.account() == &access.account && project.arn.region() == region
            };
            Ok(world.projects.iter().filter(mine).cloned().collect())
        })
        .await
    }

    async fn describe_project_versions(
        &self,
        _access: &RoleAccess,
        project: &ProjectArn,
        names: &[VersionName],
    ) -> Result<Answer<Vec<VersionDescription>>, AwsError> {
        let now = self.clock.now();
        self.meet("DescribeProjectVersions", |world| {
            let mut shown = world.shown(now, project);
            shown.retain(|version| names.is_empty() || names.contains(version.arn.name()));
            Ok(shown)
        })
        .await
    }

    async fn list_project_policies(
        &self,
        _access: &RoleAccess,
        project: &ProjectArn,
    ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
        self.meet("ListProjectPolicies", |world| {
            Ok(world
                .policies
                .iter()
                .filter(|(held, _)| held == project)
                .map(|(_, policy)| policy.clone())
                .collect())
        })
        .await
    }

    async fn list_tags(
        &self,
        _access: &RoleAccess,
        version: &ProjectVersionArn,
    ) -> Result<Answer<BTreeMap<String, String>>, AwsError> {
        self.meet("ListTagsForResource", |world| {
            if world.habits.contains(&Habit::HidesTags) {
                return Err((Refusal::Access, "AccessDeniedException"));
            }
            let held = world
                .versions
                .iter()
                .find(|held| held.version.arn == *version);
            held.map(|held| held.tags.clone())
                .ok_or((Refusal::NotFound, "ResourceNotFoundException"))
        })
        .await
    }

    async fn head_bucket(
        &self,
        _access: &RoleAccess,
        region: &Region,
        _bucket: &BucketName,
    ) -> Result<Answer<BucketFacts>, AwsError> {
        self.meet("HeadBucket", |world| {
            let region = world
                .bucket_region
                .clone()
                .unwrap_or_else(|| region.clone());
            Ok(BucketFacts {
                region: Some(region),
            })
        })
        .await
    }
}

#[async_trait]
impl AwsWrites for FakeAws {
    async fn put_project_policy(
        &self,
        _scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        document: &str,
        revision: Option<&PolicyRevisionId>,
    ) -> Result<Answer<PolicyRevisionId>, AwsError> {
        self.meet("PutProjectPolicy", |world| {
            world.documents.push(document.to_owned());
            let refuses = world.habits.contains(&Habit::RefusesConditions);
            if refuses && document.contains("Condition") {
                return Err((Refusal::MalformedPolicy, "MalformedPolicyDocumentException"));
            }
            match (world.find(project, name), revision) {
                (None, Some(_)) => Err((Refusal::Revision, "InvalidPolicyRevisionIdException")),
                (Some(_), None) => Err((Refusal::AlreadyExists, "ResourceAlreadyExistsException")),
                (Some(policy), Some(revision)) if policy.revision != *revision => {
                    Err((Refusal::Revision, "InvalidPolicyRevisionIdException"))
                }
                _ => Ok(world.put(project, name, document)),
            }
        })
        .await
    }

    async fn delete_project_policy(
        &self,
        _scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        revision: &PolicyRevisionId,
    ) -> Result<Answer<()>, AwsError> {
        self.meet("DeleteProjectPolicy", |world| {
            match world.find(project, name) {
                None => Err((Refusal::NotFound, "ResourceNotFoundException")),
                Some(policy) if policy.revision != *revision => {
                    Err((Refusal::Revision, "InvalidPolicyRevisionIdException"))
                }
                Some(_) => {
                    world
                        .policies
                        .retain(|(held, policy)| held != project || policy.name != *name);
                    Ok(())
                }
            }
        })
        .await
    }

    async fn copy_project_version(
        &self,
        scope: &WriteScope,
        copy: &CopyRequest,
    ) -> Result<Answer<ProjectVersionArn>, AwsError> {
        let now = self.clock.now();
        self.meet("CopyProjectVersion", |world| world.copy(now, scope, copy))
            .await
    }
}
