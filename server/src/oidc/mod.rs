//! Signing in through an OpenID Connect provider: authorisation code with PKCE, `state`, `nonce`
//! and `iss`.
//!
//! [`Provider`] knows the one provider of the installation and what its tokens say; [`Pending`] is
//! an attempt that is under way in a browser; `http::sign_in` puts the two behind addresses. Who
//! somebody is to the console, and what they may, is decided by `operations::people`.

mod claims;
mod error;
mod http;
mod local_path;
mod metadata;
mod pending;
mod provider;
mod returned;

pub use claims::Claims;
pub use error::{Refused, Unavailable, Untrusted, chain};
pub use http::HttpError;
pub use local_path::LocalPath;
pub use metadata::Unusable;
pub use pending::{LONGEST_MS, Pending, make_room};
pub use provider::{Provider, ProviderError};
pub use returned::Returned;
