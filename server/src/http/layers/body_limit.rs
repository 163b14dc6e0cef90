//! Bodies have an end.
//!
//! The largest honest form is a promotion with 198 tags of full length, percent-encoded; 1 MiB
//! holds it. The whole body is read here, so that the limit also holds where a handler would read
//! without one, and for bodies that do not say how long they are. One that drips in is given up.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};

use crate::http::problem::Problem;

/// Largest body, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// How long a body may take.
pub const SLOWEST: Duration = Duration::from_mins(1);

/// Reads the body, or refuses it with 413 or, after `slowest`, with 408.
pub async fn layer(State(slowest): State<Duration>, request: Request, next: Next) -> Response {
    if announced(request.headers()).is_some_and(|length| length > LARGEST) {
        return too_large(&request);
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(slowest, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Ok(Err(_)) => too_large(&Request::from_parts(parts, Body::empty())),
        Err(_) => too_slow(&Request::from_parts(parts, Body::empty())),
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

fn too_slow(request: &Request) -> Response {
    let detail = "The request's body did not arrive in time. Nothing was done.";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail).answer(request)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_body_that_does_not_end_is_given_up() {
        let app = Router::new()
            .fallback_service(post(async |body: String| body))
            .layer(from_fn_with_state(Duration::from_millis(20), layer));
        let endless = Body::from_stream(futures::stream::pending::<Result<String, axum::Error>>());
        for (body, status) in [(endless, 408), (Body::from("whole"), 200)] {
            let request = Request::post("/v1/jobs").body(body).unwrap();
            assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status);
        }
    }
}
