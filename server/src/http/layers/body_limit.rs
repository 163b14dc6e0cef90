//! Bodies have an end.
//!
//! The largest honest form is a promotion with 198 tags of full length, percent-encoded; 1 MiB
//! holds it. The whole body is read here, so that the limit also holds where a handler would read
//! without one, and for bodies that do not say how long they are.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};

use crate::http::problem::Problem;

/// Largest body, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// Reads the body or refuses it with 413.
pub async fn layer(request: Request, next: Next) -> Response {
    if announced(request.headers()).is_some_and(|length| length > LARGEST) {
        return too_large(&request);
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, LARGEST).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(_) => too_large(&Request::from_parts(parts, Body::empty())),
    }
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn too_large(request: &Request) -> Response {
    let detail = "The request's body is longer than 1 MiB or broke off. Nothing was done.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail).answer(request)
}
