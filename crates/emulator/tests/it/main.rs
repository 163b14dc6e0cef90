//! The emulator as its users meet it: through AWS's own SDK, and over plain HTTP where an SDK
//! would not send what is wanted.

#![expect(
    clippy::unwrap_used,
    reason = "in tests and their helpers a panic is the report"
)]

mod assumptions;
mod binary;
mod control;
mod copy;
mod deletes;
mod documented;
mod faults;
mod keys;
mod ledger;
mod limits;
mod objects;
mod pages;
mod policies;
mod projects;
mod quotas;
mod refusals;
mod registry;
mod s3;
mod sample;
mod sequences;
mod sessions;
mod signature;
mod simulations;
mod sts;
mod support;
mod tags;
mod unproven;
mod world;
