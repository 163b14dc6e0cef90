//! What a client is told when something cannot be done.
//!
//! One [`Problem`] has two looks: RFC 9457 `application/problem+json` below `/v1`, and a small
//! fixed page everywhere else. It holds text for people and a stable code for programs; the chain
//! of causes goes to the log and never over the wire.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use operations::{FieldError, OpError};
use serde::Serialize;
use utoipa::ToSchema;

use super::layers::request_id::RequestId;

/// One reason why a request is not carried out (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:customhouse:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What happened, in a few words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// Cause, consequence and next step.
    detail: String,
    /// Stable, for programs.
    code: String,
    /// Names this request in the log.
    request_id: String,
    /// The fields that are not accepted; empty unless the code is `invalid`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    #[serde(skip)]
    retry_after_s: Option<u32>,
}

/// One field that is not accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name in the request.
    field: String,
    /// Stable, for programs.
    code: String,
    /// For people.
    message: String,
}

impl Problem {
    /// A problem that the HTTP layer itself has with a request.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:customhouse:problem:{code}"),
            title: status
                .canonical_reason()
                .unwrap_or("Not possible")
                .to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
            retry_after_s: None,
        }
    }

    /// What a use case answered. Internal errors are logged here, once, and shown without cause.
    pub fn from_operation(error: &OpError) -> Self {
        let detail = [
            error.cause(),
            error.consequence().to_owned(),
            error.next_step(),
        ]
        .into_iter()
        .filter(|sentence| !sentence.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
        let mut problem = Self::new(status_of(error), error.code(), detail);
        match error {
            OpError::Invalid(fields) => {
                problem.errors = fields.iter().map(FieldProblem::from_field).collect();
            }
            OpError::Unavailable { retry_after_s } => problem.retry_after_s = Some(*retry_after_s),
            OpError::Internal(_) => log_chain(error),
            _ => {}
        }
        problem
    }

    /// One field that cannot be taken over.
    pub fn field(field: &str, code: &str, message: &str) -> Self {
        let detail = "A field is not accepted. Nothing was done. Correct it and send it again.";
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
        problem.errors.push(FieldProblem {
            field: field.to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        });
        problem
    }

    /// Asks the client to come back after so many seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer to `request`: JSON below `/v1`, else a page.
    pub fn answer(self, request: &Request) -> Response {
        let request_id = request
            .extensions()
            .get::<RequestId>()
            .cloned()
            .unwrap_or_default();
        if is_api(request.uri().path()) {
            self.json(&request_id)
        } else {
            self.page(&request_id)
        }
    }

    /// As `application/problem+json`.
    pub fn json(mut self, request_id: &RequestId) -> Response {
        request_id.as_str().clone_into(&mut self.request_id);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (
            self.status(),
            self.headers("application/problem+json"),
            body,
        )
            .into_response()
    }

    /// As a page without styles, scripts or anything that came with the request.
    pub fn page(self, request_id: &RequestId) -> Response {
        let body = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <title>{title} · Customhouse</title>\n<h1>{title}</h1>\n<p>{detail}</p>\n\
             <p>Request {request_id}</p>\n<p><a href=\"/\">Home</a></p>\n</html>\n",
            title = escape(&self.title),
            detail = escape(&self.detail),
            request_id = escape(request_id.as_str()),
        );
        (
            self.status(),
            self.headers("text/html; charset=utf-8"),
            body,
        )
            .into_response()
    }

    fn headers(&self, content_type: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        headers
    }
}

/// Whether a path belongs to programs.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/")
}

/// The HTTP status of what a use case answered.
pub(crate) fn status_of(error: &OpError) -> StatusCode {
    match error {
        OpError::NotFound { .. } => StatusCode::NOT_FOUND,
        OpError::Forbidden { .. } => StatusCode::FORBIDDEN,
        OpError::Conflict { .. } => StatusCode::CONFLICT,
        OpError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        OpError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        OpError::Aws(_) => StatusCode::BAD_GATEWAY,
        OpError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn log_chain(error: &OpError) {
    let mut chain = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        chain = format!("{chain}: {cause}");
        source = cause.source();
    }
    tracing::error!(error = %chain, "a request failed");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl FieldProblem {
    fn from_field(error: &FieldError) -> Self {
        Self {
            field: error.field.as_str().to_owned(),
            code: error.code.as_str().to_owned(),
            message: error.text(),
        }
    }
}
