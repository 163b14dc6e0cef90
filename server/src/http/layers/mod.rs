//! What every request passes through, one file each.
//!
//! The order is in [`super::router`]. Each layer either lets a request on or answers a
//! [`Problem`](super::problem::Problem) itself.

pub mod authorize;
pub mod body_limit;
pub mod client_address;
pub mod content_type;
pub mod cross_origin;
mod forwarded;
pub mod host;
pub mod identify;
pub mod panic;
pub mod referer;
pub mod request_id;
pub mod security_headers;
pub mod timeout;
pub mod trace;
