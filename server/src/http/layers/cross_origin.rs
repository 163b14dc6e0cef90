//! Requests that change something must come from the console's own pages.
//!
//! Leptos checks no origin, and cookies with `SameSite=Lax` do not stop a neighbouring subdomain
//! (CVE-2024-22424). A request that is not safe, and every one below `/api`, therefore needs
//! `Sec-Fetch-Site: same-origin` or `none`; where a browser does not send that header, its
//! `Origin` must be ours. Programs that send neither may use `/v1` only: it takes nothing but
//! JSON, which no form of another site can send. The rule is that of Go's
//! `http.CrossOriginProtection`.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};

use super::host::Names;
use crate::http::problem::{Problem, is_api};

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another site may have caused.
pub async fn layer(State(names): State<Names>, request: Request, next: Next) -> Response {
    if is_allowed(
        request.method(),
        request.uri().path(),
        request.headers(),
        &names,
    ) {
        return next.run(request).await;
    }
    let detail = "The request did not come from a page of this console. Nothing was done. \
                  Open the console itself and try again there.";
    Problem::new(StatusCode::FORBIDDEN, "cross_origin", detail).answer(&request)
}

fn is_allowed(method: &Method, path: &str, headers: &HeaderMap, names: &Names) -> bool {
    let calls_server_function = path == "/api" || path.starts_with("/api/");
    if method.is_safe() && !calls_server_function {
        return true;
    }
    match (
        only(headers, &SEC_FETCH_SITE),
        only(headers, &header::ORIGIN),
    ) {
        (Sent::Twice, _) | (_, Sent::Twice) => false,
        (Sent::Once(site), _) => matches!(site, "same-origin" | "none"),
        (Sent::Not, Sent::Once(origin)) => names.is_own_origin(origin),
        (Sent::Not, Sent::Not) => is_api(path),
    }
}

enum Sent<'a> {
    Not,
    Once(&'a str),
    Twice,
}

/// A header that has one value; unreadable bytes count as a value that fits nothing.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Sent<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Sent::Not,
        (Some(value), None) => Sent::Once(value.to_str().unwrap_or_default()),
        (Some(_), Some(_)) => Sent::Twice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(method: &Method, path: &str, sent: &[(&'static str, &str)]) -> bool {
        let names = Names::new("127.0.0.1:3000".parse().unwrap(), None, &[]);
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().unwrap());
        }
        is_allowed(method, path, &headers, &names)
    }

    #[test]
    fn reading_is_never_refused_outside_server_functions() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let foreign = [
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://example.org"),
            ];
            assert!(allowed(&method, "/models", &foreign));
            assert!(allowed(&method, "/v1/jobs", &foreign));
            assert!(
                !allowed(&method, "/api/policies/attach", &foreign),
                "{method}"
            );
            assert!(!allowed(&method, "/api/policies/attach", &[]), "{method}");
        }
    }

    #[test]
    fn writing_needs_the_consoles_own_pages() {
        const OWN: &str = "http://127.0.0.1:3000";
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for (sent, from_api, to_v1) in [
                (&[("sec-fetch-site", "same-origin")][..], true, true),
                (&[("sec-fetch-site", "none")], true, true),
                (&[("sec-fetch-site", "same-site")], false, false),
                (&[("sec-fetch-site", "cross-site")], false, false),
                (&[("sec-fetch-site", "")], false, false),
                (&[("sec-fetch-site", "Same-Origin")], false, false),
                (
                    &[("sec-fetch-site", "cross-site"), ("origin", OWN)],
                    false,
                    false,
                ),
                (
                    &[
                        ("sec-fetch-site", "same-origin"),
                        ("sec-fetch-site", "cross-site"),
                    ],
                    false,
                    false,
                ),
                (&[("origin", OWN)], true, true),
                (&[("origin", "http://localhost:3000")], true, true),
                (&[("origin", "https://127.0.0.1:3000")], false, false),
                (&[("origin", "http://127.0.0.1:3001")], false, false),
                (&[("origin", "null")], false, false),
                (
                    &[("origin", OWN), ("origin", "http://example.org")],
                    false,
                    false,
                ),
                (&[], false, true),
            ] {
                assert_eq!(
                    allowed(&method, "/api/policies/attach", sent),
                    from_api,
                    "{sent:?}"
                );
                assert_eq!(allowed(&method, "/models", sent), from_api, "{sent:?}");
                assert_eq!(allowed(&method, "/v1/promotions", sent), to_v1, "{sent:?}");
            }
        }
    }
}
