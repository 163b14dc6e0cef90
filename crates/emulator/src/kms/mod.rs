//! AWS KMS: what a key is and whether it can be used.
//!
//! AWS JSON 1.1, as Rekognition speaks it, but errors have `__type` and `message` alone.

mod describe_key;
mod operation;

pub(crate) use operation::{DESCRIBE_KEY, TARGET_PREFIX, known_to_aws};

use crate::authorize::Judge;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::State;
use domain::Region;
use serde_json::{Map, Value, json};

/// One call under way.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    pub(crate) caller: &'a Caller,
    /// The Region of the credential's scope.
    pub(crate) region: &'a Region,
    pub(crate) judge: Judge<'a>,
}

/// Carries out `DescribeKey` and gives its answer.
pub(crate) fn call(call: &mut Call<'_>, members: &Map<String, Value>) -> Result<Value, ApiError> {
    describe_key::call(call, members)
}

/// An error's body.
pub(crate) fn error_body(error: &ApiError) -> Value {
    json!({ "__type": error.code, "message": error.message })
}
