//! `GET /events`: what was committed, as it is committed (server-sent events).

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::{Action, Actor, Environments};
use engine::{StreamFilter, SubscribeError};
use futures::StreamExt;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, StatusCode};
use serde::Deserialize;

use super::problem::Problem;
use super::state::{AppState, Context};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Tells nginx to pass frames on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// When a reader who found no place may come again, in seconds.
const COME_AGAIN_S: u32 = 5;

/// Where to go on, for readers that cannot set a header.
#[derive(Deserialize)]
pub struct Resume {
    last_event_id: Option<String>,
}

/// Streams events from the one after `Last-Event-ID`, or from now on.
///
/// The header wins over the query: a browser that reconnects sends both. A place that is not
/// known any more gets `event: resync` first.
pub async fn follow(
    State(state): State<AppState>,
    Query(resume): Query<Resume>,
    headers: HeaderMap,
    context: Context,
) -> Response {
    if let Err(error) = operations::events::head(&context.cx).await {
        return Problem::from_operation(&error).json(&context.request_id);
    }
    let header = headers
        .get(LAST_EVENT_ID)
        .map(|id| id.to_str().unwrap_or("unreadable"));
    let last = header.or(resume.last_event_id.as_deref());
    let Some(place) = state.places.take(&person(context.cx.actor())) else {
        return come_again(
            "You follow the events in too many places at present.",
            &context,
        );
    };
    let ended = state.standing.until_ended(&context.cx.caller);
    let filter = match context.cx.environments(Action::FollowEvents) {
        Environments::All => StreamFilter::All,
        Environments::Only(names) => StreamFilter::Environments(names),
    };
    match state.hub.subscribe_text(last, filter) {
        Ok(stream) => {
            let headers = [
                (CONTENT_TYPE, "text/event-stream"),
                (CACHE_CONTROL, "no-store"),
                (X_ACCEL_BUFFERING, "no"),
            ];
            // The place is held for as long as the body is.
            let frames = stream.map(move |frame| {
                let _held = &place;
                Ok::<_, Infallible>(frame)
            });
            let frames = frames.take_until(Box::pin(ended));
            (headers, Body::from_stream(frames)).into_response()
        }
        Err(SubscribeError::Full) => {
            come_again("Too many pages follow the events at present.", &context)
        }
        Err(SubscribeError::Stopping) => come_again("The server is stopping.", &context),
    }
}

/// Whose places a stream counts among.
fn person(actor: &Actor) -> String {
    serde_json::to_string(actor).unwrap_or_default()
}

fn come_again(detail: &'static str, context: &Context) -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
        .retry_after(COME_AGAIN_S)
        .json(&context.request_id)
}
