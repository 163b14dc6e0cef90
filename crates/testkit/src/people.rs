//! Somebody to act in tests.

use domain::{PersonId, Role, RoleAssignment, Roles};
use operations::Caller;

/// The person who acts where it does not matter who.
pub const PERSON: &str = "usr_01K5TTTTTTTTTTTTTTTTTTTTTT";

/// Every role, everywhere.
pub fn all_roles() -> Roles {
    let roles = Role::ALL.into_iter();
    roles.map(RoleAssignment::everywhere).collect()
}

/// A person who may do everything that people may.
pub fn everything() -> Caller {
    let person: PersonId = PERSON.parse().expect("the constant is an id");
    Caller::person(person, all_roles())
}
