//! What one visit to a step comes to.

use domain::{Failure, JobEvent};

/// What a step asks for after one move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StepOutcome {
    /// Something happened to the job.
    Event(JobEvent),
    /// All is well; come back later.
    Wait {
        /// After how many milliseconds.
        after_ms: i64,
    },
    /// The job cannot go on yet for a reason that people see; this is no error and is not counted.
    Held {
        /// After how many milliseconds to look again.
        after_ms: i64,
        /// The reason.
        cause: Failure,
    },
    /// A call did not succeed; it is counted and tried again.
    Retry {
        /// After how many milliseconds.
        after_ms: i64,
        /// What went wrong.
        cause: Failure,
    },
}
