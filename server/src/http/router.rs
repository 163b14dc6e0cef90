//! The layers around the routes, outermost first:
//!
//! 1. request id, log line, security headers, panics: around everything, refusals included;
//! 2. `Host`, who asks, origin of writes, size of bodies: what a request must be like;
//! 3. permission, type of bodies, time limit, sessions: by route, see [`super::registry`]. So what
//!    has no route, or another method, is told that and not that its body has the wrong type.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, any};
use domain::Random;

use super::layers::security_headers::{self, SecurityHeaders};
use super::layers::{
    body_limit, client_address, cross_origin, host, identify, panic, request_id, trace,
};
use super::pages;
use super::registry::{Registry, RouteKind};
use super::state::AppState;
use crate::sessions;

/// Builds the service that answers every request.
pub fn router(registry: Registry, state: AppState) -> Router {
    let random: Arc<dyn Random> = Arc::clone(&state.random);
    let names = state.names.clone();
    let headers = SecurityHeaders {
        random: Arc::clone(&random),
        names: names.clone(),
    };
    let identified = from_fn_with_state((state.clone(), RouteKind::Page), identify::layer);
    let nothing_here: MethodRouter<AppState> = any(pages::not_found).layer(identified);
    let nothing_here = nothing_here
        .layer(sessions::layer(&state.store, &state.clock))
        .with_state(state.clone());
    registry
        .into_router(&state)
        .method_not_allowed_fallback(pages::method_not_allowed)
        .fallback_service(nothing_here)
        .layer(from_fn_with_state(body_limit::SLOWEST, body_limit::layer))
        .layer(from_fn_with_state(names.clone(), cross_origin::layer))
        .layer(from_fn_with_state(
            state.proxies.clone(),
            client_address::layer,
        ))
        .layer(from_fn_with_state(names, host::layer))
        .layer(from_fn(panic::layer))
        .layer(from_fn_with_state(headers, security_headers::layer))
        .layer(from_fn(trace::layer))
        .layer(from_fn_with_state(random, request_id::layer))
        .with_state(state)
}
