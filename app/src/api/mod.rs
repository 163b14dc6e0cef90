//! What forms post to: one server function for each verb that pages offer.
//!
//! Each is an ordinary `POST` of an HTML form to a fixed address below `/api`; it calls one use
//! case and answers with a redirect (`answer.rs`), so reloading never repeats it. Every form holds
//! a hidden id, and posting the same form twice acts once. Who may do what is decided in
//! `operations`. The browser's build has no part in it: without scripts the forms work the same.

mod answer;
mod error;

pub mod accounts;
pub mod jobs;
pub mod models;
pub mod people;
pub mod policies;
pub mod promotions;

pub use error::ApiError;

use leptos::prelude::use_context;
use operations::OpContext;

/// The surroundings that the server gives to each request.
fn op_context() -> Result<OpContext, ApiError> {
    use_context::<OpContext>().ok_or(ApiError::Internal)
}
