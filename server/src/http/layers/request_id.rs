//! A name for each request, in the log and in the answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Random;
use http::{HeaderName, HeaderValue};

static HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request: 32 hexadecimal digits. What a client sends under that name is not taken
/// over, so nobody can write into our log with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    fn generate(random: &dyn Random) -> Self {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        Self(hex::encode(bytes).into())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Gives the request its id and writes it into the answer as `X-Request-Id`.
pub async fn layer(
    State(random): State<Arc<dyn Random>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::generate(random.as_ref());
    let value = HeaderValue::from_str(id.as_str());
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    if let Ok(value) = value {
        response.headers_mut().insert(HEADER.clone(), value);
    }
    response
}
