//! What must hold when a round is over. The witness is the emulator; the product's database is asked
//! only for what it promises its readers: the audit log, the events, and how each job ended.

mod audit;

pub use audit::judge_intents;

use crate::finding::{Breach, Finding};
use crate::round::Round;
use crate::setting::{COPIES, SOURCE, project, text, versions};
use anyhow::Result;
use domain::Environments;
use domain::JobWord;
use serde_json::Value;
use store::jobs::JobRow;
use store::{EventCursor, Store};
use testkit::EmulatedAws;

/// Everything that is wrong; empty if the round was survived. `read` is where the reader began and
/// then each event that it was given.
pub async fn judge(
    round: &Round,
    aws: &EmulatedAws,
    store: &Store,
    read: &[EventCursor],
) -> Result<Vec<Finding>> {
    let mut wrong = Vec::new();
    let state = aws.state().await?;
    let ledger = aws.ledger().await?;
    let calls: Vec<&Value> = ledger
        .iter()
        .filter(|call| call["operation"] == "CopyProjectVersion")
        .collect();
    let jobs = store::jobs::list(&mut store.read().await?, &Environments::All, None, 100).await?;
    for copy in COPIES {
        judge_copy(round, &state, &calls, copy, &mut wrong)?;
    }
    for call in &calls {
        let asked = call["parameters"]["VersionName"].as_str();
        if !COPIES.iter().any(|(_, name)| asked == Some(name)) {
            let seen = format!("a copy was asked for under the name {asked:?}");
            wrong.push(Finding::new(Breach::NotApproved, seen));
        }
    }
    judge_grants(&state, &mut wrong)?;
    judge_ends(round, &jobs, &mut wrong);
    judge_events(store, read, &mut wrong);
    wrong.extend(audit::judge_audit(store, &ledger, &jobs).await?);
    Ok(wrong)
}

/// Exactly one version of the right provenance, made by one call.
fn judge_copy(
    round: &Round,
    state: &Value,
    calls: &[&Value],
    (copied, name): (&str, &str),
    wrong: &mut Vec<Finding>,
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
    let mut find = |breach, seen: String| wrong.push(Finding::new(breach, seen));
    if made > 1 {
        find(Breach::TwoCopies, format!("{name} was copied {made} times"));
    }
    match found.as_slice() {
        [version] => {
            let source = text(&version["source_version_arn"])?;
            let wanted = format!(
                "{}/version/{copied}/",
                SOURCE.rsplit_once('/').map_or("", |p| p.0)
            );
            if !source.starts_with(&wanted) {
                find(
                    Breach::WrongCopy,
                    format!("{name} was copied from {source}"),
                );
            }
            let status = version["status"].as_str().unwrap_or_default();
            let expected = if round.copies_fail {
                "COPYING_FAILED"
            } else {
                "COPYING_COMPLETED"
            };
            if status != expected {
                find(Breach::WrongCopy, format!("{name} is {status}"));
            }
        }
        [] => find(Breach::WrongCopy, format!("{name} was never copied")),
        many => {
            let count = many.len();
            find(Breach::TwoCopies, format!("{name} stands {count} times"));
        }
    }
    Ok(())
}

/// No statement made for a job stands any more.
fn judge_grants(state: &Value, wrong: &mut Vec<Finding>) -> Result<()> {
    let source = project(state, "111111111111")?;
    for policy in source["policies"].as_array().into_iter().flatten() {
        let document = policy["document"].as_str().unwrap_or_default();
        if document.contains("\"Ch") {
            wrong.push(Finding::new(Breach::GrantLeft, document));
        }
    }
    Ok(())
}

/// Each job ended, and as AWS let it.
fn judge_ends(round: &Round, jobs: &[JobRow], wrong: &mut Vec<Finding>) {
    for job in jobs {
        let word = job.state.word();
        let good = match word {
            JobWord::Succeeded => !round.copies_fail,
            JobWord::Failed => round.copies_fail,
            _ => false,
        };
        if !good {
            let reason = job.state.failure().map(|failure| failure.code);
            let seen = format!("job {} is {}, {reason:?}", job.number, word.as_str());
            wrong.push(Finding::new(Breach::WrongEnd, seen));
        }
    }
}

/// Every number once and in order, from where the reader began to the head.
fn judge_events(store: &Store, read: &[EventCursor], wrong: &mut Vec<Finding>) {
    let head = *store.watch_head().borrow();
    let read: Vec<i64> = read.iter().map(|cursor| cursor.seq).collect();
    let first = read.first().copied().unwrap_or_default();
    let all: Vec<i64> = (first..=head.seq).collect();
    if read != all {
        let seen = format!("the reader was given {read:?} of {all:?}");
        wrong.push(Finding::new(Breach::WrongEvents, seen));
    }
}
