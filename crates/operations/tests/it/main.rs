//! Use cases on a real SQLite database, with AWS played by hand where its side is not the point.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which may panic as tests may"
)]

mod accounts;
mod audit;
mod fake_aws;
mod idempotency;
mod installation;
mod inventory;
mod jobs;
mod local_users;
mod people;
mod permission;
mod policies;
mod promotions;
mod queue;
mod tokens;
mod validation;
mod world;
