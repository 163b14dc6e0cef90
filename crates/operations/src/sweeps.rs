//! Grants that a job left behind.
//!
//! A job ends only once its statement is gone. A process that slept between an intent and its call
//! can still put one afterwards, however long it slept. So each source project that a grant was ever
//! intended for is looked through from time to time, and a statement of ours whose job has ended is
//! removed: it was part of that job's approved plan that it goes. Others' statements are left alone.
//!
//! A restored database does not know every job that put one. Then every known project is looked
//! through, and a statement under a Sid of ours that no job put is noted as a stray, for the person
//! who resumes: see [`crate::installation::strays`].

mod claim;
mod enlist;
mod finish;
mod hurry;
mod intend;
mod leftovers;
mod next_due;
mod note_strays;
mod told;

pub use claim::{ClaimedSweep, claim};
pub use enlist::enlist;
pub use finish::finish;
pub use hurry::hurry;
pub use intend::intend;
pub use leftovers::{Leftover, leftovers};
pub use next_due::next_due;
pub use note_strays::note_strays;
pub use store::policy_sweeps::SweepClaim;
pub use told::told;

use domain::JobId;
use serde::{Deserialize, Serialize};

/// A removal that was intended and of which nothing is known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OpenRemoval {
    job: JobId,
    operation: String,
}
