//! People: signing in and out, their roles, and who they are on a request.
//!
//! A person is (issuer, subject), never a name or an address, for those can be given to somebody
//! else. What a person may is read from their roles on every request; whatever changes it ends their
//! sign-ins in the same transaction.

mod become_caller;
mod change_roles;
mod end_sign_ins;
mod guard;
mod list;
pub mod local;
mod name;
mod name_of;
mod pseudonymise;
mod set_active;
mod sign_in;
mod sign_in_by_return;
mod sign_ins;
mod standing;

pub use become_caller::{by_sign_in, caller_of};
pub use change_roles::{give_role, take_role};
pub use end_sign_ins::{end_sign_in, end_sign_ins_of, sign_out};
pub use list::{PersonView, RoleView, get, list, me};
pub(crate) use name::take as take_name;
pub use name_of::name_of;
pub(crate) use name_of::named;
pub use pseudonymise::pseudonymise;
pub use set_active::set_active;
pub use sign_in::{
    Device, Identity, SignInMethod, SignedIn, sign_in, sign_in_with, sign_in_within,
};
pub use sign_in_by_return::{Attempt, sign_in_by_return};
pub use sign_ins::{SignInView, sign_ins};
pub use standing::standing;
pub use store::people::RoleSource;

use domain::RoleAssignment;

/// Who vouches for local users.
pub const LOCAL: &str = "local";
/// Who vouches for service accounts.
pub const SERVICE: &str = "service";
/// Who vouches for the people of a demonstration.
pub const DEMO: &str = "demo";

/// When sign-ins end by themselves, and what groups stand for.
#[derive(Clone, Debug)]
pub struct SignInSettings {
    /// How long a browser may ask for nothing, in milliseconds.
    pub idle_ms: i64,
    /// How long a sign-in lasts however much it is used, in milliseconds.
    pub longest_ms: i64,
    /// The roles that each group of the issuer stands for.
    pub group_roles: Vec<(String, RoleAssignment)>,
}

impl Default for SignInSettings {
    fn default() -> Self {
        const HOUR_MS: i64 = 3_600_000;
        Self {
            idle_ms: HOUR_MS,
            longest_ms: 8 * HOUR_MS,
            group_roles: Vec::new(),
        }
    }
}
