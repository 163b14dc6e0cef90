//! The console's server: it puts the parts together, answers HTTP and is the command line.
//!
//! [`startup`] builds everything from a [`config::Config`] and is used by `main` and by tests
//! alike. [`http`] is what the outside meets. What happens is in `operations`, when it happens in
//! `engine`.

mod checkpoints;
pub mod cli;
pub mod config;
pub mod first_start;
mod housekeeping;
pub mod http;
mod inventory;
mod listener;
pub mod machine;
pub mod oidc;
mod serving;
pub mod sessions;
pub mod startup;
