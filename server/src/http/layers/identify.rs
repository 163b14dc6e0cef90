//! Finds out who calls.
//!
//! Pages and what belongs to them are asked for with the cookie of a session that holds a sign-in;
//! `/v1` takes only a token in `Authorization`. Neither takes the other's: so no page of another
//! site can make a browser act at `/v1`, and no token opens a page.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Actor;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use operations::{Caller, Channel, OpContext, OpResult, tokens};
use tower_sessions::Session;

use super::client_address::ClientAddress;
use super::request_id::RequestId;
use crate::http::problem::Problem;
use crate::http::registry::RouteKind;
use crate::http::state::AppState;
use crate::sessions::SIGN_IN;

/// Puts the [`Caller`] into the request's extensions: somebody, or nobody.
pub async fn layer(
    State((state, kind)): State<(AppState, RouteKind)>,
    mut request: Request,
    next: Next,
) -> Response {
    let nobody = Caller::nobody(channel(&request), address(&request));
    let extensions = request.extensions();
    let request_id = extensions.get::<RequestId>().cloned().unwrap_or_default();
    let session = extensions.get::<Session>().cloned();
    let authorization = only(request.headers());
    let cx = state.context(&request_id, nobody);
    match caller(cx, kind, session, authorization).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => Problem::from_operation(&error).answer(&request),
    }
}

async fn caller(
    cx: OpContext,
    kind: RouteKind,
    session: Option<Session>,
    authorization: Option<String>,
) -> OpResult<Caller> {
    let found = match (cx.caller.channel, session, authorization) {
        (Channel::Page, Some(session), _) => by_cookie(&cx, kind, &session).await?,
        (Channel::Api, _, Some(authorization)) => {
            tokens::authenticate(&cx, &authorization, cx.caller.address).await?
        }
        _ => None,
    };
    Ok(found.unwrap_or(cx.caller))
}

/// The sign-in that the session of the request's cookie holds. A session that cannot be read holds
/// none.
async fn by_cookie(cx: &OpContext, kind: RouteKind, session: &Session) -> OpResult<Option<Caller>> {
    let Some(id) = session.get(SIGN_IN).await.unwrap_or_default() else {
        return Ok(None);
    };
    operations::people::by_sign_in(cx, id, cx.caller.address, is_use(kind)).await
}

/// Whether a request of this kind says that a person is there: fragments and streams are asked for
/// by pages that were left open.
fn is_use(kind: RouteKind) -> bool {
    matches!(kind, RouteKind::Page | RouteKind::ServerFunction)
}

fn channel(request: &Request) -> Channel {
    if crate::http::problem::is_api(request.uri().path()) {
        Channel::Api
    } else {
        Channel::Page
    }
}

/// Where the request came from.
fn address(request: &Request) -> Option<IpAddr> {
    let found = request.extensions().get::<ClientAddress>();
    found.map(|ClientAddress(address)| *address)
}

/// `Authorization`, if it was sent once and is text.
fn only(headers: &HeaderMap) -> Option<String> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    match (sent.next(), sent.next()) {
        (Some(one), None) => one.to_str().ok().map(str::to_owned),
        _ => None,
    }
}

/// Whether somebody is behind a request.
pub fn is_somebody(caller: &Caller) -> bool {
    matches!(caller.actor, Actor::Person { .. })
}
