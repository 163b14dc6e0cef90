//! Calls to AWS: each is bounded in time and recorded for the job page.

use super::Visit;
use crate::checkpoint::Checkpoint;
use crate::parts::EngineParts;
use domain::{
    AccountNumber, BucketName, Millis, PolicyName, PolicyRevisionId, ProjectArn, ProjectVersionArn,
    Region, RoleAccess, VersionName,
};
use operations::jobs::CallRecord;
use operations::ports::aws::{
    Answer, AwsError, BucketFacts, Call, CallerIdentity, CopyRequest, ErrorClass,
    ProjectDescription, ProjectPolicy, VersionDescription, WriteScope,
};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How far the two clocks may differ unmentioned; AWS's `Date` header has whole seconds.
const CLOCK_SLACK_SECONDS: i64 = 60;

const CLOCK_WARNING: &str = "This machine's clock";

/// Ends `call` after the set time. Whether AWS did what was asked is then unknown.
pub(crate) async fn bounded<T>(
    parts: &EngineParts,
    operation: &'static str,
    call: impl Future<Output = Result<Answer<T>, AwsError>>,
) -> Result<Answer<T>, AwsError> {
    let limit = Duration::from_millis(parts.settings.call_timeout_ms);
    let at = parts.clock.now();
    let started = Instant::now();
    match tokio::time::timeout(limit, call).await {
        Ok(answered) => answered,
        Err(_) => Err(AwsError {
            call: Call {
                operation,
                at,
                took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
                request_id: None,
            },
            class: ErrorClass::Ambiguous,
            code: None,
            message: format!("no answer within {} ms", limit.as_millis()),
        }),
    }
}

fn recorded<T>(
    account: &AccountNumber,
    answered: &Result<Answer<T>, AwsError>,
    say: impl FnOnce(&T) -> String,
) -> CallRecord {
    match answered {
        Ok(answer) => CallRecord::answered(account, answer, say(&answer.value)),
        Err(error) => CallRecord::refused(account, error),
    }
}

