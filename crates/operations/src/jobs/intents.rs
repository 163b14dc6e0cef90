//! Intended writes to AWS until their outcome is known.
//!
//! Each audit entry *intended* is followed by an *outcome*. Mostly the call itself tells it. When
//! the process ended in between, or the answer was lost, what a later visit finds in AWS tells it.

use super::note::StepNote;
use crate::audit::Verb;
use domain::Millis;
use serde::{Deserialize, Serialize};

/// A write that was intended and of which nothing definite is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OpenIntent {
    /// AWS's name of the operation.
    operation: String,
    /// The audit log already says that the outcome is unclear.
    unclear: bool,
    /// When it was intended.
    #[serde(default)]
    at: Option<Millis>,
}

/// What the calls of a visit have told of the outcome of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// There was no such call.
    Nothing,
    /// AWS may or may not have done it.
    Unclear,
    /// It was done, refused, or never sent.
    Definite,
}

/// What a visit has found about an intended write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// AWS shows what the write was to bring about.
    Done,
    /// It does not, or nobody looked.
    Open,
}

impl StepNote {
    /// Notes that a write is about to be sent.
    pub(super) fn intend(&mut self, operation: &str, at: Millis) {
        self.intent = Some(OpenIntent {
            operation: operation.to_owned(),
            unclear: false,
            at: Some(at),
        });
    }

    /// When the latest write was intended that may still reach AWS: its answer was lost, or the
    /// process that intended it lost its claim before it told of one.
    pub(super) fn loose(&self) -> Option<Millis> {
        let open = self.intent.as_ref().and_then(|intent| intent.at);
        self.loose_at.max(open)
    }

    /// Takes in what calls have told, for which the audit log has its entry.
    pub(super) fn hear(&mut self, told: Told) {
        match (told, &mut self.intent) {
            (Told::Definite, intent) => *intent = None,
            (Told::Unclear, Some(intent)) => {
                intent.unclear = true;
                self.loose_at = self.loose_at.max(intent.at);
            }
            (Told::Unclear, None) | (Told::Nothing, _) => {}
        }
    }

    /// The outcome that the audit log still lacks, if it does: the verb and the result's word.
    pub(super) fn conclude(&mut self, finding: Finding) -> Option<(Verb, &'static str)> {
        let intent = self.intent.as_mut()?;
        let verb = Verb::of_write(&intent.operation)?;
        if finding == Finding::Open {
            self.loose_at = self.loose_at.max(intent.at);
        }
        match finding {
            Finding::Done => {
                self.intent = None;
                Some((verb, "found"))
            }
            Finding::Open if intent.unclear => None,
            Finding::Open => {
                intent.unclear = true;
                Some((verb, "unclear"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definite_answer_ends_an_intent() {
        let mut note = StepNote::default();
        note.intend("PutProjectPolicy", Millis::new(5));
        assert_eq!(note.loose(), Some(Millis::new(5)));
        note.hear(Told::Nothing);
        note.hear(Told::Definite);
        assert_eq!(note.conclude(Finding::Done), None);
        assert_eq!(note.loose(), None);
    }

    #[test]
    fn a_write_that_nobody_told_of_stays_loose_when_the_next_one_is_answered() {
        let mut note = StepNote::default();
        note.intend("PutProjectPolicy", Millis::new(5));
        assert!(note.conclude(Finding::Open).is_some());
        note.intend("PutProjectPolicy", Millis::new(9));
        note.hear(Told::Definite);
        assert_eq!(note.loose(), Some(Millis::new(5)));
    }

    #[test]
    fn an_unclear_outcome_is_told_once_and_a_later_finding_still_counts() {
        let mut note = StepNote::default();
        note.intend("CopyProjectVersion", Millis::new(5));
        let unclear = Some((Verb::CopyProjectVersion, "unclear"));
        assert_eq!(note.conclude(Finding::Open), unclear);
        assert_eq!(note.conclude(Finding::Open), None);
        let found = Some((Verb::CopyProjectVersion, "found"));
        assert_eq!(note.conclude(Finding::Done), found);
        assert_eq!(note.conclude(Finding::Done), None);
    }

    #[test]
    fn what_a_call_left_unclear_is_not_told_again() {
        let mut note = StepNote::default();
        note.intend("DeleteProjectPolicy", Millis::new(5));
        note.hear(Told::Unclear);
        assert_eq!(note.conclude(Finding::Open), None);
        let found = Some((Verb::DeleteProjectPolicy, "found"));
        assert_eq!(note.conclude(Finding::Done), found);
    }
}
