//! Accounts that Customhouse may act in, and whether its roles there work.
//!
//! The registry is filled from the configuration once ([`fill_from_config()`]) and lives in the
//! database from then on.

mod by_number;
mod fill_from_config;
mod get;
mod list;
mod registry;
mod role_test;
mod test_role;
mod test_roles;
mod view;

pub use by_number::by_number;
pub use fill_from_config::{FillError, FillOutcome, fill_from_config};
pub use get::get;
pub use list::list;
pub use registry::{Registry, RegistryProblem};
pub use role_test::{RoleCheck, RoleState, RoleTestStep, RoleTestView, TestResult};
pub use test_role::test_role;
pub use test_roles::test_roles;
pub use view::{AccountView, PlaceError, RoleView, WithheldCall};

pub(crate) use view::{place_error, place_look};
