//! The database: SQLite in one file, or PostgreSQL for several replicas, behind one SQL text.
//!
//! [`Store::begin`] gives the one transaction that writes, [`Store::read`] one that reads; each
//! module below holds the statements of one noun as functions over them. State changes, audit
//! entries and events are committed together, and the one row of [`ledger`] gives them their order.
//!
//! Begin with `migrations/` for the tables, then [`Tx`] for what a commit does, then [`jobs`] for
//! how work is claimed. What differs between the two databases stands in `dialect.rs` and
//! `connect.rs`.

pub mod accounts;
pub mod approvals;
pub mod audit;
pub mod backup;
pub mod checkpoint;
pub mod duties;
pub mod environments;
pub mod events;
pub mod idempotency;
pub mod installation;
pub mod job_attempts;
pub mod job_calls;
pub mod job_requests;
pub mod job_steps;
pub mod jobs;
pub mod known_devices;
pub mod ledger;
pub mod local_credentials;
pub mod looks;
pub mod model_versions;
pub mod people;
pub mod policy_sweeps;
pub mod project_policies;
pub mod projects;
pub mod proposals;
pub mod role_tests;
pub mod sessions;
pub mod setup_links;
pub mod sign_in_returns;
pub mod sign_in_throttle;
pub mod sign_ins;
pub mod tokens;

mod cells;
mod connect;
mod constraint;
mod dialect;
mod error;
mod follow;
mod fuse;
mod lock;
mod numbers;
mod statements;
mod store;
mod tx;
mod url;

pub use connect::OpenError;
pub use constraint::Constraint;
pub use error::StoreError;
pub use ledger::EventCursor;
pub use lock::{DatabaseLock, LockError};
pub use sessions::Sessions;
pub use store::Store;
pub use tx::{Reader, Tx};
pub use url::{DatabaseUrl, InvalidDatabaseUrl};
