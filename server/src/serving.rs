//! The loop that takes connections and answers on them.
//!
//! axum's own loop leaves hyper's limits as they are: about 400 KiB for the head of a request, and
//! no end to the time that it may take. Here a head has an end in bytes and in time, so that a peer
//! that sends slowly, or nothing, gives its place back. What bodies and writes may take is in
//! [`body_limit`](crate::http::layers::body_limit) and [`listener`](crate::listener).

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::http::layers::client_address::Peer;
use crate::listener::{Bounded, Prompt};

/// What the head of a request may be like. hyper takes at most 100 headers (431).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of the request line and all headers together; more get 431. An address can therefore
    /// never be longer either.
    pub(crate) head: usize,
    /// How long a head may take, the wait for the next request on an open connection included.
    /// Longer than the 60 s after which load balancers of AWS close an idle connection, which must
    /// not find it closed when they send on it ("Troubleshoot your Application Load Balancers").
    pub(crate) head_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 32 * 1024,
            head_within: Duration::from_secs(75),
        }
    }
}

/// Answers on every connection of `listener` until `stop`; then ends idle connections, waits for
/// requests that are under way and returns. Dropping the future cuts them off.
pub(crate) async fn serve(
    mut listener: Bounded,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    // Built once: otherwise each connection would build, and keep, a router of its own.
    let router = router.with_state(());
    let builder = builder(limits);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            (io, peer) = listener.accept() => {
                let answering = answer(builder.clone(), io, peer, router.clone(), stop.clone());
                connections.spawn(answering);
            }
            Some(_) = connections.join_next() => {}
            () = stop.cancelled() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

fn builder(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_header_size(limits.head)
        // A head that is not whole yet is limited by the buffer.
        .max_buf_size(2 * limits.head);
    builder
}

async fn answer(
    builder: http1::Builder,
    io: Prompt,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request)
    });
    let connection = builder.serve_connection(TokioIo::new(io), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended");
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::Extension;
    use axum::routing::any;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    struct Served {
        address: SocketAddr,
        stop: CancellationToken,
        serving: JoinSet<()>,
    }

    /// A server that answers who asked.
    async fn served(limits: Limits) -> Served {
        let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (inner.local_addr().unwrap(), CancellationToken::new());
        let listener = Bounded::new(inner, PATIENCE, stop.clone());
        let who = any(async |Extension(Peer(peer)): Extension<Peer>| peer.to_string());
        let router = Router::new().fallback_service(who);
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, router, limits, stop.clone()));
        Served {
            address,
            stop,
            serving,
        }
    }

    /// Sends bytes and gives everything until the connection is closed.
    async fn said(stream: &mut TcpStream, bytes: &[u8]) -> String {
        // The peer may close before it has read everything.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let reading = stream.read_to_end(&mut answer);
        let _ = tokio::time::timeout(PATIENCE, reading)
            .await
            .expect("the connection is closed");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn request(path: &str, header: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}\r\n").into_bytes()
    }

    #[tokio::test]
    async fn a_request_is_told_who_sent_it() {
        let served = served(Limits::default()).await;
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let own = stream.local_addr().unwrap().to_string();
        let answer = said(&mut stream, &request("/", "")).await;
        assert!(answer.ends_with(&own), "{answer}");
    }

    #[tokio::test]
    async fn a_head_has_an_end_in_bytes_and_in_headers() {
        let served = served(Limits::default()).await;
        let many = |count: usize| {
            let headers: Vec<_> = (0..count).map(|n| format!("x-{n}: a\r\n")).collect();
            request("/", &headers.concat())
        };
        let header = |bytes: usize| request("/", &format!("x-long: {}\r\n", "a".repeat(bytes)));
        for (bytes, status) in [
            (header(31 * 1024), "200"),
            (header(33 * 1024), "431"),
            (header(300 * 1024), "431"),
            (request(&format!("/{}", "a".repeat(33 * 1024)), ""), "431"),
            (many(90), "200"),
            (many(110), "431"),
        ] {
            let mut stream = TcpStream::connect(served.address).await.unwrap();
            let answer = said(&mut stream, &bytes).await;
            let found = answer.split(' ').nth(1).unwrap_or_default();
            assert_eq!(found, status, "{} bytes", bytes.len());
        }
    }

    #[tokio::test]
    async fn a_head_that_does_not_end_loses_the_connection() {
        let limits = Limits {
            head_within: Duration::from_millis(200),
            ..Limits::default()
        };
        let served = served(limits).await;
        for bytes in [&b""[..], b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow:"] {
            let mut stream = TcpStream::connect(served.address).await.unwrap();
            let answer = said(&mut stream, bytes).await;
            assert!(!answer.contains("200 OK"), "{answer}");
        }
    }

    #[tokio::test]
    async fn a_stopping_server_ends_idle_connections() {
        let mut served = served(Limits::default()).await;
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        served.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, served.serving.join_next()).await;
        ended.expect("it ends").unwrap().unwrap();
    }
}
