//! Pages for what went wrong, with the right status.

use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use operations::OpError;

use crate::ui::page_head::PageHead;
use crate::ui::problem::Problem;

/// Sets the status of the response that is being rendered.
fn answer(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// The page for an address that nothing answers.
#[component]
pub fn Missing() -> impl IntoView {
    answer(StatusCode::NOT_FOUND);
    view! {
        <Title text="Page not found" />
        <PageHead title="Page not found" />
        <div class="stack">
            <Problem
                cause="There is no page at this address.".to_owned()
                consequence="The address may be mistyped, or what it named is gone.".to_owned()
                next_step="Choose a place in the navigation.".to_owned()
            />
            <p class="actions">
                <a class="btn" href="/">
                    "Go home"
                </a>
            </p>
        </div>
    }
}

/// The page for a use case that did not do what was asked.
///
/// The request id is the one in the server's log; nothing else of the inside is shown.
pub(crate) fn page(error: &OpError, request_id: &str) -> AnyView {
    let (status, title) = match error {
        OpError::NotFound { .. } => (StatusCode::NOT_FOUND, "Not found"),
        OpError::Forbidden { .. } => (StatusCode::FORBIDDEN, "Not allowed"),
        OpError::Conflict { .. } => (StatusCode::CONFLICT, "Conflict"),
        OpError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Not valid"),
        OpError::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "Not available"),
        OpError::Aws(_) => (StatusCode::BAD_GATEWAY, "AWS did not answer"),
        OpError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
    };
    if let OpError::Internal(source) = error {
        tracing::error!(
            error = source as &dyn std::error::Error,
            request_id,
            "page failed"
        );
    }
    answer(status);
    view! {
        <Title text=title />
        <PageHead title=title />
        <div class="stack">
            <Problem
                cause=error.cause()
                consequence=error.consequence().to_owned()
                next_step=error.next_step()
            />
            <p class="small muted">"Request id " <code>{request_id.to_owned()}</code></p>
        </div>
    }
    .into_any()
}
