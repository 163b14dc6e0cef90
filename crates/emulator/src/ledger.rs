//! The list of every call, which is the oracle of tests: what was asked, who asked, how it was
//! decided and how it ended. It never holds a secret.

use domain::{AccountNumber, Millis, Region};
use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;

/// Calls kept; older ones are dropped and counted.
const KEPT: usize = 100_000;

/// One call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Counted from 1 since the start or the last reset.
    pub(crate) number: u64,
    /// The world's time when the call was answered.
    pub(crate) time_ms: Millis,
    /// The same in ISO 8601.
    pub(crate) time: String,
    pub(crate) request_id: String,
    pub(crate) service: &'static str,
    /// Absent when it could not be told.
    pub(crate) operation: Option<String>,
    /// The Region of the credential's scope.
    pub(crate) region: Option<Region>,
    /// The caller's account; absent when the signature was refused.
    pub(crate) account: Option<AccountNumber>,
    /// The caller's ARN; absent when the signature was refused.
    pub(crate) principal: Option<String>,
    pub(crate) parameters: Value,
    /// Every permission that was looked at, in order.
    pub(crate) decisions: Vec<DecisionRecord>,
    pub(crate) outcome: Outcome,
    /// The fault that a rule put on this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fault: Option<String>,
}

/// One permission that was looked at.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecisionRecord {
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) allowed: bool,
    /// The deciding statement, or what is missing.
    pub(crate) reason: String,
}

/// How a call ended.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    /// Whether it was carried out.
    pub(crate) executed: bool,
    /// Whether the caller was sent the true answer.
    pub(crate) answered: bool,
    /// The status of the answer, or of the one that was lost; absent when there never was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// What the operation gave back, where that is an ARN or a revision id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<String>,
}

/// All calls since the start or the last reset.
#[derive(Default)]
pub(crate) struct Ledger {
    entries: VecDeque<Entry>,
    last_number: u64,
}

impl Ledger {
    /// Appends `entry` under the next number.
    pub(crate) fn append(&mut self, mut entry: Entry) {
        self.last_number += 1;
        entry.number = self.last_number;
        self.entries.push_back(entry);
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
    }

    /// The entries after number `after`, oldest first, and how many were dropped for age.
    pub(crate) fn since(&self, after: u64) -> (Vec<&Entry>, u64) {
        let kept = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        let entries = self
            .entries
            .iter()
            .filter(|entry| entry.number > after)
            .collect();
        (entries, self.last_number - kept)
    }
}
