//! Local users: people whom this installation itself knows by a password, for the first start and
//! for when the issuer is out of reach.
//!
//! Their issuer is [`super::LOCAL`] and their subject the account name. A password is proved in
//! [`sign_in()`], which counts every try beforehand, and set by one of three ways that ask the same
//! floor of it: the one-time link ([`use_link()`]), and its owner ([`change_password()`]). Nobody sets
//! a password for somebody else; they make a link.

mod account_name;
mod change_password;
mod create;
mod hashing;
mod links;
mod password;
mod sign_in;
mod throttle;
mod token;
mod use_link;

pub use account_name::{AccountName, InvalidAccountName};
pub use change_password::{ChangePasswordForm, ChangedPassword, change_password, has_password};
pub use create::create;
pub use links::{NEW_ADMINISTRATOR_MS, PASSWORD_MS, needs_set_up, new_administrator, new_password};
pub use password::{LONGEST, Password, SHORTEST};
pub use sign_in::{DEVICE_MS, LocalSignIn, LocalSignInForm, sign_in};
pub use token::SecretToken;
pub use use_link::{LinkForm, LinkView, open_link, use_link};

use super::SignedIn;
use crate::field::{Field, FieldCode, FieldError};

/// A browser that somebody signed in from with a password.
pub struct LocalSignedIn {
    /// The sign-in.
    pub signed_in: SignedIn,
    /// What the browser shows from now on to be known as theirs, for [`DEVICE_MS`].
    pub device: SecretToken,
}

/// What speaks against a new password that was typed twice.
fn check_new(password: &Password, again: &Password, names: &[&str]) -> Vec<FieldError> {
    let floor = password.check(Field::Password, names).err();
    let differs = (!password.same_as(again))
        .then(|| FieldError::new(Field::PasswordAgain, FieldCode::PasswordsDiffer));
    floor.into_iter().chain(differs).collect()
}
