//! AWS JSON 1.1 as Rekognition writes it.

use crate::error::ApiError;
use domain::Millis;
use serde_json::{Map, Value, json};

/// The content type of requests and answers.
pub(crate) const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// Reads a request's body: a JSON object, or nothing at all for one without members. What is wrong
/// with another one only the ledger tells; AWS says no more than the error's name.
pub(crate) fn read_body(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|error| {
        // The words about data repeat it, and it may be a secret.
        let detail = if error.is_data() {
            "The request's body is JSON, but no object.".to_owned()
        } else {
            format!("The request's body is no JSON: {error}.")
        };
        ApiError::common("SerializationException", 400, "").with_detail(detail)
    })
}

/// An error's body. The exceptions of the API model have the members `Message`, `Code` and
/// `Logref`; the common layer writes `message` in lower case.
pub(crate) fn error_body(error: &ApiError, request_id: &str) -> Value {
    if error.modelled {
        json!({
            "__type": error.code,
            "Code": error.code,
            "Logref": request_id,
            "Message": error.message,
        })
    } else {
        json!({ "__type": error.code, "message": error.message })
    }
}

/// A timestamp: seconds since the epoch, with milliseconds as a fraction.
pub(crate) fn timestamp(moment: Millis) -> Value {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds are exact in a double for 285,000 years"
    )]
    let seconds = moment.get() as f64 / 1000.0;
    json!(seconds)
}

/// An object without the members that have no value.
pub(crate) fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)));
    Value::Object(present.collect())
}
