//! The emulator's ledger, read on while something runs: it keeps only the last calls.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use serde::Deserialize;
use ureq::Agent;

/// What AWS, and the emulator, calls a call that is too many.
const THROTTLED: &str = "ProvisionedThroughputExceededException";

/// What is read of one call.
#[derive(Deserialize)]
pub(super) struct Call {
    number: u64,
    pub(super) operation: Option<String>,
    #[serde(default)]
    parameters: Parameters,
    outcome: Outcome,
}

#[derive(Default, Deserialize)]
struct Parameters {
    #[serde(default, rename = "VersionNames")]
    version_names: Vec<String>,
}

#[derive(Deserialize)]
struct Outcome {
    error: Option<String>,
    result: Option<String>,
}

#[derive(Deserialize)]
struct Part {
    entries: Vec<Call>,
}

/// Every call since it was opened.
pub(super) struct Ledger {
    agent: Agent,
    url: String,
    last: u64,
    pub(super) calls: Vec<Call>,
}

/// `DescribeProjectVersions` counted.
#[derive(Clone, Copy, Default)]
pub(super) struct Describes {
    pub(super) all: u32,
    /// Those that named one version.
    pub(super) of_one: u32,
    /// Those that were throttled.
    pub(super) throttled: u32,
}

impl Ledger {
    /// Knows nothing of the calls so far.
    pub(super) fn open(emulator: &str) -> Result<Self> {
        let mut ledger = Self {
            agent: Agent::new_with_defaults(),
            url: format!("{emulator}/_emulator/ledger"),
            last: 0,
            calls: Vec::new(),
        };
        ledger.last = ledger.part()?.last().map_or(0, |call| call.number);
        Ok(ledger)
    }

    /// Reads what was added since.
    pub(super) fn read_on(&mut self) -> Result<()> {
        for call in self.part()? {
            ensure!(
                call.number == self.last + 1,
                "the emulator has forgotten calls that were not read yet"
            );
            self.last = call.number;
            self.calls.push(call);
        }
        Ok(())
    }

    fn part(&self) -> Result<Vec<Call>> {
        let mut answer = self
            .agent
            .get(format!("{}?after={}", self.url, self.last))
            .call()?;
        let part: Part = answer
            .body_mut()
            .with_config()
            .limit(64 * 1024 * 1024)
            .read_json()?;
        Ok(part.entries)
    }

    /// How often `DescribeProjectVersions` was called.
    pub(super) fn describes(&self) -> Describes {
        let mut describes = Describes::default();
        for call in &self.calls {
            if call.operation.as_deref() != Some("DescribeProjectVersions") {
                continue;
            }
            describes.all += 1;
            if call.parameters.version_names.len() == 1 {
                describes.of_one += 1;
            }
            if call.outcome.error.as_deref() == Some(THROTTLED) {
                describes.throttled += 1;
            }
        }
        describes
    }

    /// When AWS took each copy, by the name of the new version, in ms since 1970: the number that
    /// ends its ARN.
    pub(super) fn copied_at(&self) -> HashMap<String, i64> {
        let copies = self.calls.iter();
        let copies = copies.filter(|call| call.operation.as_deref() == Some("CopyProjectVersion"));
        copies
            .filter_map(|call| {
                let mut parts = call.outcome.result.as_deref()?.rsplit('/');
                let at = parts.next()?.parse().ok()?;
                Some((parts.next()?.to_owned(), at))
            })
            .collect()
    }
}
