//! Sessions of assumed roles: the readers' are kept and shared, every other one is made for one
//! use. Nothing of them leaves this process's memory.

use crate::clients::Inner;
use crate::trace::{Trace, clipped};
use aws_credential_types::Credentials;
use aws_smithy_types::retry::RetryConfig;
use domain::{Millis, Region, RoleAccess, RolePurpose};
use operations::ports::aws::{Answer, AwsError, ErrorClass, ExternalIdUse, Refusal, WriteScope};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// How long a reader's session is asked for. One hour is also the most that AWS gives when the
/// base credentials are a role themselves (role chaining).
const READER_SECONDS: i32 = 3600;
/// How long any other session is asked for: the least that AWS gives.
const SHORT_SECONDS: i32 = 900;

/// How long a session that could not be renewed is used before the next try.
const RENEWAL_PAUSE_MS: i64 = 60_000;

/// The name of sessions that no job owns.
const SESSION_NAME: &str = "customhouse";

/// The readers' sessions: one for each role, shared by all calls.
#[derive(Default)]
pub(crate) struct Sessions {
    readers: Mutex<HashMap<RoleAccess, Arc<Slot>>>,
}

/// One reader's session. The lock is held while the role is assumed, so that callers who come
/// meanwhile wait for the same answer, good or bad, instead of asking again. A caller that goes away
/// while it assumes the role leaves the slot as it was; the next one asks.
#[derive(Default)]
struct Slot {
    /// How many answers there were so far. A caller that finds more than when it came has waited
    /// for one of them.
    answers: AtomicU64,
    held: tokio::sync::Mutex<Held>,
}

#[derive(Default)]
struct Held {
    session: Option<Session>,
    /// Why the last attempt failed.
    failed: Option<AwsError>,
}

struct Session {
    credentials: Credentials,
    renew_at: Millis,
    over_at: Millis,
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
        let mut held = slot.held.lock().await;
        let same = |s: &Session| s.credentials.access_key_id() == stale.access_key_id();
        if held.session.as_ref().is_some_and(same) {
            held.session = None;
        }
    }
}

impl Held {
    /// Keeps what came of assuming the role, and gives what to use now.
    fn take(
        &mut self,
        result: Result<Answer<Credentials>, AwsError>,
        now: Millis,
    ) -> Result<Credentials, AwsError> {
        let error = match result {
            Ok(answer) => {
                let life = i64::from(READER_SECONDS) * 1000;
                self.failed = None;
                self.session = Some(Session {
                    credentials: answer.value.clone(),
                    renew_at: answer.call.at.plus(life * 4 / 5),
                    over_at: answer.call.at.plus(life),
                });
                return Ok(answer.value);
            }
            Err(error) => error,
        };
        // A refusal is AWS's word about the role and counts at once; anything else says nothing
        // about the session that is still there.
        let refused = matches!(error.class, ErrorClass::Refused(_));
        if let Some(session) = self
            .session
            .as_mut()
            .filter(|s| !refused && now < s.over_at)
        {
            session.renew_at = now.plus(RENEWAL_PAUSE_MS);
            return Ok(session.credentials.clone());
        }
        self.session = None;
        self.failed = Some(error.clone());
        Err(error)
    }
}

impl Inner {
    /// Credentials for reading with `access`. A reader's are shared and renewed at 80 % of their
    /// life; while AWS cannot be reached for that they are used to their end. A promoter's are fresh
    /// each time and live 15 minutes.
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
        let came_at = slot.answers.load(Ordering::SeqCst);
        let mut held = slot.held.lock().await;
        if let Some(session) = &held.session
            && self.clock.now() < session.renew_at
        {
            return Ok(session.credentials.clone());
        }
        if let Some(error) = &held.failed
            && slot.answers.load(Ordering::SeqCst) > came_at
        {
            return Err(error.clone());
        }
        let result = self.assume(assume(READER_SECONDS)).await;
        slot.answers.fetch_add(1, Ordering::SeqCst);
        held.take(result, self.clock.now())
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
    ///
    /// Never asks for a role of another account than the one the write is meant for.
    pub(crate) async fn assume_for_write(
        &self,
        scope: &WriteScope,
    ) -> Result<Credentials, AwsError> {
        let access = &scope.access;
        if access.role.account() != &access.account {
            let trace = Trace::start("AssumeRole", &*self.clock);
            let message = format!(
                "the role belongs to another account than {}",
                access.account
            );
            return Err(trace.failed(ErrorClass::NotSent, None, message));
        }
        let session_name = clipped(&format!("ch-{}", scope.job), 64);
        let answer = self.assume(Assume {
            access,
            region: &scope.region,
            external_id: ExternalIdUse::Presented,
            session_name: &session_name,
            session_policy: Some(&scope.session_policy),
            seconds: SHORT_SECONDS,
        });
        // The write itself was not sent, whatever became of this call: a role that could not be
        // assumed is never in doubt.
        let credentials = answer
            .await
            .map(|answer| answer.value)
            .map_err(|mut error| {
                if error.class == ErrorClass::Ambiguous {
                    error.class = ErrorClass::NotSent;
                }
                error
            })?;
        if self.clock.now() > scope.send_by {
            let trace = Trace::start("AssumeRole", &*self.clock);
            let message = AwsError::TOO_LATE.to_owned();
            return Err(trace.failed(ErrorClass::NotSent, None, message));
        }
        Ok(credentials)
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

/// Whether AWS says that the session is no longer valid: it has expired, or its token is not known
/// any more, as after the role was deleted and made again.
pub(crate) fn is_over(error: &AwsError) -> bool {
    let unknown_token = matches!(
        error.code.as_deref(),
        Some("UnrecognizedClientException" | "InvalidClientTokenId")
    );
    error.class == ErrorClass::Refused(Refusal::Expired) || unknown_token
}
