//! What the copy step remembers between two visits.

use domain::{Failure, Millis};
use serde::{Deserialize, Serialize};

/// Stored with the job and forgotten when the step ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct CopyMemory {
    /// When the copy was last sent.
    pub(super) sent_at: Option<Millis>,
    /// Looks that found nothing since it was long enough ago.
    pub(super) empty_looks: u32,
    /// Why AWS refused for good a copy that was sent again. It says nothing about the one before,
    /// so nothing is concluded from it, but nothing more is sent either.
    pub(super) refusal: Option<Failure>,
    /// Since when the doubt counts, if an operator had the copy sent again: not from the intent.
    pub(super) doubted_since: Option<Millis>,
    /// How often a definite refusal was passing, in a row.
    pub(super) put_offs: u32,
    /// Since when a version is there that is neither proven ours nor proven foreign.
    pub(super) unproven_since: Option<Millis>,
    /// When the accepted version was missed first.
    pub(super) missed_at: Option<Millis>,
}
