//! A bug in one request must not end the others, and must not show its inside.

use std::any::Any;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use http::{Method, StatusCode, Uri};
use std::panic::AssertUnwindSafe;

use super::request_id::RequestId;
use crate::http::problem::Problem;

/// Answers a panic with a fixed 500 and logs what it said.
pub async fn layer(request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => answer(method, uri, request_id, panic.as_ref()),
    }
}

fn answer(method: Method, uri: Uri, id: RequestId, panic: &(dyn Any + Send)) -> Response {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("nothing");
    tracing::error!(request.id = id.as_str(), panic = said, "a request panicked");
    let mut request = Request::default();
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request.extensions_mut().insert(id);
    let detail = "This is a mistake in Customhouse. What was not finished was not stored. \
                  The log has more under the request's id.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).answer(&request)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn fails() -> &'static str {
        panic!("canary")
    }

    #[tokio::test]
    async fn a_panic_is_a_fixed_answer_that_tells_nothing() {
        for (path, content_type) in [
            ("/models", "text/html; charset=utf-8"),
            ("/v1/jobs", "application/problem+json"),
        ] {
            let app = Router::new()
                .fallback_service(get(fails))
                .layer(from_fn(layer));
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = app.oneshot(request).await.unwrap();
            assert_eq!(
                response.status(),
                StatusCode::INTERNAL_SERVER_ERROR,
                "{path}"
            );
            assert_eq!(response.headers()["content-type"], content_type);
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains("mistake in Customhouse"), "{body}");
            assert!(!body.contains("canary"), "{body}");
        }
    }
}
