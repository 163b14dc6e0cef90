//! `/v1/jobs`: how approved plans are carried out.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::part::Part;
use super::wire::{self, Job, JobSummary};
use crate::http::problem::Problem;
use crate::http::state::Context;

/// Lists jobs, newest first.
#[utoipa::path(
    get, path = "/v1/jobs", tag = "jobs", params(Part),
    responses(
        (status = 200, description = "One part of the list", body = wire::Part<JobSummary>),
        (status = 400, description = "No such part", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn list(context: Context, part: Part) -> Response {
    match operations::jobs::list(&context.cx, part.request()).await {
        Ok(page) => Json(wire::Part {
            items: page.items.iter().map(JobSummary::from).collect(),
            next: page.next,
        })
        .into_response(),
        Err(error) => Problem::from_operation(&error).json(&context.request_id),
    }
}

/// One job with its steps.
#[utoipa::path(
    get, path = "/v1/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "`job_` and 26 characters")),
    responses(
        (status = 200, description = "The job", body = Job),
        (status = 404, description = "There is none", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn get(context: Context, Path(id): Path<String>) -> Response {
    match operations::jobs::get(&context.cx, &id).await {
        Ok(view) => Json(Job::from(&view)).into_response(),
        Err(error) => Problem::from_operation(&error).json(&context.request_id),
    }
}
