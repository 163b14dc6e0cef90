//! Server functions never send a browser to another site.
//!
//! After a plain form post `server_fn` redirects to the `Referer`, whatever it names. A foreign
//! one is dropped, and one that is missing is replaced by the front page.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

use super::host::Names;

/// Leaves one `Referer`: that of our own page, or the front page.
pub async fn layer(State(names): State<Names>, mut request: Request, next: Next) -> Response {
    keep_own(request.headers_mut(), &names);
    next.run(request).await
}

fn keep_own(headers: &mut HeaderMap, names: &Names) {
    let mut sent = headers.get_all(header::REFERER).iter();
    let own = match (sent.next(), sent.next()) {
        (Some(one), None) => one
            .to_str()
            .is_ok_and(|referer| names.is_own_origin(referer)),
        _ => false,
    };
    if !own {
        headers.insert(header::REFERER, HeaderValue::from_static("/"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_gone_back_to() {
        let names = Names::new("127.0.0.1:3000".parse().unwrap(), None, &[]);
        for (sent, kept) in [
            (
                &["http://127.0.0.1:3000/models"][..],
                "http://127.0.0.1:3000/models",
            ),
            (&["http://example.org/"], "/"),
            (&["http://127.0.0.1:3000@example.org/"], "/"),
            (&["//example.org/"], "/"),
            (&["http://127.0.0.1:3000/a", "http://example.org/"], "/"),
            (&[], "/"),
        ] {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(header::REFERER, value.parse().unwrap());
            }
            keep_own(&mut headers, &names);
            let left: Vec<_> = headers.get_all(header::REFERER).iter().collect();
            assert_eq!(left, [kept], "{sent:?}");
        }
    }
}
