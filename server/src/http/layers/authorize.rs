//! Every route says what it lets people do, and lets through nobody who may not.
//!
//! The use cases ask the same question again; this layer makes a route that was forgotten there
//! closed instead of open.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Actor, Decision, permission};
use http::StatusCode;

use crate::http::problem::Problem;
use crate::http::registry::Access;

/// Refuses with 403 what the route's action does not allow.
pub async fn layer(
    State((actor, access)): State<(Actor, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let allowed = match access {
        Access::Open => true,
        Access::Action(action) => permission::may(&actor, action) == Decision::Allowed,
    };
    if allowed {
        return next.run(request).await;
    }
    let detail = "You may not do this. Nothing was done.";
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).answer(&request)
}
