//! Only requests that name this console are answered.
//!
//! A page of another site whose name is made to point at this machine (DNS rebinding,
//! CVE-2025-14279) sends its own name as `Host`, and gets 421 before anything else happens.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{StatusCode, header};
use url::Url;

use crate::http::problem::Problem;

const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The names under which the console is reached.
#[derive(Clone, Debug)]
pub struct Names {
    /// `name` or `name:port`, in lower case, the port left out where it is the scheme's own.
    hosts: Arc<BTreeSet<String>>,
    scheme: Arc<str>,
    url: Arc<str>,
}

impl Names {
    /// The names of a console that listens on `listen`: the public one and those in `more`; on
    /// loopback its address and the loopback names with that port too.
    pub fn new(listen: SocketAddr, public_url: Option<&Url>, more: &[String]) -> Self {
        let port = listen.port();
        let scheme = public_url.map_or("http", Url::scheme);
        let mut hosts: BTreeSet<String> = more
            .iter()
            .cloned()
            .chain(public_url.map(authority))
            .map(|name| name.to_ascii_lowercase())
            .collect();
        if listen.ip().is_loopback() {
            hosts.insert(listen.to_string());
            hosts.extend(LOOPBACK.map(|name| format!("{name}:{port}")));
            if port == 80 {
                hosts.extend(LOOPBACK.map(str::to_owned));
            }
        }
        let url = public_url.map_or_else(
            || format!("http://{listen}"),
            |url| url.as_str().trim_end_matches('/').to_owned(),
        );
        Self {
            hosts: Arc::new(hosts),
            scheme: scheme.into(),
            url: url.into(),
        }
    }

    /// What people type to reach the console, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether the console is reached over TLS, which ends in front of it.
    pub fn is_https(&self) -> bool {
        &*self.scheme == "https"
    }

    fn is_host(&self, host: &str) -> bool {
        self.hosts.contains(&host.to_ascii_lowercase())
    }

    /// Whether `origin` (RFC 6454), or the address of a page, belongs to this console.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        let Some((scheme, rest)) = origin.split_once("://") else {
            return false;
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        scheme.eq_ignore_ascii_case(&self.scheme) && self.is_host(host)
    }
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Refuses a request whose `Host` header, or the name in its request line, is not one of ours.
pub async fn layer(State(names): State<Names>, request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (host, second) = (
        hosts.next().and_then(|host| host.to_str().ok()),
        hosts.next(),
    );
    let known = host.is_some_and(|host| names.is_host(host)) && second.is_none();
    let line = request.uri().authority();
    if known && line.is_none_or(|line| names.is_host(line.as_str())) {
        return next.run(request).await;
    }
    let detail = "This console does not answer to the name that the request asked for. \
                  Nothing was done. Use its own address, or add the name to server.allowed_hosts.";
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "host", detail).answer(&request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(public_url: Option<&str>) -> Names {
        let url = public_url.map(|url| Url::parse(url).unwrap());
        Names::new(
            "127.0.0.1:3000".parse().unwrap(),
            url.as_ref(),
            &["Inside:8080".to_owned()],
        )
    }

    #[test]
    fn only_listed_names_with_their_port_are_ours() {
        for (host, ours) in [
            ("127.0.0.1:3000", true),
            ("localhost:3000", true),
            ("LOCALHOST:3000", true),
            ("[::1]:3000", true),
            ("inside:8080", true),
            ("console.example.org", true),
            ("console.example.org:443", false),
            ("console.example.org.", false),
            ("localhost", false),
            ("localhost:3001", false),
            ("rebound.example.org:3000", false),
            ("127.0.0.1.example.org:3000", false),
            ("", false),
        ] {
            assert_eq!(
                names(Some("https://console.example.org")).is_host(host),
                ours,
                "{host:?}"
            );
        }
    }

    #[test]
    fn an_open_address_has_no_loopback_names() {
        let url = Url::parse("https://console.example.org").unwrap();
        for listen in ["0.0.0.0:3000", "192.0.2.1:80", "[::]:3000"] {
            let listen: SocketAddr = listen.parse().unwrap();
            let names = Names::new(listen, Some(&url), &[]);
            assert!(names.is_host("console.example.org"));
            for host in [
                "127.0.0.1:3000",
                "localhost:3000",
                "[::1]:3000",
                "localhost",
                &listen.to_string(),
            ] {
                assert!(!names.is_host(host), "{listen} {host}");
            }
        }
    }

    #[test]
    fn an_origin_is_ours_with_scheme_name_and_port() {
        let plain = names(None);
        for (origin, ours) in [
            ("http://127.0.0.1:3000", true),
            ("http://localhost:3000", true),
            ("http://localhost:3000/models?a=b", true),
            ("https://localhost:3000", false),
            ("http://localhost:3001", false),
            ("http://example.org", false),
            ("http://example.org@localhost:3000", false),
            ("http://localhost:3000@example.org", false),
            ("http://example.org/localhost:3000", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(plain.is_own_origin(origin), ours, "{origin:?}");
        }
        assert!(
            names(Some("https://console.example.org")).is_own_origin("https://console.example.org")
        );
        assert!(
            !names(Some("https://console.example.org")).is_own_origin("http://console.example.org")
        );
    }

    #[test]
    fn the_address_for_people_is_the_public_one() {
        assert_eq!(names(None).url(), "http://127.0.0.1:3000");
        assert_eq!(
            names(Some("https://console.example.org/")).url(),
            "https://console.example.org"
        );
    }
}
