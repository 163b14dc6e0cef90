//! Who may use the control API.

use super::Refusal;
use crate::inside::Shared;
use crate::request::Request;
use http::{Method, StatusCode, header};
use std::net::IpAddr;

/// Refuses what a page in a browser could send: a Host that is not this machine (a rebound
/// name), an Origin, or a POST of a type that a plain form can have.
pub(super) fn check(shared: &Shared, request: &Request) -> Result<(), Refusal> {
    if !shared.control {
        let sentence = "the control API is off; start the emulator without --control off";
        return Err(Refusal::new(StatusCode::NOT_FOUND, sentence));
    }
    if !request.header("host").is_some_and(is_loopback) {
        let sentence = "the control API answers only to 127.0.0.1, [::1] and localhost as Host";
        return Err(Refusal::new(StatusCode::FORBIDDEN, sentence));
    }
    if request.headers.contains_key(header::ORIGIN) {
        let sentence = "the control API does not answer web pages (Origin is set)";
        return Err(Refusal::new(StatusCode::FORBIDDEN, sentence));
    }
    let json = request
        .header("content-type")
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if request.method == Method::POST && !json {
        let sentence = "send Content-Type: application/json";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence));
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:4599",
            "localhost",
            "LOCALHOST:1",
            "[::1]:4599",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "127.0.0.1.example.com",
            "10.0.0.1:4599",
            "[::2]",
            "localhost.evil",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
