//! Pieces of pages that `live.js` puts in place when something has changed. They are rendered by
//! the code that renders the whole page, so a status has one look.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use operations::OpResult;

use super::problem::Problem;
use super::state::{AppState, Context};

/// What waits and what runs.
pub async fn home(State(state): State<AppState>, context: Context) -> Response {
    let html = app::fragments::home(&context.cx, &state.assets.manifest()).await;
    answer(html, &context)
}

/// Why nothing is sent to AWS at present.
pub async fn pause(State(state): State<AppState>, context: Context) -> Response {
    let html = app::fragments::pause(&context.cx, &state.assets.manifest()).await;
    answer(html, &context)
}

/// The list of proposals.
pub async fn promotions(State(state): State<AppState>, context: Context) -> Response {
    let html = app::fragments::promotions(&context.cx, &state.assets.manifest()).await;
    answer(html, &context)
}

/// One proposal.
pub async fn promotion(
    State(state): State<AppState>,
    Path(id): Path<String>,
    context: Context,
) -> Response {
    let html = app::fragments::promotion(&context.cx, &state.assets.manifest(), &id).await;
    answer(html, &context)
}

/// One job.
pub async fn job(
    State(state): State<AppState>,
    Path(id): Path<String>,
    context: Context,
) -> Response {
    let html = app::fragments::job(&context.cx, &state.assets.manifest(), &id).await;
    answer(html, &context)
}

/// Projects and model versions.
pub async fn models(State(state): State<AppState>, context: Context) -> Response {
    let html = app::fragments::models(&context.cx, &state.assets.manifest()).await;
    answer(html, &context)
}

/// Projects with the way to their policies.
pub async fn policies(State(state): State<AppState>, context: Context) -> Response {
    let html = app::fragments::policies(&context.cx, &state.assets.manifest()).await;
    answer(html, &context)
}

/// The policies of one project.
pub async fn project_policies(
    State(state): State<AppState>,
    Path(project): Path<String>,
    context: Context,
) -> Response {
    let manifest = state.assets.manifest();
    let html = app::fragments::project_policies(&context.cx, &manifest, &project).await;
    answer(html, &context)
}

fn answer(html: OpResult<String>, context: &Context) -> Response {
    match html {
        Ok(html) => Html(html).into_response(),
        Err(error) => Problem::from_operation(&error).page(&context.request_id),
    }
}
