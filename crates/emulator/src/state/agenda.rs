//! What will happen by itself, in order of time.

use crate::arn::ProjectVersionArn;
use domain::Millis;
use std::collections::BTreeMap;

/// Moments at which a version has to be looked at: the end of its copy or of its deletion.
///
/// An entry may be out of date, as a world fragment can replace the version; what is due is
/// decided by the version itself.
#[derive(Default)]
pub(crate) struct Agenda {
    /// By time and, within one millisecond, in the order in which they were added.
    entries: BTreeMap<(Millis, u64), ProjectVersionArn>,
    added: u64,
}

impl Agenda {
    /// Notes that the version has to be looked at then.
    pub(crate) fn add(&mut self, at: Millis, version: ProjectVersionArn) {
        self.added += 1;
        self.entries.insert((at, self.added), version);
    }

    /// Takes out the earliest entry, if its time has come.
    pub(crate) fn take_due(&mut self, now: Millis) -> Option<(Millis, ProjectVersionArn)> {
        let first = self.entries.first_entry()?;
        let (at, _) = *first.key();
        (at <= now).then(|| (at, first.remove()))
    }
}
