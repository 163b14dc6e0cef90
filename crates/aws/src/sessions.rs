//! Sessions of assumed roles.

use crate::clients::Inner;
use crate::trace::{Trace, clipped};
use aws_credential_types::Credentials;
use aws_smithy_types::retry::RetryConfig;
use domain::{Millis, Region, RoleAccess, RolePurpose};
use operations::ports::aws::{Answer, AwsError, ErrorClass, ExternalIdUse};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// How long a reader's session is asked for. One hour is also the most that AWS gives when the
/// base credentials are a role themselves (role chaining).
const READER_SECONDS: i32 = 3600;
/// How long any other session is asked for: the least that AWS gives.
const SHORT_SECONDS: i32 = 900;

/// The name of sessions that no job owns.
const SESSION_NAME: &str = "customhouse";

/// The readers' sessions: one for each role, shared by all calls.
#[derive(Default)]
pub(crate) struct Sessions {
    readers: Mutex<HashMap<RoleAccess, Arc<Slot>>>,
}

/// One reader's session. The lock is held while the role is assumed, so that callers who come
/// meanwhile wait for the same answer instead of asking again.
type Slot = tokio::sync::Mutex<Option<Session>>;

struct Session {
    credentials: Credentials,
    renew_at: Millis,
}

/// What to assume a role with.
pub(crate) struct Assume<'a> {
    pub(crate) access: &'a RoleAccess,
    pub(crate) region: &'a Region,
    pub(crate) external_id: ExternalIdUse,
    pub(crate) session_name: &'a str,
    pub(crate) session_policy: Option<&'a str>,
    pub(crate) seconds: i32,
}

impl Sessions {
    fn slot(&self, access: &RoleAccess) -> Arc<Slot> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(readers.entry(access.clone()).or_default())
    }

    /// Drops the session of `access`, unless it has been renewed since `stale` was taken from it.
    async fn forget(&self, access: &RoleAccess, stale: &Credentials) {
        let slot = self.slot(access);
        let mut session = slot.lock().await;
        let same = |s: &Session| s.credentials.access_key_id() == stale.access_key_id();
        if session.as_ref().is_some_and(same) {
            *session = None;
        }
    }
}

impl Inner {
    /// Credentials for reading with `access`. A reader's are shared and renewed at 80 % of their
    /// life; a promoter's are fresh each time and live 15 minutes.
    pub(crate) async fn credentials(
        &self,
        access: &RoleAccess,
        region: &Region,
    ) -> Result<Credentials, AwsError> {
        let assume = |seconds| Assume {
            access,
            region,
            external_id: ExternalIdUse::Presented,
            session_name: SESSION_NAME,
            session_policy: None,
            seconds,
        };
        if access.purpose == RolePurpose::Promoter {
            return Ok(self.assume(assume(SHORT_SECONDS)).await?.value);
        }
        let slot = self.sessions.slot(access);
        let mut session = slot.lock().await;
        if let Some(session) = session.as_ref().filter(|s| self.clock.now() < s.renew_at) {
            return Ok(session.credentials.clone());
        }
        let answer = self.assume(assume(READER_SECONDS)).await?;
        let renew_at = answer
            .call
            .at
            .plus(i64::from(READER_SECONDS) * 1000 * 4 / 5);
        *session = Some(Session {
            credentials: answer.value.clone(),
            renew_at,
        });
        Ok(answer.value)
    }

    /// Renewed credentials for a read that AWS refused because `stale` are over.
    pub(crate) async fn renewed(
        &self,
        access: &RoleAccess,
        region: &Region,
        stale: &Credentials,
    ) -> Result<Credentials, AwsError> {
        self.sessions.forget(access, stale).await;
        self.credentials(access, region).await
    }

    /// Assumes a role. A read of STS like any other, so the SDK may repeat it; but a test without
    /// `ExternalId` is made once.
    pub(crate) async fn assume(&self, assume: Assume<'_>) -> Result<Answer<Credentials>, AwsError> {
        let trace = Trace::start("AssumeRole", &*self.clock);
        let external_id = match assume.external_id {
            ExternalIdUse::Presented => Some(assume.access.external_id.to_string()),
            ExternalIdUse::Omitted => None,
        };
        let mut once = aws_sdk_sts::config::Builder::default();
        if assume.external_id == ExternalIdUse::Omitted {
            once = once.retry_config(RetryConfig::disabled());
        }
        let result = self
            .sts(assume.region)
            .assume_role()
            .role_arn(assume.access.role.to_string())
            .role_session_name(assume.session_name)
            .duration_seconds(assume.seconds)
            .set_external_id(external_id)
            .set_policy(assume.session_policy.map(str::to_owned))
            .customize()
            .config_override(once)
            .interceptor(trace.interceptor())
            .send()
            .await;
        let output = match result {
            Ok(output) => output,
            Err(error) => return Err(trace.error(&error)),
        };
        let Some(given) = output.credentials() else {
            let message = "AWS answered without credentials".to_owned();
            return Err(trace.failed(ErrorClass::Ambiguous, None, message));
        };
        let credentials = Credentials::new(
            given.access_key_id(),
            given.secret_access_key(),
            Some(given.session_token().to_owned()),
            SystemTime::try_from(*given.expiration()).ok(),
            "AssumeRole",
        );
        Ok(trace.answer(credentials))
    }

    /// A fresh session for one job's write, narrowed by its session policy.
    pub(crate) async fn assume_for_write(
        &self,
        scope: &operations::ports::aws::WriteScope,
    ) -> Result<Credentials, AwsError> {
        let session_name = clipped(&format!("ch-{}", scope.job), 64);
        let answer = self.assume(Assume {
            access: &scope.access,
            region: &scope.region,
            external_id: ExternalIdUse::Presented,
            session_name: &session_name,
            session_policy: Some(&scope.session_policy),
            seconds: SHORT_SECONDS,
        });
        // The write itself was not sent, whatever became of this call: a role that could not be
        // assumed is never in doubt.
        answer
            .await
            .map(|answer| answer.value)
            .map_err(|mut error| {
                if error.class == ErrorClass::Ambiguous {
                    error.class = ErrorClass::NotSent;
                }
                error
            })
    }

    /// Assumes the role as a test, never from a cached session.
    pub(crate) async fn assume_as_test(
        &self,
        access: &RoleAccess,
        region: &Region,
        external_id: ExternalIdUse,
    ) -> Result<Answer<()>, AwsError> {
        let assume = Assume {
            access,
            region,
            external_id,
            session_name: SESSION_NAME,
            session_policy: None,
            seconds: SHORT_SECONDS,
        };
        let answer = self.assume(assume).await?;
        Ok(Answer {
            value: (),
            call: answer.call,
            date: answer.date,
        })
    }
}

/// Whether AWS says that the session is no longer valid.
pub(crate) fn is_over(error: &AwsError) -> bool {
    error.class == ErrorClass::Refused(operations::ports::aws::Refusal::Expired)
}
