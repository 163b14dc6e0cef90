//! Reads within the budget.

use super::door::Way;
use super::settings::Precedence;
use super::shared::{Inner, Through, is_throttled};
use async_trait::async_trait;
use domain::{
    AccountNumber, BucketName, ProjectArn, ProjectVersionArn, Region, RoleAccess, VersionName,
};
use operations::ports::aws::{
    Answer, AwsError, AwsReads, BucketFacts, CallerIdentity, ErrorClass, ExternalIdUse,
    ProjectDescription, ProjectPolicy, Turns, VersionDescription, Withheld,
};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

/// One read: who asks where for what.
struct Asked<'a> {
    access: &'a RoleAccess,
    region: &'a Region,
    operation: &'static str,
    /// What it is asked about: a permission may be missing for one thing and not for another.
    about: String,
}

impl Inner {
    /// Waits for a turn, asks, and asks again what was throttled or not clearly answered.
    async fn ask<T, F>(
        &self,
        precedence: Precedence,
        asked: Asked<'_>,
        call: impl Fn() -> F + Send,
    ) -> Result<Answer<T>, AwsError>
    where
        F: Future<Output = Result<Answer<T>, AwsError>> + Send,
    {
        let way = Way {
            role: asked.access.role.clone(),
            call: Some((asked.operation, asked.about)),
        };
        if precedence != Precedence::Interactive {
            self.knock(&way)?;
        }
        let place = (&asked.access.account, asked.region, asked.operation);
        let mut attempt = 0;
        loop {
            self.wait(place, precedence, self.settings.longest_wait_ms)
                .await?;
            let sent_at = self.clock.now();
            let answer = call().await;
            attempt += 1;
            let error = match answer {
                Ok(answer) => {
                    self.told(&way, None);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            self.told(&way, Some(&error));
            // The adapter itself repeats what it asks of STS.
            let ours = error.call.operation == asked.operation;
            let throttled = ours && is_throttled(&error);
            if throttled {
                self.throttled(place, sent_at);
            }
            let again = throttled || (ours && error.class == ErrorClass::Ambiguous);
            if !again || attempt >= self.settings.attempts {
                return Err(error);
            }
            self.pause(attempt, throttled).await;
        }
    }
}

#[async_trait]
impl AwsReads for Through<dyn AwsReads> {
    async fn assume_role(
        &self,
        access: &RoleAccess,
        region: &Region,
        external_id: ExternalIdUse,
    ) -> Result<Answer<()>, AwsError> {
        let answer = self.aws.assume_role(access, region, external_id).await;
        // A role that refuses to be assumed without its ExternalId is as it must be.
        if external_id == ExternalIdUse::Presented {
            let way = Way {
                role: access.role.clone(),
                call: None,
            };
            self.inner.told(&way, answer.as_ref().err());
        }
        answer
    }

    async fn caller_identity(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<CallerIdentity>, AwsError> {
        let asked = Asked {
            access,
            region,
            operation: "GetCallerIdentity",
            about: String::new(),
        };
        let call = || self.aws.caller_identity(access, region);
        self.inner.ask(self.precedence, asked, call).await
    }

    async fn describe_projects(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<Vec<ProjectDescription>>, AwsError> {
        let asked = Asked {
            access,
            region,
            operation: "DescribeProjects",
            about: region.to_string(),
        };
        let call = || self.aws.describe_projects(access, region);
        self.inner.ask(self.precedence, asked, call).await
    }

    async fn describe_project_versions(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
        names: &[VersionName],
    ) -> Result<Answer<Vec<VersionDescription>>, AwsError> {
        let asked = Asked {
            access,
            region: project.region(),
            operation: "DescribeProjectVersions",
            about: project.to_string(),
        };
        let call = || self.aws.describe_project_versions(access, project, names);
        self.inner.ask(self.precedence, asked, call).await
    }

    async fn list_project_policies(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
    ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
        let asked = Asked {
            access,
            region: project.region(),
            operation: "ListProjectPolicies",
            about: project.to_string(),
        };
        let call = || self.aws.list_project_policies(access, project);
        self.inner.ask(self.precedence, asked, call).await
    }

    async fn list_tags(
        &self,
        access: &RoleAccess,
        version: &ProjectVersionArn,
    ) -> Result<Answer<BTreeMap<String, String>>, AwsError> {
        let asked = Asked {
            access,
            region: version.region(),
            operation: "ListTagsForResource",
            about: version.to_string(),
        };
        let call = || self.aws.list_tags(access, version);
        self.inner.ask(self.precedence, asked, call).await
    }

    async fn head_bucket(
        &self,
        access: &RoleAccess,
        region: &Region,
        bucket: &BucketName,
    ) -> Result<Answer<BucketFacts>, AwsError> {
        let asked = Asked {
            access,
            region,
            operation: "HeadBucket",
            about: bucket.to_string(),
        };
        let call = || self.aws.head_bucket(access, region, bucket);
        self.inner.ask(self.precedence, asked, call).await
    }

    fn ask_before_more(&self, turns: Arc<dyn Turns>) {
        self.aws.ask_before_more(turns);
    }

    fn rate(
        &self,
        account: &AccountNumber,
        region: &Region,
        operation: &'static str,
    ) -> Option<f64> {
        self.inner.rate(account, region, operation)
    }

    fn withheld(&self, account: &AccountNumber) -> Vec<Withheld> {
        self.inner.withheld(account)
    }
}
