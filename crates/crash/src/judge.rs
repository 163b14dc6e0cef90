//! What must hold when a round is over. The witness is the emulator; the product's database is asked
//! only for what it promises its readers.

use crate::round::Round;
use crate::setting::{COPIES, SOURCE, project, text, versions};
use anyhow::Result;
use domain::JobWord;
use serde_json::Value;
use store::audit::{self, ChainVerdict, Phase, verify_chain};
use store::{EventCursor, Store};
use testkit::EmulatedAws;

/// AWS's names of the writes, and the audit log's.
const WRITES: [(&str, &str); 3] = [
    ("CopyProjectVersion", "aws.copy_project_version"),
    ("PutProjectPolicy", "aws.put_project_policy"),
    ("DeleteProjectPolicy", "aws.delete_project_policy"),
];

/// Everything that is wrong; empty if the round was survived. `read` is where the reader began and
/// then each event that it was given.
pub async fn judge(
    round: &Round,
    aws: &EmulatedAws,
    store: &Store,
    read: &[EventCursor],
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let state = aws.state().await?;
    let ledger = aws.ledger().await?;
    let calls: Vec<&Value> = ledger
        .iter()
        .filter(|call| call["operation"] == "CopyProjectVersion")
        .collect();
    let words = words(store).await?;
    for copy in COPIES {
        judge_copy(round, &state, &calls, copy, &mut wrong)?;
    }
    for call in &calls {
        let asked = call["parameters"]["VersionName"].as_str();
        if !COPIES.iter().any(|(_, name)| asked == Some(name)) {
            wrong.push(format!(
                "a copy was asked for that nobody approved: {asked:?}"
            ));
        }
    }
    judge_grants(&state, &mut wrong)?;
    judge_words(round, &words, &mut wrong);
    judge_events(store, read, &mut wrong);
    judge_audit(store, &ledger, &mut wrong).await?;
    Ok(wrong)
}

/// Exactly one version of the right provenance, made by one call.
fn judge_copy(
    round: &Round,
    state: &Value,
    calls: &[&Value],
    (copied, name): (&str, &str),
    wrong: &mut Vec<String>,
) -> Result<()> {
    let destination = project(state, "333333333333")?;
    let found: Vec<&Value> = versions(destination)
        .filter(|version| version["name"] == name)
        .collect();
    let made = calls
        .iter()
        .filter(|call| call["parameters"]["VersionName"] == name)
        .filter(|call| call["outcome"]["executed"] == true && call["outcome"]["result"].is_string())
        .count();
    if made > 1 {
        wrong.push(format!("{name} was copied {made} times"));
    }
    match found.as_slice() {
        [version] => {
            let source = text(&version["source_version_arn"])?;
            let wanted = format!(
                "{}/version/{copied}/",
                SOURCE.rsplit_once('/').map_or("", |p| p.0)
            );
            if !source.starts_with(&wanted) {
                wrong.push(format!("{name} was copied from {source}"));
            }
            let status = version["status"].as_str().unwrap_or_default();
            let expected = if round.copies_fail {
                "COPYING_FAILED"
            } else {
                "COPYING_COMPLETED"
            };
            if status != expected {
                wrong.push(format!("{name} is {status}"));
            }
        }
        [] => wrong.push(format!("{name} was never copied")),
        many => wrong.push(format!("{name} stands {} times", many.len())),
    }
    Ok(())
}

/// No statement made for a job stands any more.
fn judge_grants(state: &Value, wrong: &mut Vec<String>) -> Result<()> {
    let source = project(state, "111111111111")?;
    for policy in source["policies"].as_array().into_iter().flatten() {
        let document = policy["document"].as_str().unwrap_or_default();
        if document.contains("\"Ch") {
            wrong.push(format!("a grant is left: {document}"));
        }
    }
    Ok(())
}

fn judge_words(round: &Round, words: &[JobWord], wrong: &mut Vec<String>) {
    for word in words {
        let good = match word {
            JobWord::Succeeded => !round.copies_fail,
            JobWord::Failed => round.copies_fail,
            _ => false,
        };
        if !good {
            wrong.push(format!("a job is {}", word.as_str()));
        }
    }
}

async fn words(store: &Store) -> Result<Vec<JobWord>> {
    let mut reader = store.read().await?;
    let rows = store::jobs::list(&mut reader, None, 100).await?;
    Ok(rows.iter().map(|row| row.state.word()).collect())
}

/// Every number once and in order, from where the reader began to the head.
fn judge_events(store: &Store, read: &[EventCursor], wrong: &mut Vec<String>) {
    let head = *store.watch_head().borrow();
    let read: Vec<i64> = read.iter().map(|cursor| cursor.seq).collect();
    let first = read.first().copied().unwrap_or_default();
    let all: Vec<i64> = (first..=head.seq).collect();
    if read != all {
        wrong.push(format!("the reader was given {read:?} of {all:?}"));
    }
}

/// The chain holds, AWS has seen no write that was not intended before, and no intent of a job that
/// ended is without its outcome.
async fn judge_audit(store: &Store, ledger: &[Value], wrong: &mut Vec<String>) -> Result<()> {
    let mut reader = store.read().await?;
    if let ChainVerdict::Broken { n, fault } = verify_chain(&mut reader).await? {
        wrong.push(format!("the audit breaks at entry {n}: {fault:?}"));
    }
    let rows = audit::list(&mut reader, None, 100_000).await?;
    let count = |action: &str, phase| {
        let entries = rows.iter().map(|row| &row.entry);
        entries
            .filter(|entry| entry.action == action && entry.phase == phase)
            .count()
    };
    for (operation, action) in WRITES {
        let sent = ledger.iter().filter(|call| call["operation"] == operation);
        let (sent, intended) = (sent.count(), count(action, Phase::Intended));
        if sent > intended {
            wrong.push(format!(
                "{operation} came {sent} times and was intended {intended}"
            ));
        }
        let outcomes = count(action, Phase::Outcome);
        if outcomes < intended {
            wrong.push(format!(
                "{operation} was intended {intended} times and has {outcomes} outcomes"
            ));
        }
    }
    Ok(())
}
