//! What the tests stand on: a clock, a seed, a scriptable AWS, and a rig that joins them.

mod aws;
mod clock;
mod fault;
mod rig;
mod world;

pub(crate) use aws::{FakeAws, ForeignVersion};
pub(crate) use clock::{ManualClock, Seeded};
pub(crate) use fault::Fault;
pub(crate) use rig::{Rig, SOURCE, SOURCE_VERSION, destination, source, source_version};
pub(crate) use world::Habit;
