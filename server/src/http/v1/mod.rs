//! The API for programs: JSON, RFC 9457 problems, OpenAPI document at `/v1/openapi.json`.
//!
//! Handlers translate; what happens is in `operations`, the same as for forms.

pub mod audit;
mod body;
pub mod job_requests;
pub mod jobs;
pub mod openapi;
pub mod part;
pub mod promotions;
pub mod wire;

use http::StatusCode;

use super::problem::Problem;

/// What cannot be understood. `why` is whole sentences.
fn unreadable(why: &str) -> Problem {
    let detail = format!("The request cannot be read. {why} Nothing was done.");
    Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail)
}

/// Text of the client's within an answer to it: at most 60 characters.
fn clipped(text: &str) -> String {
    text.chars().take(60).collect()
}
