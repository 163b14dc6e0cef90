//! Bodies are taken in one form only.
//!
//! A page of another site can post `text/plain` or `multipart/form-data` without asking, and a
//! parser that ignores the type would read it as JSON. So forms must be
//! `application/x-www-form-urlencoded`, and `/v1` takes `application/json` alone.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode, header};

use crate::http::problem::{Problem, is_api};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Refuses a body of another type with 415.
pub async fn layer(request: Request, next: Next) -> Response {
    let wanted = if is_api(request.uri().path()) {
        JSON
    } else {
        FORM
    };
    if is_accepted(request.method(), request.headers(), wanted) {
        return next.run(request).await;
    }
    let detail = format!("The request's body must be {wanted}. Nothing was done.");
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", detail).answer(&request)
}

fn is_accepted(method: &Method, headers: &HeaderMap, wanted: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(sent), None) = (types.next(), types.next()) else {
        return false;
    };
    let essence = sent
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_wanted_type_is_accepted() {
        for (sent, form, json) in [
            (&["application/x-www-form-urlencoded"][..], true, false),
            (
                &["Application/X-WWW-Form-Urlencoded; charset=UTF-8"],
                true,
                false,
            ),
            (&["application/json"], false, true),
            (&["application/json;charset=utf-8"], false, true),
            (&["text/plain"], false, false),
            (&["text/plain;application/json"], false, false),
            (&["multipart/form-data; boundary=a"], false, false),
            (&["application/jsonp"], false, false),
            (&["application/json", "text/plain"], false, false),
            (&[""], false, false),
            (&[], false, false),
        ] {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(header::CONTENT_TYPE, value.parse().unwrap());
            }
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                assert_eq!(is_accepted(&method, &headers, FORM), form, "{sent:?}");
                assert_eq!(is_accepted(&method, &headers, JSON), json, "{sent:?}");
            }
            assert!(is_accepted(&Method::GET, &headers, FORM));
        }
    }
}
