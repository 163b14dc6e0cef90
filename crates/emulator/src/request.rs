//! One HTTP request, read whole.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method};

/// A request with its body in memory.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The path as sent, percent signs and all.
    pub(crate) path: String,
    /// The query as sent, without the question mark; empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Request {
    /// A request with this head and body.
    pub(crate) fn new(head: Parts, body: Bytes) -> Self {
        Self {
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            method: head.method,
            headers: head.headers,
            body,
        }
    }

    /// The first value of a header, or `None` when it is absent or not plain text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
