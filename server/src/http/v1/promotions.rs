//! `/v1/promotions`: asking for a promotion, and looking at proposals.

use std::fmt::Write as _;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::FormId;
use http::header::LOCATION;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use operations::promotions::PromotionForm;

use super::body;
use super::part::Part;
use super::unreadable;
use super::wire::{self, NewPromotion, Promotion, PromotionRow};
use crate::http::problem::Problem;
use crate::http::state::{AppState, Context};

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest `Idempotency-Key`, in characters.
const LONGEST_KEY: usize = 200;

/// Asks for a promotion.
///
/// With the header `Idempotency-Key` (1 to 200 visible ASCII characters) the same request may be
/// sent again: it is carried out once, and later answers are 200 with `Idempotency-Replayed: true`
/// and the first result. The same key with another body is a conflict.
#[utoipa::path(
    post, path = "/v1/promotions", tag = "promotions",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters")),
    request_body = NewPromotion,
    responses(
        (status = 201, description = "Asked for", body = Promotion),
        (status = 200, description = "Asked for earlier under this key", body = Promotion),
        (status = 400, description = "Not the JSON that is wanted", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another request", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Fields that are not accepted", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    context: Context,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = create_from(&state, &context, &headers, &body).await;
    outcome.unwrap_or_else(|problem| problem.json(&context.request_id))
}

async fn create_from(
    state: &AppState,
    context: &Context,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Box<Problem>> {
    let new = body::new_promotion(body).map_err(|why| Box::new(unreadable(&why)))?;
    let key = match headers.get(IDEMPOTENCY_KEY) {
        Some(key) => idempotency_key(key)?,
        None => FormId::generate(state.clock.now(), state.random.as_ref()).to_string(),
    };
    let form = form(new, key)?;
    let proposed = operations::promotions::propose(&context.cx, &form).await;
    let proposed = proposed.map_err(|error| Box::new(Problem::from_operation(&error)))?;
    let id = proposed.proposal.id.to_string();
    let view = operations::promotions::get(&context.cx, &id).await;
    let view = view.map_err(|error| Box::new(Problem::from_operation(&error)))?;
    let body = Json(Promotion::from(&view));
    if proposed.replayed {
        let replayed = [(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"))];
        return Ok((StatusCode::OK, replayed, body).into_response());
    }
    let location = [(LOCATION, format!("/v1/promotions/{id}"))];
    Ok((StatusCode::CREATED, location, body).into_response())
}

/// Lists proposals of every kind, newest first.
#[utoipa::path(
    get, path = "/v1/promotions", tag = "promotions", params(Part),
    responses(
        (status = 200, description = "One part of the list", body = wire::Part<PromotionRow>),
        (status = 400, description = "No such part", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn list(context: Context, part: Part) -> Response {
    match operations::promotions::list(&context.cx, part.request()).await {
        Ok(page) => Json(wire::Part {
            items: page.items.iter().map(PromotionRow::from).collect(),
            next: page.next,
        })
        .into_response(),
        Err(error) => Problem::from_operation(&error).json(&context.request_id),
    }
}

/// One proposal with its plan.
#[utoipa::path(
    get, path = "/v1/promotions/{id}", tag = "promotions",
    params(("id" = String, Path, description = "`prp_` and 26 characters")),
    responses(
        (status = 200, description = "The proposal", body = Promotion),
        (status = 404, description = "There is none", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn get(context: Context, Path(id): Path<String>) -> Response {
    match operations::promotions::get(&context.cx, &id).await {
        Ok(view) => Json(Promotion::from(&view)).into_response(),
        Err(error) => Problem::from_operation(&error).json(&context.request_id),
    }
}

pub(super) fn idempotency_key(value: &HeaderValue) -> Result<String, Box<Problem>> {
    let key = value.to_str().unwrap_or_default();
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible && (1..=LONGEST_KEY).contains(&key.len()) {
        return Ok(key.to_owned());
    }
    let detail = "Idempotency-Key must be 1 to 200 visible ASCII characters. Nothing was done.";
    Err(Box::new(Problem::new(
        StatusCode::BAD_REQUEST,
        "idempotency_key",
        detail,
    )))
}

/// The form that the console would have sent. A form holds one tag a line, so a tag that this
/// cannot say is refused rather than changed.
fn form(new: NewPromotion, form_id: String) -> Result<PromotionForm, Box<Problem>> {
    let mut tags = String::new();
    for (key, value) in &new.tags {
        if key.contains(['=', '\n', '\r']) || value.contains(['\n', '\r']) {
            let message = "a key must not hold =, and neither key nor value a line break";
            return Err(Box::new(Problem::field("tags", "tag_characters", message)));
        }
        let _ = writeln!(tags, "{key}={value}");
    }
    Ok(PromotionForm {
        source_version: new.source_version,
        source_project: new.source_project,
        destination_project: new.destination_project,
        version_name: new.version_name,
        bucket: new.bucket,
        prefix: new.prefix,
        kms_key: new.kms_key,
        tags,
        reason: new.reason,
        form_id,
    })
}
