//! Roles and projects of the demonstration's world.

use domain::{
    AccountNumber, ExternalId, JobId, Millis, ProjectArn, Region, RoleAccess, RolePurpose,
};
use operations::ports::aws::{AwsReads as _, CopyRequest, WriteScope};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::{EmulatedAws, ManualClock};

pub(crate) struct World {
    pub(crate) emulated: EmulatedAws,
    pub(crate) clock: ManualClock,
    pub(crate) aws: customhouse_aws::Aws,
}

impl World {
    pub(crate) async fn demo() -> Self {
        let emulated = EmulatedAws::demo().await.unwrap();
        let clock = ManualClock::new(Millis::new(1_795_515_254_000));
        let aws = emulated.adapter(Arc::new(clock.clone())).await;
        Self {
            emulated,
            clock,
            aws,
        }
    }

    pub(crate) async fn count(&self, operation: &str) -> usize {
        self.emulated.calls_of(operation).await.unwrap().len()
    }

    pub(crate) async fn project(&self, account: &str, name: &str) -> ProjectArn {
        let answer = self
            .aws
            .describe_projects(&reader(account), &region())
            .await
            .unwrap();
        let named = answer
            .value
            .into_iter()
            .find(|project| project.arn.name().as_str() == name);
        named.unwrap().arn
    }

    pub(crate) async fn copy_request(&self) -> CopyRequest {
        let source_project = self.project(DEV, "inspector").await;
        let versions = self
            .aws
            .describe_project_versions(&reader(DEV), &source_project, &["v7".parse().unwrap()])
            .await
            .unwrap();
        CopyRequest {
            source_version: versions.value[0].arn.clone(),
            source_project,
            destination_project: self.project(PROD, "inspector").await,
            version_name: "v7".parse().unwrap(),
            bucket: "vision-prod-models".parse().unwrap(),
            prefix: "inspector/v7/".parse().unwrap(),
            kms_key: None,
            tags: BTreeMap::from([("team".to_owned(), "vision".to_owned())]),
        }
    }
}

pub(crate) const DEV: &str = "111111111111";
pub(crate) const PROD: &str = "333333333333";

pub(crate) fn region() -> Region {
    "eu-west-1".parse().unwrap()
}

pub(crate) fn access(account: &str, purpose: RolePurpose) -> RoleAccess {
    let external_id = match account {
        DEV => "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e",
        _ => "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92",
    };
    let account: AccountNumber = account.parse().unwrap();
    RoleAccess {
        role: format!(
            "arn:aws:iam::{account}:role/customhouse-{}",
            purpose.as_str()
        )
        .parse()
        .unwrap(),
        account,
        external_id: ExternalId::new(external_id).unwrap(),
        purpose,
    }
}

pub(crate) fn reader(account: &str) -> RoleAccess {
    access(account, RolePurpose::Reader)
}

pub(crate) fn job() -> JobId {
    "job_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap()
}

pub(crate) const UNNARROWED: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

pub(crate) fn scope(account: &str, session_policy: &str) -> WriteScope {
    WriteScope {
        access: access(account, RolePurpose::Promoter),
        region: region(),
        job: job(),
        session_policy: session_policy.to_owned(),
        send_by: domain::Millis::new(i64::MAX),
    }
}
