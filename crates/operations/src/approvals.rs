//! Deciding on proposals.
//!
//! Whether a rule is met is decided here and nowhere else: when a proposal is sent, when somebody
//! approves, and again before its job runs.

mod quorum;
mod settle;

pub(crate) use quorum::is_met;
pub(crate) use settle::settle;
