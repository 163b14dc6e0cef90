//! Signing in by a click, for demonstrations and browser tests.
//!
//! Compiled only with the feature `demo`, which no release has, and answered only where both the
//! console and the AWS that it asks are on this machine's loopback. The people are those of an
//! issuer of their own: nobody who signs in otherwise is ever one of them.

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Role, RoleAssignment};
use http::header::USER_AGENT;
use http::{HeaderMap, StatusCode};
use operations::OpResult;
use operations::people::{self, DEMO, Device, Identity, SignInMethod, SignedIn};
use serde::Deserialize;
use tower_sessions::Session;

use super::problem::Problem;
use super::state::{AppState, Context};
use crate::sessions;

/// Who there is: their word, what they do, and their role in every environment.
const PEOPLE: [(&str, &str, Role); 5] = [
    ("requester", "proposes promotions", Role::Requester),
    ("approver-1", "approves them", Role::Approver),
    ("approver-2", "approves them, too", Role::Approver),
    ("auditor", "reads the audit", Role::Auditor),
    ("admin", "runs the installation", Role::Admin),
];

/// Their words, for the page on which one signs in.
pub fn people() -> Vec<(&'static str, &'static str)> {
    PEOPLE.map(|(word, does, _)| (word, does)).to_vec()
}

/// The form of one button.
#[derive(Deserialize)]
pub struct Click {
    person: String,
    #[serde(default)]
    next: String,
}

/// Signs in as one of them.
pub async fn sign_in(
    State(state): State<AppState>,
    context: Context,
    session: Session,
    headers: HeaderMap,
    Form(click): Form<Click>,
) -> Response {
    let person = PEOPLE.iter().find(|(word, ..)| *word == click.person);
    let Some((word, _, role)) = person.filter(|_| state.demo) else {
        let detail = "There is nothing at this address. Nothing was done.";
        return Problem::new(StatusCode::NOT_FOUND, "not_found", detail).page(&context.request_id);
    };
    let device = Device {
        address: context.cx.caller.address,
        browser: headers
            .get(USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
    };
    if let Err(error) = people::sign_out(&context.cx).await {
        return Problem::from_operation(&error).page(&context.request_id);
    }
    match begin(&context, word, *role, &device).await {
        Err(error) => Problem::from_operation(&error).page(&context.request_id),
        Ok(signed_in) => match sessions::begin(&session, signed_in.sign_in).await {
            Ok(()) => Redirect::to(super::own_path(&click.next)).into_response(),
            Err(error) => {
                tracing::error!(%error, "a session did not begin");
                let detail = "The sign-in could not be kept. Try again.";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
                    .page(&context.request_id)
            }
        },
    }
}

async fn begin(context: &Context, word: &str, role: Role, device: &Device) -> OpResult<SignedIn> {
    let identity = Identity {
        issuer: DEMO.to_owned(),
        subject: word.to_owned(),
        name: word.to_owned(),
        groups: Vec::new(),
    };
    let roles = [RoleAssignment::everywhere(role)];
    people::sign_in_with(&context.cx, &identity, SignInMethod::Demo, device, &roles).await
}
