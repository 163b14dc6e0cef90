//! Service accounts: programs with a name and roles of their own.
//!
//! A service account is a person of the issuer [`SERVICE`](crate::people::SERVICE) that cannot sign
//! in: it comes in with tokens only. It neither approves nor runs the installation.

mod add_token;
mod create;
mod list;

pub use add_token::add_token;
pub use create::{ServiceAccountForm, create};
pub use list::{ServiceAccountView, list};
