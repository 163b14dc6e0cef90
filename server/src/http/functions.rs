//! Server functions: where the app's forms end.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use super::state::AppState;

/// Calls the server function at the request's path.
pub async fn call(State(state): State<AppState>, request: Request) -> Response {
    let provide = state.provider(&request);
    leptos_axum::handle_server_fns_with_context(provide, request)
        .await
        .into_response()
}
