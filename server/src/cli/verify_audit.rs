//! `customhouse verify-audit`.

use anyhow::{Context, Result};
use store::audit::{self, ChainFault, ChainVerdict};

use super::output::say;
use super::{Verdict, registered};
use crate::config::Config;

/// Follows the chain of hashes through all audit entries.
///
/// It finds a changed, missing or inserted entry. Entries cut off at the end are found only by
/// comparing the printed hash with one that was noted earlier, so it is printed.
pub(super) async fn run(config: &Config) -> Result<Verdict> {
    let Some(store) = registered::existing_store(config).await? else {
        say("There is no database yet, and so no audit entry.")?;
        return Ok(Verdict::Good);
    };
    let mut reader = store.read().await.context("the database does not answer")?;
    let verdict = audit::verify_chain(&mut reader)
        .await
        .context("the audit cannot be read")?;
    drop(reader);
    store.close().await;
    match verdict {
        ChainVerdict::Whole { entries, hash } => {
            say(&format!(
                "All {entries} audit entries are whole. The last one's hash is {hash}."
            ))?;
            Ok(Verdict::Good)
        }
        ChainVerdict::Broken { n, fault } => {
            say(&format!(
                "The audit is not as it was written: entry {n} {}.",
                words(fault)
            ))?;
            Ok(Verdict::Bad)
        }
    }
}

fn words(fault: ChainFault) -> &'static str {
    match fault {
        ChainFault::Missing => "is missing",
        ChainFault::Hash => "does not follow from the one before it and its own text",
        ChainFault::Column => "says something else in its columns than in its text",
        ChainFault::Head => "is not the one that the ledger's head names",
    }
}
