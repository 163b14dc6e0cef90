//! Looking at AWS.

use crate::clients::{Aws, Inner};
use crate::convert;
use crate::sessions::is_over;
use crate::trace::{Trace, clipped};
use async_trait::async_trait;
use aws_credential_types::Credentials;
use domain::{
    AccountNumber, BucketName, ProjectArn, ProjectVersionArn, Region, RoleAccess, VersionName,
};
use operations::ports::aws::{
    Answer, AwsError, AwsReads, BucketFacts, CallerIdentity, ErrorClass, ExternalIdUse,
    ProjectDescription, ProjectPolicy, Refusal, Turns, VersionDescription,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// More pages than any account's quota can fill; a longer answer is refused as unreadable.
const MOST_PAGES: usize = 200;

/// Makes a read with the credentials of a role. When AWS says that the session is over, it is
/// renewed and the read is made once more, in its turn.
macro_rules! reading {
    ($inner:expr, $access:expr, $region:expr, |$credentials:ident| $call:expr) => {{
        let $credentials = $inner.credentials($access, $region).await?;
        let stale = $credentials.clone();
        match $call.await {
            Err(error) if is_over(&error) => {
                let $credentials = $inner.renewed($access, $region, &stale).await?;
                let operation = error.call.operation;
                $inner.turn(&$access.account, $region, operation).await?;
                $call.await
            }
            result => result,
        }
    }};
}

/// The overriding part of a client's configuration for one call.
macro_rules! with {
    ($service:ident, $credentials:expr) => {
        $service::config::Builder::default().credentials_provider($credentials)
    };
}

/// Reads all pages of an operation, each after the first in its turn: `$items` turns one page's
/// output into an iterator.
macro_rules! paged {
    ($inner:expr, $place:expr, $operation:literal, $credentials:expr, |$token:ident| $request:expr, |$page:ident| $items:expr) => {{
        let mut all = Vec::new();
        let mut $token: Option<String> = None;
        let mut pages = 0;
        loop {
            if pages > 0 {
                let (account, region) = $place;
                $inner.turn(account, region, $operation).await?;
            }
            let trace = Trace::start($operation, &*$inner.clock);
            let result = $request
                .customize()
                .config_override(with!(aws_sdk_rekognition, $credentials.clone()))
                .interceptor(trace.interceptor())
                .send()
                .await;
            let $page = match result {
                Ok(page) => page,
                Err(error) => break Err(trace.error(&error)),
            };
            all.extend($items);
            pages += 1;
            let last = $token;
            $token = $page.next_token().map(str::to_owned);
            if $token.is_none() {
                break Ok(trace.answer(all));
            }
            if pages == MOST_PAGES || $token == last {
                let message = format!("the answer does not end after {pages} pages");
                break Err(trace.failed(ErrorClass::Ambiguous, None, message));
            }
        }
    }};
}

/// An answer of which every part could be read; else it proves nothing.
fn whole<T>(answer: Answer<Vec<Option<T>>>) -> Result<Answer<Vec<T>>, AwsError> {
    let Answer { value, call, date } = answer;
    match value.into_iter().collect() {
        Some(value) => Ok(Answer { value, call, date }),
        None => Err(AwsError {
            call,
            class: ErrorClass::Ambiguous,
            code: None,
            message: "a part of AWS's answer cannot be read".to_owned(),
        }),
    }
}

/// An answer without the parts that could not be read.
fn rest<T>(answer: Answer<Vec<Option<T>>>) -> Answer<Vec<T>> {
    Answer {
        value: answer.value.into_iter().flatten().collect(),
        call: answer.call,
        date: answer.date,
    }
}

#[async_trait]
impl AwsReads for Aws {
    fn ask_before_more(&self, turns: Arc<dyn Turns>) {
        // Only the first one counts.
        let _ = self.inner.turns.set(turns);
    }

    async fn assume_role(
        &self,
        access: &RoleAccess,
        region: &Region,
        external_id: ExternalIdUse,
    ) -> Result<Answer<()>, AwsError> {
        self.inner.assume_as_test(access, region, external_id).await
    }

    async fn caller_identity(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<CallerIdentity>, AwsError> {
        let inner = &self.inner;
        reading!(inner, access, region, |credentials| inner
            .caller_identity(region, credentials))
    }

    async fn describe_projects(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Answer<Vec<ProjectDescription>>, AwsError> {
        let inner = &self.inner;
        reading!(inner, access, region, |credentials| inner
            .describe_projects(&access.account, region, credentials))
    }

    async fn describe_project_versions(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
        names: &[VersionName],
    ) -> Result<Answer<Vec<VersionDescription>>, AwsError> {
        let inner = &self.inner;
        reading!(inner, access, project.region(), |credentials| inner
            .describe_project_versions(
                &access.account,
                project,
                names,
                credentials
            ))
    }

    async fn list_project_policies(
        &self,
        access: &RoleAccess,
        project: &ProjectArn,
    ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
        let inner = &self.inner;
        reading!(inner, access, project.region(), |credentials| inner
            .list_project_policies(&access.account, project, credentials))
    }

    async fn list_tags(
        &self,
        access: &RoleAccess,
        version: &ProjectVersionArn,
    ) -> Result<Answer<BTreeMap<String, String>>, AwsError> {
        let inner = &self.inner;
        reading!(inner, access, version.region(), |credentials| inner
            .list_tags(&access.account, version, credentials))
    }

    async fn head_bucket(
        &self,
        access: &RoleAccess,
        region: &Region,
        bucket: &BucketName,
    ) -> Result<Answer<BucketFacts>, AwsError> {
        let inner = &self.inner;
        reading!(inner, access, region, |credentials| inner.head_bucket(
            &access.account,
            region,
            bucket,
            credentials
        ))
    }
}

impl Inner {
    async fn describe_projects(
        &self,
        account: &AccountNumber,
        region: &Region,
        credentials: Credentials,
    ) -> Result<Answer<Vec<ProjectDescription>>, AwsError> {
        let client = self.rekognition(account, region);
        paged!(
            self,
            (account, region),
            "DescribeProjects",
            credentials,
            |token| client.describe_projects().set_next_token(token.clone()),
            |page| page
                .project_descriptions()
                .iter()
                .filter_map(convert::project)
        )
    }

    async fn describe_project_versions(
        &self,
        account: &AccountNumber,
        project: &ProjectArn,
        names: &[VersionName],
        credentials: Credentials,
    ) -> Result<Answer<Vec<VersionDescription>>, AwsError> {
        let client = self.rekognition(account, project.region());
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let names = (!names.is_empty()).then_some(names);
        let asked = names.is_some();
        let read: Result<Answer<Vec<Option<_>>>, _> = paged!(
            self,
            (account, project.region()),
            "DescribeProjectVersions",
            credentials,
            |token| client
                .describe_project_versions()
                .project_arn(project.to_string())
                .set_version_names(names.clone())
                .set_next_token(token.clone()),
            |page| page
                .project_version_descriptions()
                .iter()
                .map(convert::version)
        );
        // Of a whole inventory the rest is better than nothing. Who asks for a name takes an answer
        // without it for proof that there is none.
        if asked { whole(read?) } else { read.map(rest) }
    }

    async fn list_project_policies(
        &self,
        account: &AccountNumber,
        project: &ProjectArn,
        credentials: Credentials,
    ) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
        let client = self.rekognition(account, project.region());
        let read: Result<Answer<Vec<Option<_>>>, _> = paged!(
            self,
            (account, project.region()),
            "ListProjectPolicies",
            credentials,
            |token| client
                .list_project_policies()
                .project_arn(project.to_string())
                .set_next_token(token.clone()),
            |page| page.project_policies().iter().map(convert::policy)
        );
        whole(read?)
    }

    async fn caller_identity(
        &self,
        region: &Region,
        credentials: Credentials,
    ) -> Result<Answer<CallerIdentity>, AwsError> {
        let trace = Trace::start("GetCallerIdentity", &*self.clock);
        // The client's own credentials are the base ones; the SDK would keep an override of them
        // in its cache, so caching is off for this call.
        let config = with!(aws_sdk_sts, credentials)
            .identity_cache(aws_sdk_sts::config::IdentityCache::no_cache());
        let result = self
            .sts(region)
            .get_caller_identity()
            .customize()
            .config_override(config)
            .interceptor(trace.interceptor())
            .send()
            .await;
        let output = match result {
            Ok(output) => output,
            Err(error) => return Err(trace.error(&error)),
        };
        match output.account().and_then(|account| account.parse().ok()) {
            Some(account) => {
                let arn = clipped(output.arn().unwrap_or_default(), 2048);
                Ok(trace.answer(CallerIdentity { account, arn }))
            }
            None => Err(trace.failed(
                ErrorClass::Ambiguous,
                None,
                "AWS answered without an account number".to_owned(),
            )),
        }
    }

    async fn list_tags(
        &self,
        account: &AccountNumber,
        version: &ProjectVersionArn,
        credentials: Credentials,
    ) -> Result<Answer<BTreeMap<String, String>>, AwsError> {
        let trace = Trace::start("ListTagsForResource", &*self.clock);
        let result = self
            .rekognition(account, version.region())
            .list_tags_for_resource()
            .resource_arn(version.to_string())
            .customize()
            .config_override(with!(aws_sdk_rekognition, credentials))
            .interceptor(trace.interceptor())
            .send()
            .await;
        match result {
            Ok(output) => Ok(trace.answer(convert::tags(output.tags.unwrap_or_default()))),
            Err(error) => Err(trace.error(&error)),
        }
    }

    async fn head_bucket(
        &self,
        account: &AccountNumber,
        region: &Region,
        bucket: &BucketName,
        credentials: Credentials,
    ) -> Result<Answer<BucketFacts>, AwsError> {
        let trace = Trace::start("HeadBucket", &*self.clock);
        let result = self
            .s3(account, region)
            .head_bucket()
            .bucket(bucket.as_str())
            .customize()
            .config_override(with!(aws_sdk_s3, credentials))
            .interceptor(trace.interceptor())
            .send()
            .await;
        match result {
            Ok(output) => {
                let region = output
                    .bucket_region()
                    .and_then(|region| region.parse().ok());
                Ok(trace.answer(BucketFacts { region }))
            }
            // A HEAD has no body and so no error code: here alone the status has to stand for it
            // (S3 API reference, HeadBucket).
            Err(error) => match error.raw_response().map(|answer| answer.status().as_u16()) {
                Some(301) => Err(trace.failed(
                    ErrorClass::Refused(Refusal::Validation),
                    Some("PermanentRedirect".to_owned()),
                    "the bucket lies in another Region".to_owned(),
                )),
                Some(403) => Err(trace.failed(
                    ErrorClass::Refused(Refusal::Access),
                    Some("Forbidden".to_owned()),
                    "the role may not see the bucket, or the bucket is another account's"
                        .to_owned(),
                )),
                Some(404) => Err(trace.failed(
                    ErrorClass::Refused(Refusal::NotFound),
                    Some("NotFound".to_owned()),
                    "the bucket does not exist".to_owned(),
                )),
                _ => Err(trace.error(&error)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Millis;
    use operations::ports::aws::Call;

    #[test]
    fn an_answer_with_an_unreadable_part_proves_nothing() {
        let answer = |value| Answer {
            value,
            call: Call {
                operation: "ListProjectPolicies",
                at: Millis::new(0),
                took_ms: 1,
                request_id: None,
            },
            date: None,
        };
        assert_eq!(whole(answer(vec![Some(1), Some(2)])).unwrap().value, [1, 2]);
        let error = whole(answer(vec![Some(1), None])).unwrap_err();
        assert_eq!(error.class, ErrorClass::Ambiguous);
        assert_eq!(rest(answer(vec![Some(1), None])).value, [1]);
    }
}
