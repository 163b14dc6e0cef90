//! One call as it goes: request id, duration and AWS's `Date`, taken from whatever answer comes.

use crate::classify;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use domain::{Clock, Millis};
use operations::ports::aws::{Answer, AwsError, Call, ErrorClass};
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

const LONGEST_ID: usize = 128;
const LONGEST_MESSAGE: usize = 1000;

/// Follows one call from before it is sent.
pub(crate) struct Trace {
    operation: &'static str,
    at: Millis,
    started: Instant,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    request_id: Option<String>,
    date: Option<Millis>,
}

impl Trace {
    pub(crate) fn start(operation: &'static str, clock: &dyn Clock) -> Self {
        Self {
            operation,
            at: clock.now(),
            started: Instant::now(),
            seen: Arc::default(),
        }
    }

    /// Hooks this trace into an SDK call.
    pub(crate) fn interceptor(&self) -> HeaderReader {
        HeaderReader {
            seen: Arc::clone(&self.seen),
        }
    }

    pub(crate) fn answer<T>(self, value: T) -> Answer<T> {
        let date = self.lock().date;
        Answer {
            value,
            call: self.call(),
            date,
        }
    }

    pub(crate) fn error<E, R>(self, error: &SdkError<E, R>) -> AwsError
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: fmt::Debug,
    {
        let code = error.code().map(|code| clipped(code, LONGEST_ID));
        let (class, words) = match &code {
            Some(code) => (classify::by_code(code), ""),
            None => classify::without_code(error),
        };
        let message = error
            .message()
            .map_or_else(|| words.to_owned(), |m| clipped(m, LONGEST_MESSAGE));
        self.failed(class, code, message)
    }

    pub(crate) fn failed(
        self,
        class: ErrorClass,
        code: Option<String>,
        message: String,
    ) -> AwsError {
        AwsError {
            call: self.call(),
            class,
            code,
            message,
        }
    }

    fn call(&self) -> Call {
        Call {
            operation: self.operation,
            at: self.at,
            took_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            request_id: self.lock().request_id.clone(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the headers of each answer of one call; the last one counts.
#[derive(Debug)]
pub(crate) struct HeaderReader {
    seen: Arc<Mutex<Seen>>,
}

#[dyn_dispatch_hint]
impl Intercept for HeaderReader {
    fn name(&self) -> &'static str {
        "HeaderReader"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.response().headers();
        let id = headers
            .get("x-amzn-requestid")
            .or_else(|| headers.get("x-amz-request-id"));
        let date = headers
            .get("date")
            .and_then(|text| DateTime::from_str(text, Format::HttpDate).ok());
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen {
            request_id: id.map(|id| clipped(id, LONGEST_ID)),
            date: date.and_then(|date| date.to_millis().ok()).map(Millis::new),
        };
        Ok(())
    }
}

/// At most `longest` characters of `text`, with U+FFFD for each NUL: PostgreSQL stores every other
/// character.
pub(crate) fn clipped(text: &str, longest: usize) -> String {
    let storable = |letter| if letter == '\0' { '\u{fffd}' } else { letter };
    text.chars().take(longest).map(storable).collect()
}
