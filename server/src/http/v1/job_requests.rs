//! `/v1/jobs/{id}/…`: what can be asked of a job. Each answer is 202: the request is stored, and the
//! engine acts on it; the job tells what came of it. Bodies are JSON, an empty object where nothing
//! is to be said: what other sites can send without being asked is never taken.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::RequestVerb;
use http::{HeaderMap, StatusCode};
use operations::jobs::JobRequestForm;
use serde::Deserialize;
use utoipa::ToSchema;

use super::promotions::{IDEMPOTENCY_KEY, idempotency_key};
use super::unreadable;
use super::wire::Job;
use crate::http::problem::Problem;
use crate::http::state::Context;

/// Which version is a job's copy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adoption {
    /// ARN of the version: in the destination project, under the planned name.
    pub version: String,
    /// You say that it is the job's copy even where AWS does not show what it was copied from.
    #[serde(default)]
    pub vouched: bool,
}

/// Stops a job. AWS has no cancel: a copy that it has is finished by it.
///
/// The body is an empty JSON object.
#[utoipa::path(
    post, path = "/v1/jobs/{id}/stop", tag = "jobs",
    params(
        ("id" = String, Path, description = "`job_` and 26 characters"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters"),
    ),
    responses(
        (status = 202, description = "Stored; the engine acts on it", body = Job),
        (status = 404, description = "There is no such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot lead to anything where the job stands", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn stop(context: Context, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let form = match form(&headers) {
        Ok(form) => form,
        Err(problem) => return problem.json(&context.request_id),
    };
    ask(&context, &id, RequestVerb::Stop, &form).await
}

/// Has a job that needs an operator look at AWS at once.
///
/// The body is an empty JSON object.
#[utoipa::path(
    post, path = "/v1/jobs/{id}/look-again", tag = "jobs",
    params(
        ("id" = String, Path, description = "`job_` and 26 characters"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters"),
    ),
    responses(
        (status = 202, description = "Stored; the engine acts on it", body = Job),
        (status = 404, description = "There is no such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot lead to anything where the job stands", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn look_again(context: Context, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let form = match form(&headers) {
        Ok(form) => form,
        Err(problem) => return problem.json(&context.request_id),
    };
    ask(&context, &id, RequestVerb::LookAgain, &form).await
}

/// Says which version is the copy of a job that needs an operator.
#[utoipa::path(
    post, path = "/v1/jobs/{id}/adopt", tag = "jobs",
    params(
        ("id" = String, Path, description = "`job_` and 26 characters"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters"),
    ),
    request_body = Adoption,
    responses(
        (status = 202, description = "Stored; the engine acts on it", body = Job),
        (status = 404, description = "There is no such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot lead to anything where the job stands", body = Problem, content_type = "application/problem+json"),
        (status = 400, description = "Not the JSON that is wanted", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not a version of the planned name in the destination project", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn adopt(
    context: Context,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = form(&headers).and_then(|form| {
        let adoption: Adoption = serde_json::from_slice(&body).map_err(|_| {
            let why = "The body must be a JSON object with the text version and, if wanted, the \
                       boolean vouched.";
            Box::new(unreadable(why))
        })?;
        Ok(JobRequestForm {
            version: adoption.version,
            vouched: if adoption.vouched { "yes" } else { "" }.to_owned(),
            ..form
        })
    });
    match form {
        Ok(form) => ask(&context, &id, RequestVerb::Adopt, &form).await,
        Err(problem) => problem.json(&context.request_id),
    }
}

/// Has a job that needs an operator send the same copy again, if nothing of it was found.
///
/// The body is an empty JSON object.
#[utoipa::path(
    post, path = "/v1/jobs/{id}/resend", tag = "jobs",
    params(
        ("id" = String, Path, description = "`job_` and 26 characters"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters"),
    ),
    responses(
        (status = 202, description = "Stored; the engine acts on it", body = Job),
        (status = 404, description = "There is no such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot lead to anything where the job stands", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn resend(context: Context, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let form = match form(&headers) {
        Ok(form) => form,
        Err(problem) => return problem.json(&context.request_id),
    };
    ask(&context, &id, RequestVerb::Resend, &form).await
}

/// Ends a job that needs an operator as failed, and removes its grant.
///
/// The body is an empty JSON object.
#[utoipa::path(
    post, path = "/v1/jobs/{id}/give-up", tag = "jobs",
    params(
        ("id" = String, Path, description = "`job_` and 26 characters"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters"),
    ),
    responses(
        (status = 202, description = "Stored; the engine acts on it", body = Job),
        (status = 404, description = "There is no such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot lead to anything where the job stands", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn give_up(context: Context, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let form = match form(&headers) {
        Ok(form) => form,
        Err(problem) => return problem.json(&context.request_id),
    };
    ask(&context, &id, RequestVerb::GiveUp, &form).await
}

fn form(headers: &HeaderMap) -> Result<JobRequestForm, Box<Problem>> {
    let form_id = headers.get(IDEMPOTENCY_KEY).map(idempotency_key);
    Ok(JobRequestForm {
        form_id: form_id.transpose()?.unwrap_or_default(),
        ..JobRequestForm::default()
    })
}

async fn ask(context: &Context, id: &str, verb: RequestVerb, form: &JobRequestForm) -> Response {
    let asked = operations::jobs::ask(&context.cx, id, verb, form).await;
    let view = match asked {
        Ok(_) => operations::jobs::get(&context.cx, id).await,
        Err(error) => Err(error),
    };
    match view {
        Ok(view) => (StatusCode::ACCEPTED, Json(Job::from(&view))).into_response(),
        Err(error) => Problem::from_operation(&error).json(&context.request_id),
    }
}
