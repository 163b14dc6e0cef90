//! The list of every call, which is the oracle of tests: what was asked, who asked, how it was
//! decided and how it ended. It never holds a secret.

use domain::{AccountNumber, Millis, Region};
use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;

/// Bytes of lines kept, some 12,000 ordinary calls; older ones are dropped and counted. With the
/// copy that an answer of the control API is, the emulator stays within its 150 MiB.
const KEPT: usize = 12 * 1024 * 1024;

/// One call. What there is not is `null`.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    /// Counted from 1 since the start or the last reset.
    pub(crate) number: u64,
    /// The world's time when the call was answered.
    pub(crate) time_ms: Millis,
    /// The same in ISO 8601, with three digits of milliseconds.
    pub(crate) time: String,
    pub(crate) request_id: String,
    pub(crate) service: &'static str,
    /// `null` when it could not be told.
    pub(crate) operation: Option<String>,
    /// The Region of the credential's scope.
    pub(crate) region: Option<Region>,
    /// The caller's account; `null` when the signature was refused.
    pub(crate) account: Option<AccountNumber>,
    /// The caller's ARN; `null` when the signature was refused.
    pub(crate) principal: Option<String>,
    pub(crate) parameters: Value,
    /// Every permission that was looked at, in order.
    pub(crate) decisions: Vec<DecisionRecord>,
    pub(crate) outcome: Outcome,
    /// The fault that a rule put on this call.
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
    /// The status of the answer, or of the one that was lost; `null` when there never was one.
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) message: Option<String>,
    /// What the caller was not told: why a signature was refused, which limit was met, what a
    /// parser found.
    pub(crate) detail: Option<String>,
    /// What the operation gave back, where that is an ARN or a revision id.
    pub(crate) result: Option<String>,
}

/// All calls since the start or the last reset, each as its line of JSON: a tenth of what its parts
/// would take.
#[derive(Default)]
pub(crate) struct Ledger {
    /// The line of the last call has the number `last_number`, the one before it one less.
    lines: VecDeque<Box<str>>,
    /// Of all lines together.
    bytes: usize,
    last_number: u64,
}

impl Ledger {
    /// Appends `entry` under the next number.
    pub(crate) fn append(&mut self, mut entry: Entry) {
        self.last_number += 1;
        entry.number = self.last_number;
        let line = serde_json::to_string(&entry)
            .expect("an entry's keys are texts and its numbers are finite");
        self.bytes += line.len();
        self.lines.push_back(line.into_boxed_str());
        while self.bytes > KEPT
            && let Some(oldest) = self.lines.pop_front()
        {
            self.bytes -= oldest.len();
        }
    }

    /// Adds the lines after number `after` to `text`, oldest first, with commas between them. What
    /// is left to say after them has room for 64 bytes without another copy of the whole.
    pub(crate) fn write_since(&self, after: u64, text: &mut String) {
        let new = self.last_number.saturating_sub(after);
        let new = usize::try_from(new).unwrap_or(usize::MAX);
        let known = self.lines.len().saturating_sub(new);
        let lines = || self.lines.range(known..);
        text.reserve(lines().map(|line| line.len() + 1).sum::<usize>() + 64);
        for (index, line) in lines().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(line);
        }
    }

    /// How many calls were dropped for age.
    pub(crate) fn dropped(&self) -> u64 {
        let kept = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        self.last_number.saturating_sub(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(parameters: Value) -> Entry {
        Entry {
            number: 0,
            time_ms: Millis::new(0),
            time: String::new(),
            request_id: String::new(),
            service: "sts",
            operation: None,
            region: None,
            account: None,
            principal: None,
            parameters,
            decisions: Vec::new(),
            outcome: Outcome {
                executed: false,
                answered: true,
                status: None,
                error: None,
                message: None,
                detail: None,
                result: None,
            },
            fault: None,
        }
    }

    fn numbers(ledger: &Ledger, after: u64) -> Vec<u64> {
        let mut text = "[".to_owned();
        ledger.write_since(after, &mut text);
        text.push(']');
        let lines: Vec<Value> = serde_json::from_str(&text).unwrap();
        lines
            .iter()
            .map(|line| line["number"].as_u64().unwrap())
            .collect()
    }

    #[test]
    fn the_oldest_lines_make_room_and_are_counted() {
        let mut ledger = Ledger::default();
        let megabyte = Value::from("x".repeat(1024 * 1024));
        for _ in 0..20 {
            ledger.append(entry(megabyte.clone()));
        }
        assert!(ledger.bytes <= KEPT);
        assert_eq!(ledger.dropped(), 9, "11 lines of over 1 MiB fit");
        assert_eq!(numbers(&ledger, 0), (10..=20).collect::<Vec<u64>>());
        assert_eq!(numbers(&ledger, 18), [19, 20]);
        for beyond in [20, u64::MAX] {
            assert!(numbers(&ledger, beyond).is_empty(), "{beyond}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_alone_is_dropped() {
        let mut ledger = Ledger::default();
        ledger.append(entry(Value::from("x".repeat(KEPT))));
        assert_eq!((ledger.bytes, ledger.dropped()), (0, 1));
        ledger.append(entry(Value::Null));
        assert_eq!(numbers(&ledger, 0), [2]);
    }
}
