//! Tests of the store, on SQLite always and on PostgreSQL too when `TEST_POSTGRES_URL` names a
//! server (`postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with the right to create databases).

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up fails at that line"
)]

mod backup;
mod chain;
mod checkpoint;
mod claims;
mod concurrency;
mod database;
mod duties;
mod events;
mod follow;
mod idempotency;
mod inventory;
mod jobs;
mod local_users;
mod numbering;
mod pause;
mod postgres;
mod proposals;
mod queue;
mod registry;
mod requests;
mod samples;
mod search;
mod sessions;
mod sweeps;
mod tampering;
mod throttle;
mod transactions;
mod versions;
