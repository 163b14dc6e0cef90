//! Pages: rendered by the app, whole, before the first byte is sent, so that status, redirects
//! and session changes that a page decides on all count.

use axum::extract::{Request, State};
use axum::response::Response;
use http::{Method, StatusCode};

use super::problem::{Problem, is_api};
use super::state::AppState;

/// The paths of all pages, as the app's own router has them.
pub fn list() -> Vec<String> {
    let mut paths: Vec<_> = leptos_axum::generate_route_list(app::App)
        .iter()
        .map(|listing| listing.path().to_owned())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Renders the page at the request's path.
pub async fn render(State(state): State<AppState>, request: Request) -> Response {
    let provide = state.provider(&request);
    leptos_axum::render_app_async_with_context(provide, app::shell)(request).await
}

/// For every path that has no route: the app's own page that says so, with status 404.
pub async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && !is_api(request.uri().path()) {
        return render(State(state), request).await;
    }
    let detail = "There is nothing at this address. Nothing was done.";
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail).answer(&request)
}

/// For a path that has a route, but not with this method.
pub async fn method_not_allowed(request: Request) -> Response {
    let detail = "This address does not take this method. Nothing was done.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).answer(&request)
}
