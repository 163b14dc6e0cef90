//! Environments and their approval rules.

mod list;

pub use list::{EnvironmentView, list};
