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

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use domain::Action;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_route_answers_exactly_where_the_permission_says_so() {
        let open = Access::Open;
        for actor in [Actor::LocalOperator, Actor::Engine, Actor::Rule] {
            let actions = Action::ALL.map(Access::Action);
            for access in actions.into_iter().chain([open]) {
                let allowed = match access {
                    Access::Open => true,
                    Access::Action(action) => permission::may(&actor, action) == Decision::Allowed,
                };
                let app = Router::new()
                    .fallback_service(get(async || "done"))
                    .layer(from_fn_with_state((actor.clone(), access), layer));
                let request = Request::get("/v1/jobs").body(Body::empty()).unwrap();
                let status = app.oneshot(request).await.unwrap().status();
                let expected = if allowed {
                    StatusCode::OK
                } else {
                    StatusCode::FORBIDDEN
                };
                assert_eq!(status, expected, "{actor:?} {access:?}");
            }
        }
    }
}
