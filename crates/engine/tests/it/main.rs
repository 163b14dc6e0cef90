//! The engine on a real database, with a clock that is moved by hand and an AWS that does what the
//! test tells it to.

mod budget;
mod copy_once;
mod fencing;
mod granting;
mod looking;
mod operator;
mod pausing;
mod policy_jobs;
mod queueing;
mod running;
mod schedules;
mod stopping;
mod stream;
mod support;
mod sweeping;
mod whole_job;
