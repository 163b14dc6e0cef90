//! The API for programs: JSON, RFC 9457 problems, OpenAPI document at `/v1/openapi.json`.
//!
//! Handlers translate; what happens is in `operations`, the same as for forms.

pub mod jobs;
pub mod openapi;
pub mod promotions;
pub mod wire;

use operations::PageRequest;
use serde::Deserialize;
use utoipa::IntoParams;

const USUAL: u32 = 50;
const LARGEST: u32 = 200;

/// Which part of a list is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Only what has a smaller number: the `next` of the part before.
    before: Option<i64>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl Part {
    fn request(&self) -> PageRequest {
        PageRequest {
            before: self.before,
            limit: self.limit.unwrap_or(USUAL).clamp(1, LARGEST),
        }
    }
}