impl Visit<'_> {
    /// Adds a call to the job page. A read that was not sent is none: it stands as what is in the
    /// job's way. A write that was not sent is kept, for its intent stands in the audit log.
    pub(crate) fn record(&mut self, record: CallRecord) {
        if record.write.is_some() || record.was_sent() {
            self.record.calls.push(record);
        }
    }

    /// Adds a read that did not succeed to the job page.
    pub(crate) fn record_failed(&mut self, account: &AccountNumber, error: &AwsError) {
        self.record(CallRecord::refused(account, error));
    }

    /// Records the read and takes the value out of the answer; `say` puts the answer into a few
    /// words.
    fn keep<T>(
        &mut self,
        account: &AccountNumber,
        answered: Result<Answer<T>, AwsError>,
        say: impl FnOnce(&T) -> String,
    ) -> Result<T, AwsError> {
        self.record(recorded(account, &answered, say));
        answered.map(|answer| answer.value)
    }

    /// As [`Visit::keep`], for a write: the audit entry about its outcome is made from the record,
    /// also when it was not sent because its role could not be assumed.
    fn keep_write<T>(
        &mut self,
        (operation, account): (&'static str, &AccountNumber),
        answered: Result<Answer<T>, AwsError>,
        say: impl FnOnce(&T) -> String,
    ) -> Result<T, AwsError> {
        self.reach(Checkpoint::WriteAnswered(operation));
        self.record(CallRecord {
            write: Some(operation),
            ..recorded(account, &answered, say)
        });
        answered.map(|answer| answer.value)
    }

    /// Sends a write, unless it is too late for it.
    async fn in_time<T>(
        &self,
        (operation, scope): (&'static str, &WriteScope),
        call: impl Future<Output = Result<Answer<T>, AwsError>>,
    ) -> Result<Answer<T>, AwsError> {
        if self.now() <= scope.send_by {
            return bounded(self.parts, operation, call).await;
        }
        Err(AwsError {
            call: Call {
                operation,
                at: self.now(),
                took_ms: 0,
                request_id: None,
            },
            class: ErrorClass::NotSent,
            code: None,
            message: AwsError::TOO_LATE.to_owned(),
        })
    }

    pub(crate) async fn identity(
        &mut self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<CallerIdentity, AwsError> {
        let reads = Arc::clone(&self.parts.reads);
        let call = reads.caller_identity(access, region);
        let answered = bounded(self.parts, "GetCallerIdentity", call).await;
        if let Ok(Answer {
            date: Some(date), ..
        }) = answered
        {
            self.compare_clocks(date);
        }
        self.keep(&access.account, answered, |identity| {
            format!("account {}", identity.account)
        })
    }

    /// Warns, once a visit, when this machine's clock is far from AWS's: signatures and the end of
    /// the grant depend on it.
    fn compare_clocks(&mut self, date: Millis) {
        let seconds = self.now().since(date) / 1000;
        let warned = |note: &String| note.starts_with(CLOCK_WARNING);
        if seconds.abs() > CLOCK_SLACK_SECONDS && !self.record.notes.iter().any(warned) {
            let side = if seconds > 0 { "ahead of" } else { "behind" };
            let seconds = seconds.abs();
            self.note(format!("{CLOCK_WARNING} is {seconds} s {side} AWS's."));
        }
    }

    pub(crate) async fn projects(
        &mut self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Vec<ProjectDescription>, AwsError> {
        let reads = Arc::clone(&self.parts.reads);
        let call = reads.describe_projects(access, region);
        let answered = bounded(self.parts, "DescribeProjects", call).await;
        self.keep(&access.account, answered, |projects| {
            format!("projects: {}", projects.len())
        })
    }

    /// The version `name` of `project`, if there is one.
    pub(crate) async fn version(
        &mut self,
        access: &RoleAccess,
        project: &ProjectArn,
        name: &VersionName,
    ) -> Result<Option<VersionDescription>, AwsError> {
        let reads = Arc::clone(&self.parts.reads);
        let names = std::slice::from_ref(name);
        let call = reads.describe_project_versions(access, project, names);
        let answered = bounded(self.parts, "DescribeProjectVersions", call).await;
        let found = answered.map(|answer| Answer {
            value: answer
                .value
                .into_iter()
                .find(|version| version.arn.name() == name),
            call: answer.call,
            date: answer.date,
        });
        self.keep(&access.account, found, |version| match version {
            Some(version) => version.status.as_str().to_owned(),
            None => "no such version".to_owned(),
        })
    }

    pub(crate) async fn policies(
        &mut self,
        access: &RoleAccess,
        project: &ProjectArn,
    ) -> Result<Vec<ProjectPolicy>, AwsError> {
        let reads = Arc::clone(&self.parts.reads);
        let call = reads.list_project_policies(access, project);
        let answered = bounded(self.parts, "ListProjectPolicies", call).await;
        self.keep(&access.account, answered, |policies| {
            format!("policies: {}", policies.len())
        })
    }

    pub(crate) async fn tags(
        &mut self,
        access: &RoleAccess,
        version: &ProjectVersionArn,
    ) -> Result<BTreeMap<String, String>, AwsError> {
        let reads = Arc::clone(&self.parts.reads);
        let call = reads.list_tags(access, version);
        let answered = bounded(self.parts, "ListTagsForResource", call).await;
        self.keep(&access.account, answered, |tags| {
            format!("tags: {}", tags.len())
        })
    }

    pub(crate) async fn bucket(
        &mut self,
        access: &RoleAccess,
        region: &Region,
        bucket: &BucketName,
    ) -> Result<BucketFacts, AwsError> {
        let reads = Arc::clone(&self.parts.reads);
        let call = reads.head_bucket(access, region, bucket);
        let answered = bounded(self.parts, "HeadBucket", call).await;
        self.keep(&access.account, answered, |facts| match &facts.region {
            Some(region) => region.to_string(),
            None => "Region not shown".to_owned(),
        })
    }

    pub(crate) async fn put_policy(
        &mut self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        document: &str,
        revision: Option<&PolicyRevisionId>,
    ) -> Result<PolicyRevisionId, AwsError> {
        let writes = Arc::clone(&self.parts.writes);
        let call = writes.put_project_policy(scope, project, name, document, revision);
        let operation = "PutProjectPolicy";
        let answered = self.in_time((operation, scope), call).await;
        let place = (operation, &scope.access.account);
        self.keep_write(place, answered, |revision| format!("revision {revision}"))
    }

    pub(crate) async fn delete_policy(
        &mut self,
        scope: &WriteScope,
        project: &ProjectArn,
        name: &PolicyName,
        revision: &PolicyRevisionId,
    ) -> Result<(), AwsError> {
        let writes = Arc::clone(&self.parts.writes);
        let call = writes.delete_project_policy(scope, project, name, revision);
        let operation = "DeleteProjectPolicy";
        let answered = self.in_time((operation, scope), call).await;
        let place = (operation, &scope.access.account);
        self.keep_write(place, answered, |()| "removed".to_owned())
    }

    pub(crate) async fn copy(
        &mut self,
        scope: &WriteScope,
        request: &CopyRequest,
    ) -> Result<ProjectVersionArn, AwsError> {
        let writes = Arc::clone(&self.parts.writes);
        let call = writes.copy_project_version(scope, request);
        let operation = "CopyProjectVersion";
        let answered = self.in_time((operation, scope), call).await;
        let place = (operation, &scope.access.account);
        self.keep_write(place, answered, ToString::to_string)
    }
}
