//! `GET /v1/openapi.json`: the API's own description.

use axum::Json;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;

use super::{audit, job_requests, jobs, promotions};
use crate::http::problem::Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Customhouse",
        description = "Promotes Amazon Rekognition Custom Labels model versions between AWS accounts.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        promotions::create,
        promotions::list,
        promotions::get,
        jobs::list,
        jobs::get,
        job_requests::stop,
        job_requests::look_again,
        job_requests::adopt,
        job_requests::resend,
        job_requests::give_up,
        audit::list,
        follow_events,
    ),
    components(schemas(Problem))
)]
struct Document;

/// Follows what happens, as server-sent events: `job`, `proposal`, `inventory`, `look`,
/// `heartbeat`, `resync`. Ids are `<epoch>-<number>`; numbers have no gaps.
#[utoipa::path(
    get, path = "/v1/events", tag = "events",
    params(
        ("Last-Event-ID" = Option<String>, Header, description = "Go on after this event"),
        ("last_event_id" = Option<String>, Query, description = "The same, for clients that cannot set a header"),
    ),
    responses(
        (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
        (status = 503, description = "Too many follow already", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[expect(
    dead_code,
    reason = "describes http::events::follow, which also answers /events"
)]
fn follow_events() {}

/// The description, OpenAPI in JSON.
pub async fn document() -> Response {
    Json(description()).into_response()
}

/// The description.
pub fn description() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
