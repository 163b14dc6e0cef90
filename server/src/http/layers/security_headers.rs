//! Headers that tell a browser what an answer may do.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Random;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use leptos::nonce::Nonce;

use super::host::Names;

/// For everything that is not a page: nothing may be loaded and nobody may frame it.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// What no page of ours and nothing in it may use; writing to the clipboard is all that is used. A
/// name that a browser does not know costs a warning in its console, so these are names that Chromium
/// knows. Those of local networks are left out: browsers still differ in what they mean for a console
/// that lies in one itself.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), \
    clipboard-read=(), cross-origin-isolated=(), display-capture=(), encrypted-media=(), \
    fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), keyboard-map=(), local-fonts=(), \
    magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), \
    picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), storage-access=(), sync-xhr=(), usb=(), \
    window-management=(), xr-spatial-tracking=()";

/// What the layer needs.
#[derive(Clone)]
pub struct SecurityHeaders {
    /// For the nonces.
    pub random: Arc<dyn Random>,
    /// Says whether the console is reached over TLS.
    pub names: Names,
}

/// Makes the nonce of the answer, hands it to the page as a request extension, and writes the
/// headers. A page gets the policy of the islands with that nonce.
///
/// What does not say how long it may be kept is not kept at all. A page whose address is a secret
/// says `no-referrer` by itself, and that stays.
pub async fn layer(
    State(SecurityHeaders { random, names }): State<SecurityHeaders>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    let nonce = Nonce::from_value(hex::encode(bytes));
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    write(response.headers_mut(), &nonce, names.is_https());
    response
}

fn write(headers: &mut HeaderMap, nonce: &Nonce, https: bool) {
    for (name, value) in ALWAYS {
        let stricter = headers.get(&name).is_some_and(|set| set == "no-referrer");
        if name == REFERRER_POLICY && stricter {
            continue;
        }
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|content_type| content_type.as_bytes().starts_with(b"text/html"));
    let policy = if is_page {
        page_policy(nonce)
    } else {
        NOTHING.to_owned()
    };
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    if is_page || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Scripts of our own and the one inline script with the nonce; WebAssembly; no inline styles.
/// Without `strict-dynamic`: a `modulepreload` carries no nonce.
fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(content_type: Option<&str>, cache: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [(CONTENT_TYPE, content_type), (CACHE_CONTROL, cache)] {
            if let Some(value) = value {
                headers.insert(name, value.parse().unwrap());
            }
        }
        write(&mut headers, &Nonce::from_value("abc"), false);
        headers
    }

    #[test]
    fn a_page_may_run_our_scripts_and_is_never_kept() {
        let headers = written(Some("text/html; charset=utf-8"), Some("public"));
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"),
            "{policy}"
        );
        assert!(policy.starts_with("default-src 'none'"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("strict-dynamic"));
        assert_eq!(headers[CACHE_CONTROL], "no-store");
    }

    #[test]
    fn everything_else_may_load_nothing() {
        for content_type in [None, Some("application/json"), Some("text/event-stream")] {
            let headers = written(content_type, None);
            assert_eq!(headers[CONTENT_SECURITY_POLICY], NOTHING);
            assert_eq!(headers[CACHE_CONTROL], "no-store");
            assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }

    #[test]
    fn what_says_how_long_it_may_be_kept_is_believed() {
        let kept = "public, max-age=31536000, immutable";
        assert_eq!(written(Some("text/css"), Some(kept))[CACHE_CONTROL], kept);
    }

    #[test]
    fn a_page_may_tell_less_about_where_one_comes_from_and_never_more() {
        for (own, expected) in [
            (None, "same-origin"),
            (Some("no-referrer"), "no-referrer"),
            (Some("unsafe-url"), "same-origin"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(own) = own {
                headers.insert(REFERRER_POLICY, own.parse().unwrap());
            }
            write(&mut headers, &Nonce::from_value("abc"), false);
            assert_eq!(headers[REFERRER_POLICY], expected);
        }
    }

    #[test]
    fn browsers_are_bound_to_tls_only_where_there_is_tls() {
        let mut headers = HeaderMap::new();
        write(&mut headers, &Nonce::from_value("abc"), true);
        assert!(headers.contains_key(STRICT_TRANSPORT_SECURITY));
        assert!(!written(None, None).contains_key(STRICT_TRANSPORT_SECURITY));
    }
}
