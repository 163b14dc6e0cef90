//! How a posted form is answered: always with a redirect to a page of ours.

use http::header::{ACCEPT, LOCATION};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use operations::{OpContext, OpError, OpResult};
use serde::Serialize;

use super::ApiError;
use crate::forms::{self, FormName, Outcome};

/// Sends the browser on (303 See Other, RFC 9110 §15.4.4). Paths are ours, never from the request.
fn see_other(path: &str) {
    let (Some(response), Ok(location)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(path),
    ) else {
        return;
    };
    response.insert_header(LOCATION, location);
    response.set_status(StatusCode::SEE_OTHER);
}

/// Whether an HTML form asks, rather than a program.
fn is_plain_form() -> bool {
    use_context::<Parts>()
        .and_then(|parts| {
            parts
                .headers
                .get(ACCEPT)?
                .to_str()
                .ok()
                .map(|accept| accept.contains("text/html"))
        })
        .unwrap_or(false)
}

/// Answers a form: on to the page that the result names or, with everything that was typed, back
/// to the page at `back`. A program gets the code and its status instead of the way back.
pub(super) async fn finish(
    cx: &OpContext,
    form: FormName,
    values: &impl Serialize,
    back: &str,
    result: OpResult<String>,
) -> Result<(), ApiError> {
    let error = match result {
        Ok(to) => {
            see_other(&to);
            return Ok(());
        }
        Err(error) => error,
    };
    if let OpError::Internal(source) = &error {
        let request_id = &cx.request_id;
        tracing::error!(
            error = source as &dyn std::error::Error,
            request_id,
            "form failed"
        );
    }
    let code = ApiError::from(&error);
    if is_plain_form() {
        come_back(cx, form, values, back, Outcome::from(&error)).await;
        return Ok(());
    }
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(code.status());
    }
    Err(code)
}

/// Sends the browser back to the form with what was typed.
pub(super) async fn come_back(
    cx: &OpContext,
    form: FormName,
    values: &impl Serialize,
    back: &str,
    outcome: Outcome,
) {
    let place = match (&outcome, form) {
        (Outcome::Preview, FormName::Promotion) => "version_name",
        (Outcome::Preview, _) => "preview",
        _ => "errors",
    };
    match forms::save(cx, form, values, outcome).await {
        Some(id) => see_other(&format!("{back}?form={id}#{place}")),
        None => see_other(back),
    }
}
