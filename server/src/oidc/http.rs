//! Asking the provider over HTTP.
//!
//! Every answer is bounded in time and in size, and no redirect is followed: what the provider's
//! metadata name is asked, and nothing else. TLS trusts what the machine trusts.

use std::io;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderValue, USER_AGENT};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// How long one answer may take, from the name of the host to its last byte.
const LONGEST: Duration = Duration::from_secs(10);
/// How long reaching the host may take.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest answer in bytes. Metadata and keys have some kilobytes.
const LARGEST: usize = 256 * 1024;
/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(15);

/// Asks the provider.
#[derive(Clone)]
pub(super) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    longest: Duration,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It took too long.
    #[error("the provider took longer than {} s", LONGEST.as_secs())]
    Late,
    /// It is too long.
    #[error("the provider's answer is longer than {LARGEST} bytes")]
    Large,
    /// The host was not reached, its certificate is not trusted, or it did not answer.
    #[error("the provider was not reached")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    /// The answer broke off.
    #[error("the provider's answer broke off")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Http {
    /// A client that speaks HTTPS only, or HTTP too with a provider on this machine. Reads the
    /// certificates that the machine trusts.
    pub(super) fn new(is_loopback: bool) -> io::Result<Self> {
        let builder = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::aws_lc_rs::default_provider());
        let builder = match builder {
            Ok(builder) => builder,
            // A provider without TLS needs no certificates.
            Err(_) if is_loopback => HttpsConnectorBuilder::new().with_tls_config(untrusting()?),
            Err(error) => return Err(error),
        };
        let builder = if is_loopback {
            builder.https_or_http()
        } else {
            builder.https_only()
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .build(builder.enable_http1().wrap_connector(tcp));
        Ok(Self {
            client,
            longest: LONGEST,
        })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        tokio::time::timeout(self.longest, self.exchange(request))
            .await
            .map_err(|_| HttpError::Late)?
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (mut parts, body) = request.into_parts();
        parts
            .headers
            .insert(USER_AGENT, HeaderValue::from_static("customhouse"));
        let request = http::Request::from_parts(parts, Full::new(Bytes::from(body)));
        let response = self.client.request(request).await;
        let (parts, body) = response.map_err(HttpError::Unreachable)?.into_parts();
        let body = Limited::new(body, LARGEST).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                HttpError::Large
            } else {
                HttpError::Broken(error)
            }
        })?;
        Ok(http::Response::from_parts(parts, body.to_bytes().to_vec()))
    }
}

/// Trusts nobody.
fn untrusting() -> io::Result<rustls::ClientConfig> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Ok(rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth())
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one connection with `answer`, then with `filler` for ever, and reports where it is.
    async fn answering(answer: &'static str, filler: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        #[expect(clippy::disallowed_methods, reason = "it ends with the test's runtime")]
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 1024];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            if filler.is_empty() {
                std::future::pending::<()>().await;
            }
            while stream.write_all(filler).await.is_ok() {}
        });
        format!("http://{address}/")
    }

    async fn ask(url: &str, longest: Duration) -> Result<HttpResponse, HttpError> {
        let http = Http {
            longest,
            ..Http::new(true).unwrap()
        };
        let request = http::Request::get(url).body(Vec::new()).unwrap();
        http.send(request).await
    }

    #[tokio::test]
    async fn an_answer_that_does_not_end_in_time_is_given_up() {
        for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"] {
            let url = answering(answer, b"").await;
            let failed = ask(&url, Duration::from_millis(100)).await;
            assert!(matches!(failed, Err(HttpError::Late)), "{failed:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_given_up() {
        let url = answering("HTTP/1.1 200 OK\r\n\r\n", &[b'a'; 4096]).await;
        let failed = ask(&url, LONGEST).await;
        assert!(matches!(failed, Err(HttpError::Large)), "{failed:?}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_like_any_other() {
        let answer =
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        let url = answering(answer, b"").await;
        assert_eq!(ask(&url, LONGEST).await.unwrap().status(), 302);
    }

    #[tokio::test]
    async fn without_tls_only_this_machine_is_asked() {
        let url = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"").await;
        let Ok(http) = Http::new(false) else {
            return; // A machine without certificates has no client at all.
        };
        let request = http::Request::get(&url).body(Vec::new()).unwrap();
        let failed = http.send(request).await;
        assert!(
            matches!(failed, Err(HttpError::Unreachable(_))),
            "{failed:?}"
        );
    }
}
