//! `GET /pkg/{name}`: the files of the site.

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;

use super::state::AppState;

/// One file, kept by browsers for a year, or 404.
pub async fn file(
    State(state): State<AppState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    state.assets.respond(&name, &headers)
}
