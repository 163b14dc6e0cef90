//! Accounts and whether Customhouse's roles there work.

mod detail;
mod list;
mod role_test;

pub use detail::Detail;
pub use list::List;
