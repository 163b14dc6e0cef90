//! Forms about jobs: what people ask of one. The engine acts on it.

use domain::RequestVerb;
use leptos::prelude::*;
use operations::jobs::{self, JobRequestForm};

use super::answer::finish;
use super::{ApiError, op_context};
use crate::forms::FormName;
use crate::links;

async fn ask(verb: RequestVerb, job: &str, form: &JobRequestForm) -> Result<(), ApiError> {
    let cx = op_context()?;
    let page = job
        .parse()
        .map_or_else(|_| "/promotions".to_owned(), links::job);
    let asked = jobs::ask(&cx, job, verb, form).await;
    let result = asked.map(links::job);
    finish(&cx, FormName::JobRequest, form, &page, result).await
}

/// Stops a job.
#[server(prefix = "/api", endpoint = "jobs/stop")]
pub async fn stop(
    #[server(default)] job: String,
    #[server(flatten)] form: JobRequestForm,
) -> Result<(), ApiError> {
    ask(RequestVerb::Stop, &job, &form).await
}

/// Has a job that needs an operator look at AWS.
#[server(prefix = "/api", endpoint = "jobs/look-again")]
pub async fn look_again(
    #[server(default)] job: String,
    #[server(flatten)] form: JobRequestForm,
) -> Result<(), ApiError> {
    ask(RequestVerb::LookAgain, &job, &form).await
}

/// Says which version is a job's copy.
#[server(prefix = "/api", endpoint = "jobs/adopt")]
pub async fn adopt(
    #[server(default)] job: String,
    #[server(flatten)] form: JobRequestForm,
) -> Result<(), ApiError> {
    ask(RequestVerb::Adopt, &job, &form).await
}

/// Has a job send the same copy again.
#[server(prefix = "/api", endpoint = "jobs/resend")]
pub async fn resend(
    #[server(default)] job: String,
    #[server(flatten)] form: JobRequestForm,
) -> Result<(), ApiError> {
    ask(RequestVerb::Resend, &job, &form).await
}

/// Gives up a job that needs an operator.
#[server(prefix = "/api", endpoint = "jobs/give-up")]
pub async fn give_up(
    #[server(default)] job: String,
    #[server(flatten)] form: JobRequestForm,
) -> Result<(), ApiError> {
    ask(RequestVerb::GiveUp, &job, &form).await
}
