//! One line in the log for each request.
//!
//! It holds the pattern of the route and never the path, the query or a header: those may hold
//! secrets, and text that a stranger chose.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::request_id::RequestId;

/// Opens the span of a request and logs how it was answered.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let method = known(request.method());
    let span = tracing::info_span!("request", request.id = id.as_str(), method, route = Empty);
    let began = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status();
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), duration_ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), duration_ms, "answered");
        }
    });
    response
}

/// Adds the pattern of the route, once it is known, to the request's span.
pub async fn route(request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        Span::current().record("route", path.as_str());
    }
    next.run(request).await
}

fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
