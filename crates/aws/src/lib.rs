//! The adapter over the AWS SDK: assumes roles and makes the calls of
//! [`operations::ports::aws`].
//!
//! There is one client for each (account, Region); credentials are given call by call, so the
//! SDK's own credential cache, which holds 64 entries, plays no part. Reader sessions are kept in
//! [`sessions`] and shared; every write has a fresh session, narrowed to one job. Errors are
//! classified once, in [`classify`].

mod classify;
mod clients;
mod convert;
mod own;
mod reads;
mod sessions;
mod trace;
mod writes;

pub use clients::{Aws, AwsSettings, BaseCredentials};
