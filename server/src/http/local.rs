//! Forms with a password: signing in, using a one-time link, changing it.
//!
//! They are handlers and no server functions, because a form that is not accepted is shown again in
//! this very answer: nothing of it waits in a session.

use app::forms::{self, FormName, Outcome};
use app::pages::local::{Answer, Why};
use axum::extract::{Form, FromRequest, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{COOKIE, LOCATION, RETRY_AFTER, SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, Uri};
use leptos::prelude::provide_context;
use operations::people::local::{
    self, ChangePasswordForm, ChangedPassword, DEVICE_MS, LinkForm, LocalSignIn, LocalSignInForm,
    LocalSignedIn,
};
use operations::people::{Device, sign_out};
use operations::{OpContext, OpError};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tower_sessions::Session;
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

use super::own_path;
use super::problem::{Problem, status_of};
use super::state::{AppState, Context};
use crate::sessions;

/// By which a browser is known as one that somebody signed in from.
pub const DEVICE_COOKIE: &str = "__Host-device";

/// The form of the page `/sign-in`.
#[derive(Deserialize)]
struct SignIn {
    #[serde(flatten)]
    form: LocalSignInForm,
    /// Where to go afterwards.
    #[serde(default)]
    next: String,
}

/// Signs in with an account name and a password.
pub async fn sign_in(
    State(state): State<AppState>,
    context: Context,
    request: Request,
) -> Response {
    let (parts, SignIn { form, next }) = match taken::<SignIn>(request).await {
        Ok(taken) => taken,
        Err(refused) => return *refused,
    };
    let cx = context.cx;
    let next = own_path(&next);
    let mut answer = Answer {
        account_name: form.account_name.chars().take(64).collect(),
        ..Answer::default()
    };
    let known = known_device(&parts);
    let went = local::sign_in(&cx, form, known.as_deref(), &device(&cx, &parts)).await;
    let status = match went {
        Ok(LocalSignIn::Done(done)) => return enter(&cx, &parts, &done, next).await,
        Ok(LocalSignIn::Refused) => {
            answer.why = Why::NotLetIn;
            StatusCode::UNAUTHORIZED
        }
        Ok(LocalSignIn::Wait { seconds }) => {
            answer.why = Why::Wait(seconds);
            StatusCode::TOO_MANY_REQUESTS
        }
        Err(error) => match why(&error, &mut answer) {
            Some(status) => status,
            None => return Problem::from_operation(&error).page(&context.request_id),
        },
    };
    let mut page = "/sign-in".to_owned();
    if next != "/" {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        page = format!("/sign-in?next={next}");
    }
    again(&state, parts, &page, answer, status).await
}

/// Uses a one-time link.
pub async fn use_link(
    State(state): State<AppState>,
    context: Context,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (parts, form) = match taken::<LinkForm>(request).await {
        Ok(taken) => taken,
        Err(refused) => return *refused,
    };
    let cx = context.cx;
    let mut answer = Answer {
        account_name: form.account_name.chars().take(64).collect(),
        name: form.name.chars().take(100).collect(),
        ..Answer::default()
    };
    let status = match local::use_link(&cx, &token, form, &device(&cx, &parts)).await {
        Ok(Some(done)) => return enter(&cx, &parts, &done, "/").await,
        // The page says the same of links that are wrong, used or expired.
        Ok(None) => StatusCode::NOT_FOUND,
        Err(error) => match why(&error, &mut answer) {
            Some(status) => status,
            None => return Problem::from_operation(&error).page(&context.request_id),
        },
    };
    let page = parts.uri.path().to_owned();
    again(&state, parts, &page, answer, status).await
}

/// Changes one's own password.
pub async fn change_password(
    State(state): State<AppState>,
    context: Context,
    request: Request,
) -> Response {
    const PAGE: &str = "/settings/password";
    let (parts, form) = match taken::<ChangePasswordForm>(request).await {
        Ok(taken) => taken,
        Err(refused) => return *refused,
    };
    let cx = context.cx;
    let mut answer = Answer::default();
    let known = known_device(&parts);
    let status = match local::change_password(&cx, form, known.as_deref()).await {
        Ok(ChangedPassword::Done) => {
            let mut to = PAGE.to_owned();
            if let Some(session) = parts.extensions.get::<Session>() {
                if let Err(error) = session.cycle_id().await {
                    tracing::warn!(%error, "a session keeps its id after a new password");
                }
                let kept = forms::keep(&cx, session, FormName::Password, &(), Outcome::Preview);
                if let Some(id) = kept.await {
                    to = format!("{PAGE}?form={id}");
                }
            }
            return Redirect::to(&to).into_response();
        }
        Ok(ChangedPassword::Wait { seconds }) => {
            answer.why = Why::Wait(seconds);
            StatusCode::TOO_MANY_REQUESTS
        }
        Err(error) => match why(&error, &mut answer) {
            Some(status) => status,
            None => return Problem::from_operation(&error).page(&context.request_id),
        },
    };
    again(&state, parts, PAGE, answer, status).await
}

/// The form in the request's body, and the rest of the request.
async fn taken<T: DeserializeOwned>(request: Request) -> Result<(Parts, T), Box<Response>> {
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    match Form::<T>::from_request(request, &()).await {
        Ok(Form(form)) => Ok((parts, form)),
        Err(rejection) => {
            let detail = "The form cannot be read. Nothing was done. Open the page again.";
            let problem = Problem::new(rejection.status(), "unreadable", detail);
            let request = Request::from_parts(parts, axum::body::Body::empty());
            Err(Box::new(problem.answer(&request)))
        }
    }
}

/// Notes why a form comes back and gives the status; none for a fault of ours.
fn why(error: &OpError, answer: &mut Answer) -> Option<StatusCode> {
    if matches!(error, OpError::Internal(_)) {
        return None;
    }
    answer.why = Why::from(error);
    if let OpError::Unavailable { retry_after_s } = error {
        answer.retry_after_s = Some(*retry_after_s);
    }
    Some(status_of(error))
}

/// Renders the page at `path` with the form as it was sent, but for passwords.
async fn again(
    state: &AppState,
    parts: Parts,
    path: &str,
    answer: Answer,
    status: StatusCode,
) -> Response {
    let mut request = Request::from_parts(parts, axum::body::Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = path
        .parse()
        .unwrap_or_else(|_| Uri::from_static("/sign-in"));
    let wait = match answer.why {
        Why::Wait(seconds) => Some(seconds),
        _ => answer.retry_after_s,
    };
    let provide = state.provider(&request);
    let provide = move || {
        provide();
        provide_context(answer.clone());
    };
    let render = leptos_axum::render_app_async_with_context(provide, app::shell);
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    if let Some(seconds) = wait {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Lets the browser be signed in, and known, and leads on.
async fn enter(cx: &OpContext, parts: &Parts, done: &LocalSignedIn, to: &str) -> Response {
    // Whoever was signed in here before is not any more.
    if let Err(error) = sign_out(cx).await {
        tracing::warn!(%error, "the former sign-in of a browser goes on until its time is over");
    }
    let begun = match parts.extensions.get::<Session>() {
        Some(session) => sessions::begin(session, done.signed_in.sign_in).await,
        None => Ok(()),
    };
    if let Err(error) = begun {
        tracing::error!(%error, "a sign-in could not be kept in its session");
        let detail = "The sign-in could not be kept. Sign in again.";
        let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail);
        return problem.answer(&Request::default());
    }
    let cookie = Cookie::build((DEVICE_COOKIE, done.device.reveal().to_owned()))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::milliseconds(DEVICE_MS));
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::from_str(to) {
        headers.insert(LOCATION, to);
    }
    if let Ok(mut cookie) = HeaderValue::from_str(&cookie.build().to_string()) {
        cookie.set_sensitive(true);
        headers.append(SET_COOKIE, cookie);
    }
    response
}

/// What the browser shows to be known.
fn known_device(parts: &Parts) -> Option<String> {
    let cookies = parts.headers.get_all(COOKIE).iter();
    cookies
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == DEVICE_COOKIE)
        .map(|(_, value)| value.to_owned())
}

fn device(cx: &OpContext, parts: &Parts) -> Device {
    let browser = parts.headers.get(USER_AGENT);
    Device {
        address: cx.caller.address,
        browser: browser
            .and_then(|browser| browser.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_is_found_among_cookies() {
        for (sent, found) in [
            ("__Host-device=abc", Some("abc")),
            ("__Host-sid=x; __Host-device=abc", Some("abc")),
            ("x__Host-device=abc", None),
            ("", None),
        ] {
            let request = Request::get("/").header(COOKIE, sent).body(()).unwrap();
            let (parts, ()) = request.into_parts();
            assert_eq!(known_device(&parts).as_deref(), found, "{sent:?}");
        }
    }
}
