//! Every route says what it lets people do, and lets through nobody who may not.
//!
//! The use cases ask the same question again, and where in which environment; this layer makes a
//! route that was forgotten there closed instead of open.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Action, Decision, Place, permission};
use http::header::{ACCEPT, REFERER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode, Uri};
use operations::{Caller, OpContext};
use url::form_urlencoded;

use super::identify::is_somebody;
use super::request_id::RequestId;
use crate::http::pages;
use crate::http::problem::Problem;
use crate::http::registry::{Access, RouteKind};
use crate::http::state::AppState;

/// Lets through whom the route's action allows. Nobody is sent to sign in, or gets 401; what one may
/// not see is 404, what one may not do is 403.
pub async fn layer(
    State((state, kind, access)): State<(AppState, RouteKind, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let Access::Action(action) = access else {
        return next.run(request).await;
    };
    let caller = request.extensions().get::<Caller>();
    let Some(caller) = caller.filter(|caller| is_somebody(caller)) else {
        return sign_in_first(kind, &request);
    };
    if permission::may(&caller.authority, action, Place::Somewhere) == Decision::Allowed {
        return next.run(request).await;
    }
    refuse(state, kind, action, request).await
}

async fn refuse(
    state: AppState,
    kind: RouteKind,
    action: Action,
    mut request: Request,
) -> Response {
    if let Some(cx) = context(&state, &request)
        && let Err(error) = operations::audit::note_refused(&cx, action).await
    {
        // The answer is the same whether or not it could be noted.
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "a refused attempt was not noted");
    }
    if action.only_shows() {
        if kind == RouteKind::Page {
            // The page that says so is that of an address which nothing answers.
            let mut elsewhere = Request::new(Body::empty());
            *elsewhere.extensions_mut() = std::mem::take(request.extensions_mut());
            *elsewhere.uri_mut() = Uri::from_static("/-");
            return pages::not_found(State(state), elsewhere).await;
        }
        let detail = "There is nothing at this address.";
        return Problem::new(StatusCode::NOT_FOUND, "not_found", detail).answer(&request);
    }
    let detail = "You may not do this. Nothing was done. Ask an admin of this installation.";
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).answer(&request)
}

/// The caller's context, for noting what they were refused.
fn context(state: &AppState, request: &Request) -> Option<OpContext> {
    let extensions = request.extensions();
    let caller = extensions.get::<Caller>().cloned()?;
    let request_id = extensions.get::<RequestId>().cloned().unwrap_or_default();
    Some(state.context(&request_id, caller))
}

fn sign_in_first(kind: RouteKind, request: &Request) -> Response {
    let wants_page = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    match kind {
        RouteKind::Page => {
            let uri = request.uri();
            Redirect::to(&sign_in_at(
                uri.path_and_query().map_or("/", |to| to.as_str()),
            ))
            .into_response()
        }
        RouteKind::ServerFunction if wants_page => {
            // The layer outside of this one has left only an address of our own.
            let page = request.headers().get(REFERER);
            let page = page.and_then(|page| page.to_str().ok()).unwrap_or("/");
            Redirect::to(&sign_in_at(path_of(page))).into_response()
        }
        _ => {
            let detail =
                "Nobody has signed in, or the sign-in or token has ended. Nothing was done.";
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail);
            let mut response = problem.answer(request);
            if matches!(kind, RouteKind::Api | RouteKind::Stream) {
                let scheme = HeaderValue::from_static("Bearer");
                response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
            }
            response
        }
    }
}

/// The page to sign in on, which leads on to `next` afterwards.
fn sign_in_at(next: &str) -> String {
    if next == "/" {
        return "/sign-in".to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

/// Path and query of an address of our own.
fn path_of(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => address,
    }
}
