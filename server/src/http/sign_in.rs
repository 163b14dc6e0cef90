//! `/auth/start` and `/auth/return`: to the OpenID Connect provider and back.
//!
//! Both are `GET`, since a form that leads to another origin is blocked by our own content security
//! policy and a provider sends a browser back by a link. The first changes nothing here but cookies.
//! The second signs in, and counts only with the cookie of the first. Whatever goes wrong ends on
//! the page for signing in, which says so; the log has the reason.

use app::pages::sign_in::trouble::Trouble;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use operations::people::{Attempt, Device, SignedIn, sign_in_by_return, sign_out};
use operations::{ConflictCode, OpError};
use serde::Deserialize;
use tower_sessions::Session;
use url::form_urlencoded;

use super::state::{AppState, Context};
use crate::oidc::{LocalPath, Pending, Provider, Refused, Returned, chain, make_room};
use crate::sessions;

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where a sign-in is to lead.
#[derive(Debug, Deserialize)]
pub struct Start {
    next: Option<String>,
}

/// Sends a browser to the provider.
///
/// A page of another site cannot begin a sign-in: it only gets the page on which people begin.
pub async fn start(
    State(state): State<AppState>,
    start: Result<Query<Start>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let next = start
        .ok()
        .and_then(|Query(start)| LocalPath::new(&start.next?))
        .unwrap_or_default();
    let Some(provider) = state.provider.as_ref().filter(|_| is_own_link(&headers)) else {
        return see_other(&sign_in_page(None, &next));
    };
    let pending = Pending::begin(next, state.clock.as_ref(), state.random.as_ref());
    match provider.authorization(&pending).await {
        Ok(url) => {
            let mut response = see_other(url.as_str());
            let cookies = make_room(cookies(&headers));
            let cookies = cookies.into_iter().chain([pending.cookie()]);
            for cookie in cookies {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => {
            tracing::warn!(error = chain(&error), "a sign-in could not begin");
            see_other(&sign_in_page(Some(error.trouble()), pending.next()))
        }
    }
}

/// Signs in whom the provider sends back.
pub async fn finish(
    State(state): State<AppState>,
    context: Context,
    session: Session,
    returned: Result<Query<Returned>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Query(returned) = returned.unwrap_or_default();
    let pending = Pending::find(&returned.state, cookies(&headers), state.clock.now());
    let (Some(provider), Some(pending)) = (state.provider.as_ref(), pending) else {
        return refused(&Refused::Unknown, &LocalPath::default());
    };
    let signed_in = sign_in(provider, &context, &pending, &returned, &headers).await;
    let kept = match signed_in {
        Ok(signed_in) => {
            // Whoever was signed in here before is not any more.
            if let Err(error) = sign_out(&context.cx).await {
                tracing::warn!(%error, "the former sign-in of a browser goes on until its time is over");
            }
            sessions::begin(&session, signed_in.sign_in)
                .await
                .map_err(Refused::Session)
        }
        Err(error) => Err(error),
    };
    let mut response = match kept {
        Ok(()) => see_other(pending.next().as_str()),
        Err(error) => refused(&error, pending.next()),
    };
    response.headers_mut().append(SET_COOKIE, pending.end());
    response
}

async fn sign_in(
    provider: &Provider,
    context: &Context,
    pending: &Pending,
    returned: &Returned,
    headers: &HeaderMap,
) -> Result<SignedIn, Refused> {
    let claims = provider.claims(pending, returned).await?;
    let identity = claims.identity(provider.issuer());
    let attempt = Attempt {
        id: pending.id(),
        ends_at: pending.ends_at(),
    };
    let device = Device {
        address: context.cx.caller.address,
        browser: browser(headers),
    };
    match sign_in_by_return(&context.cx, &identity, &device, &attempt).await {
        Ok(Some(signed_in)) => Ok(signed_in),
        Ok(None) => Err(Refused::Used),
        Err(OpError::Conflict {
            code: ConflictCode::PersonInactive,
        }) => Err(Refused::Inactive),
        Err(error) => Err(Refused::Internal(error)),
    }
}

fn refused(error: &Refused, next: &LocalPath) -> Response {
    let trouble = error.trouble();
    let error = chain(error);
    match trouble {
        Trouble::Cancelled | Trouble::Stale => tracing::info!(error, "a sign-in was refused"),
        Trouble::Internal => tracing::error!(error, "a sign-in failed"),
        _ => tracing::warn!(error, "a sign-in was refused"),
    }
    see_other(&sign_in_page(Some(trouble), next))
}

fn sign_in_page(trouble: Option<Trouble>, next: &LocalPath) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(trouble) = trouble {
        query.append_pair("trouble", trouble.as_str());
    }
    if *next != LocalPath::default() {
        query.append_pair("next", next.as_str());
    }
    let query = query.finish();
    if query.is_empty() {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?{query}")
    }
}

/// `GET` in any case, and never from a cache.
fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (LOCATION, location),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Whether a link of ours, or an address that somebody typed, led here. Browsers that do not say
/// are believed: a foreign start signs nobody in.
fn is_own_link(headers: &HeaderMap) -> bool {
    let site = headers.get(&SEC_FETCH_SITE);
    site.is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

fn browser(headers: &HeaderMap) -> String {
    let text = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    text.unwrap_or_default().to_owned()
}
