//! An emulator without a socket.

use crate::inside::Shared;
use crate::reply::Reply;
use crate::request::Request;
use crate::{control, gateway};
use bytes::Bytes;
use http::Response;

/// The way into an emulator within one process: a request goes in and an answer comes out,
/// signatures, faults, ledger and control API included. For tests that make very many calls.
pub struct Door {
    shared: Shared,
}

impl Door {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared }
    }

    /// Answers one request. `None` stands for a connection that is reset, as a fault rule can ask.
    ///
    /// The request needs what it has on the wire: a `Host` header, a signature, and a URI with a
    /// path.
    pub async fn call(&self, request: http::Request<Bytes>) -> Option<Response<Bytes>> {
        let (head, body) = request.into_parts();
        match answer(&self.shared, Request::new(head, body)).await {
            Reply::Response(response) => Some(response),
            Reply::Reset => None,
        }
    }
}

/// Answers one request to an AWS service or to the control API.
pub(crate) async fn answer(shared: &Shared, request: Request) -> Reply {
    if request.path.starts_with(control::PREFIX) {
        Reply::Response(control::answer(shared, &request))
    } else {
        gateway::answer(shared, request).await
    }
}
