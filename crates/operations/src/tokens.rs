//! Tokens: what programs come in with at `/v1`.
//!
//! A token acts for its owner, a person or a service account, and may what both the owner's roles
//! and its own scope allow. Roles are read anew on every use, so whatever is taken from the owner is
//! taken from the token at once. The text is shown once and only its SHA-256 is kept.

mod authenticate;
mod create;
mod list;
mod revoke;
mod secret;

pub use authenticate::authenticate;
pub use create::{CreatedToken, TokenForm, create};
pub(crate) use create::{issue, valid_for};
pub(crate) use list::of_person;
pub use list::{TokenState, TokenView, list};
pub use revoke::revoke;
pub use secret::{TokenKind, TokenSecret};

/// How many days a person's token may live.
pub const PERSONAL_DAYS: u16 = 90;
/// How many days a service account's token may live.
pub const SERVICE_DAYS: u16 = 365;
/// How many good tokens one owner may have.
pub const MOST: i64 = 50;
