//! AWS as each test wants it.

use async_trait::async_trait;
use domain::{
    AccountNumber, BucketName, Millis, ProjectArn, ProjectVersionArn, Region, RoleAccess,
    RolePurpose, VersionName, VersionStatus,
};
use operations::ports::aws::{
    Answer, AwsError, AwsReads, BucketFacts, Call, CallerIdentity, ErrorClass, ExternalIdUse,
    ProjectDescription, ProjectPolicy, Refusal, VersionDescription,
};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// What is there, and what is refused.
#[derive(Default)]
pub(crate) struct FakeAws {
    pub(crate) state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) projects: Vec<ProjectDescription>,
    pub(crate) versions: Vec<(ProjectArn, VersionDescription)>,
    pub(crate) policies: Vec<(ProjectArn, ProjectPolicy)>,
    /// Fails a call: operation and account, with the class of the failure.
    pub(crate) failures: BTreeMap<(&'static str, String), ErrorClass>,
    /// How `AssumeRole` without `ExternalId` ends; refused for want of access unless set.
    pub(crate) without_external_id: Option<Result<(), ErrorClass>>,
    /// Where a role leads if not into its own account.
    pub(crate) lands_in: Option<AccountNumber>,
    /// Denies `DescribeProjects` to promoters.
    pub(crate) promoter_is_blind: bool,
    /// How many calls were made.
    pub(crate) calls: usize,
}

impl FakeAws {
    pub(crate) fn fail(&self, operation: &'static str, account: &str, class: ErrorClass) {
        let key = (operation, account.to_owned());
        self.state.lock().unwrap().failures.insert(key, class);
    }

    pub(crate) fn heal(&self) {
        self.state.lock().unwrap().failures.clear();
    }

    pub(crate) fn add_version(&self, project: &ProjectArn, version: &str, status: &str) {
        let mut state = self.state.lock().unwrap();
        if !state.projects.iter().any(|known| &known.arn == project) {
            state.projects.push(ProjectDescription {
                arn: project.clone(),
                status: "CREATED".to_owned(),
                created: Some(Millis::new(1_656_565_123_456)),
            });
        }
        let arn = version.parse::<ProjectVersionArn>().unwrap();
        let description = VersionDescription {
            arn,
            status: VersionStatus::from(status.to_owned()),
            status_message: None,
            created: Some(Millis::new(1_656_611_123_456)),
            f1: Some(0.931),
            source: None,
            output: None,
            kms_key: None,
        };
        state.versions.push((project.clone(), description));
    }

    fn call(&self, operation: &'static str, account: &AccountNumber) -> Result<Call, AwsError> {
        let mut state = self.state.lock().unwrap();
        state.calls += 1;
        let call = Call {
            operation,
            at: Millis::new(1_000_000),
            took_ms: 84,
            request_id: Some(format!("request-{}", state.calls)),
        };
        match state.failures.get(&(operation, account.to_string())) {
            Some(class) => Err(error(call, *class)),
            None => Ok(call),
        }
    }
}

pub(crate) fn error(call: Call, class: ErrorClass) -> AwsError {
    let code = match class {
        ErrorClass::Refused(Refusal::Access) => Some("AccessDeniedException"),
        ErrorClass::Refused(_) => Some("InvalidParameterException"),
        ErrorClass::Ambiguous => Some("ThrottlingException"),
        ErrorClass::NotSent => None,
    };
    AwsError {
        call,
        class,
        code: code.map(str::to_owned),
        message: "no".to_owned(),
    }
}

fn answer<T>(call: Call, value: T) -> Answer<T> {
    Answer {
        value,
        call,
        date: None,
    }
}

#[async_trait]
impl AwsReads for FakeAws {
    async fn assume_role(
        &self,
        access: &RoleAccess,
        _region: &Region,
        external_id: ExternalIdUse,
    ) -> Result<Answer<()>, AwsError> {
        let call = self.call("AssumeRole", &access.account)?;
        if external_id == ExternalIdUse::Omitted {
            let wanted = self.state.lock().unwrap().without_external_id;
            match wanted.unwrap_or(Err(ErrorClass::Refused(Refusal::Access))) {
                Ok(()) => {}
                Err(class) => return Err(error(call, class)),
            }
        }
        Ok(answer(call, ()))
    }

    async fn caller_identity(
        &self,
        access: &RoleAccess,
        _region: &Region,
    ) -> Result<Answer<CallerIdentity>, AwsError> {
        let call = self.call("GetCallerIdentity", &access.account)?;
        let elsewhere = self.state.lock().unwrap().lands_in.clone();
        let identity = CallerIdentity {
            account: elsewhere.unwrap_or_else(|| access.account.clone()),
            arn: access.role.session_arn("test"),
        };
        Ok(answer(call, identity))
    }

    async fn describe_projects(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<Vec<ProjectDescription>>, AwsError> {
        let call = self.call("DescribeProjects", &access.account)?;
        let state = self.state.lock().unwrap();
        if access.purpose == RolePurpose::Promoter && state.promoter_is_blind {
            return Err(error(call, ErrorClass::Refused(Refusal::Access)));
        }
        let mut projects = state.projects.clone();
        projects.retain(|project| {
            project.arn.account() == &access.account && project.arn.region() == region
        });
        Ok(answer(call, projects))
    }

    async fn describe_project_versions(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
        names: &[VersionName],
    ) -> Result<Answer<Vec<VersionDescription>>, AwsError> {
        let call = self.call("DescribeProjectVersions", &access.account)?;
        let state = self.state.lock().unwrap();
        let versions = state
            .versions
            .iter()
            .filter(|(owner, _)| owner == project)
            .map(|(_, version)| version.clone())
            .filter(|version| names.is_empty() || names.contains(version.arn.name()))
            .collect();
        Ok(answer(call, versions))
    }

    async fn list_project_policies(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
    ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
        let call = self.call("ListProjectPolicies", &access.account)?;
        let state = self.state.lock().unwrap();
        let policies = state
            .policies
            .iter()
            .filter(|(owner, _)| owner == project)
            .map(|(_, policy)| policy.clone())
            .collect();
        Ok(answer(call, policies))
    }

    async fn list_tags(
        &self,
        access: &RoleAccess,
        _version: &ProjectVersionArn,
    ) -> Result<Answer<BTreeMap<String, String>>, AwsError> {
        let call = self.call("ListTagsForResource", &access.account)?;
        Ok(answer(call, BTreeMap::new()))
    }

    async fn head_bucket(
        &self,
        access: &RoleAccess,
        region: &Region,
        _bucket: &BucketName,
    ) -> Result<Answer<BucketFacts>, AwsError> {
        let call = self.call("HeadBucket", &access.account)?;
        let region = Some(region.clone());
        Ok(answer(call, BucketFacts { region }))
    }
}
