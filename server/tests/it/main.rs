//! The whole server, started in this process on a free port, with the emulator as AWS.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test"
)]

mod audit;
mod commands;
mod configuration;
mod crash;
mod cross_origin;
mod events;
mod headers;
mod hosts;
mod job_requests;
mod keeping;
mod limits;
mod local_users;
mod matrix;
mod missing;
mod openapi;
mod people;
mod processes;
mod promotions;
mod proxies;
mod replicas;
mod routes;
mod secrets;
mod sessions;
mod storage;
mod support;
mod tokens;
mod withheld;
