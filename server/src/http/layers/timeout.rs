//! A request that does not end gives its place back. Streams are not under this rule.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;

use super::request_id::RequestId;
use crate::http::problem::Problem;

/// Longer than the slowest honest request: a test of a role waits for four calls to AWS.
pub const LONGEST: Duration = Duration::from_mins(1);

/// Answers 503 after the given time; what the handler had not committed is undone.
pub async fn layer(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    let mut asked = Request::default();
    *asked.uri_mut() = request.uri().clone();
    if let Some(id) = request.extensions().get::<RequestId>() {
        asked.extensions_mut().insert(id.clone());
    }
    if let Ok(response) = tokio::time::timeout(longest, next.run(request)).await {
        return response;
    }
    let detail =
        "It took too long and was given up. Look whether it was done before you try again.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail)
        .retry_after(5)
        .answer(&asked)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn what_does_not_end_is_given_up_and_the_rest_is_not() {
        let never = get(std::future::pending::<&'static str>);
        let quick = get(async || "done");
        for (handler, longest, status) in [
            (never, Duration::from_millis(20), 503),
            (quick, LONGEST, 200),
        ] {
            let app = Router::new()
                .fallback_service(handler)
                .layer(from_fn_with_state(longest, layer));
            let request = Request::get("/v1/jobs").body(Body::empty()).unwrap();
            let response = app.oneshot(request).await.unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(
                response.headers().contains_key("retry-after"),
                status == 503
            );
        }
    }
}
