//! The copy step: at most one copy per job, whatever crashes.
//!
//! The intent is committed before anything is sent (`send.rs`). While it is unclear whether AWS took
//! the copy, AWS is looked at before anything else happens (`reconcile.rs`); a version found there is
//! adopted only if it is proven to be ours (`provenance.rs`). If none is found, the *same* name is
//! sent again, so that a late twin is refused by AWS and never becomes a second copy. Once an ARN is
//! known only that ARN counts (`look.rs`).

mod look;
mod memory;
mod provenance;
mod reconcile;
mod refusals;
mod seek;
mod send;

pub(crate) use look::{awaited, look_together};
pub(super) use provenance::{Descent, OF_ANOTHER, Provenance, descends_from_plan, judge};
pub(super) use reconcile::{decide, find_out, foreign, resend, watch};
pub(super) use seek::{Sight, seek};
pub(super) use send::first as send;
