//! What the audit log must hold: every change of a job, every write to AWS before it was made and
//! after it, and nothing by a process whose job another one had taken.

use crate::finding::{Breach, Finding};
use crate::setting::COPIES;
use anyhow::Result;
use domain::{Actor, JobWord};
use serde_json::Value;
use store::Store;
use store::audit::{AuditEntry, ChainVerdict, Phase, list, verify_chain};
use store::jobs::JobRow;
use testkit::EmulatedAws;

const COPY: (&str, &str) = ("CopyProjectVersion", "aws.copy_project_version");

/// AWS's names of the writes, and the audit log's.
const WRITES: [(&str, &str); 3] = [
    COPY,
    ("PutProjectPolicy", "aws.put_project_policy"),
    ("DeleteProjectPolicy", "aws.delete_project_policy"),
];

/// Whether AWS has seen a write that was not intended before. That has to hold whenever a process
/// ends: an intent that is stored later is none.
pub async fn judge_intents(aws: &EmulatedAws, store: &Store) -> Result<Vec<Finding>> {
    // First the calls: an intent that is stored in between does no harm.
    let ledger = aws.ledger().await?;
    Ok(without_intent(&ledger, &entries(store).await?))
}

/// Judges the log of a round that is over.
pub(super) async fn judge_audit(
    store: &Store,
    ledger: &[Value],
    jobs: &[JobRow],
) -> Result<Vec<Finding>> {
    let mut wrong = Vec::new();
    if let ChainVerdict::Broken { n, fault } = verify_chain(&mut store.read().await?).await? {
        let seen = format!("it breaks at entry {n}: {fault:?}");
        wrong.push(Finding::new(Breach::BrokenChain, seen));
    }
    let entries = entries(store).await?;
    wrong.extend(without_intent(ledger, &entries));
    wrong.extend(without_outcome(&entries));
    for job in jobs {
        let id = job.id.to_string();
        let of_job: Vec<&AuditEntry> = entries.iter().filter(|one| one.subject.id == id).collect();
        wrong.extend(unpaired(job.number, &of_job));
        wrong.extend(unrecorded(job.number, job.state.word(), &of_job));
        wrong.extend(under_lost_claims(job.number, &id, &of_job));
    }
    Ok(wrong)
}

/// Every entry, oldest first.
async fn entries(store: &Store) -> Result<Vec<AuditEntry>> {
    let mut rows = list(&mut store.read().await?, None, 100_000).await?;
    rows.reverse();
    Ok(rows.into_iter().map(|row| row.entry).collect())
}

fn count(entries: &[AuditEntry], action: &str, phase: Phase) -> usize {
    let fitting = entries.iter();
    fitting
        .filter(|entry| entry.action == action && entry.phase == phase)
        .count()
}

/// Writes that AWS has seen more often than they were intended; copies are told apart by name.
fn without_intent(ledger: &[Value], entries: &[AuditEntry]) -> Vec<Finding> {
    let mut wrong = Vec::new();
    let mut compare = |what: &str, sent: usize, intended: usize| {
        if sent > intended {
            let seen = format!("{what} came {sent} times and was intended {intended} times");
            wrong.push(Finding::new(Breach::CallWithoutIntent, seen));
        }
    };
    for (operation, action) in WRITES {
        let sent = ledger.iter().filter(|call| call["operation"] == operation);
        let intended = count(entries, action, Phase::Intended);
        compare(operation, sent.count(), intended);
    }
    for (_, name) in COPIES {
        let sent = ledger.iter().filter(|call| {
            call["operation"] == COPY.0 && call["parameters"]["VersionName"] == name
        });
        let intended = entries.iter().filter(|entry| {
            let named = entry.details.get("version_name");
            entry.action == COPY.1
                && entry.phase == Phase::Intended
                && named.is_some_and(|named| named == name)
        });
        compare(&format!("the copy {name}"), sent.count(), intended.count());
    }
    wrong
}

/// Intents of which the log never says what became of them.
fn without_outcome(entries: &[AuditEntry]) -> Vec<Finding> {
    let writes = WRITES.iter().filter_map(|(operation, action)| {
        let intended = count(entries, action, Phase::Intended);
        let outcomes = count(entries, action, Phase::Outcome);
        (outcomes < intended).then(|| {
            let seen =
                format!("{operation} was intended {intended} times and has {outcomes} outcomes");
            Finding::new(Breach::AuditGap, seen)
        })
    });
    writes.collect()
}

/// Writes of a job of which the log has an outcome before the first intent, or a second intent while
/// it has no outcome of the first. One intent may have several outcomes: *unclear* until more is
/// known.
fn unpaired(number: i64, entries: &[&AuditEntry]) -> Vec<Finding> {
    let mut wrong = Vec::new();
    for (operation, action) in WRITES {
        let mut last = None;
        for entry in entries.iter().filter(|entry| entry.action == action) {
            let what = match (last, entry.phase) {
                (None, Phase::Outcome) => Some("an outcome before any intent"),
                (Some(Phase::Intended), Phase::Intended) => {
                    Some("two intents and no outcome between")
                }
                _ => None,
            };
            if let Some(what) = what {
                let seen = format!("{operation} of job {number} has {what}");
                wrong.push(Finding::new(Breach::AuditGap, seen));
            }
            last = Some(entry.phase);
        }
    }
    wrong
}

/// Changes of a job's state without their entry: each entry begins where the one before it ended,
/// the first with the queue and the last where the job is `now`.
fn unrecorded(number: i64, now: JobWord, entries: &[&AuditEntry]) -> Vec<Finding> {
    let mut wrong = Vec::new();
    let mut at = String::new();
    let mut compare = |at: &str, found: &str| {
        if at != found {
            let seen = format!("job {number} went from {at:?} to {found:?} without an entry");
            wrong.push(Finding::new(Breach::AuditGap, seen));
        }
    };
    for entry in entries {
        match entry.action.as_str() {
            "job.queue" => JobWord::Queued.as_str().clone_into(&mut at),
            "job.advance" | "job.end" => {
                let word = |name| entry.details.get(name).cloned().unwrap_or_default();
                compare(&at, &word("from"));
                at = word("to");
            }
            _ => {}
        }
    }
    compare(&at, now.as_str());
    wrong
}

/// Entries under a claim that another one had followed before. The engine names its requests after
/// the claim that it works under.
fn under_lost_claims(number: i64, id: &str, entries: &[&AuditEntry]) -> Vec<Finding> {
    let mut wrong = Vec::new();
    let start = format!("{id}-");
    let mut newest = 0;
    for entry in entries.iter().filter(|entry| entry.actor == Actor::Engine) {
        let request = entry.request_id.as_deref().unwrap_or_default();
        let claim = request.strip_prefix(&start).unwrap_or_default();
        let Ok(claim) = claim.parse::<i64>() else {
            continue;
        };
        if claim < newest {
            let seen = format!(
                "{} of job {number} under claim {claim} after claim {newest}",
                entry.action
            );
            wrong.push(Finding::new(Breach::LostClaim, seen));
        }
        newest = newest.max(claim);
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Millis;
    use serde_json::json;
    use store::audit::{Subject, SubjectKind};

    fn entry(action: &str, phase: Phase, details: &[(&str, &str)]) -> AuditEntry {
        let details = details.iter();
        AuditEntry {
            at: Millis::new(0),
            actor: Actor::Engine,
            actor_name: None,
            on_behalf_of: None,
            action: action.to_owned(),
            phase,
            subject: Subject {
                kind: SubjectKind::Job,
                id: "job".to_owned(),
            },
            details: details
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            request_id: None,
            channel: None,
            address: None,
        }
    }

    #[test]
    fn an_intent_for_one_copy_does_not_cover_another() {
        let copy = |name: &str| json!({ "operation": "CopyProjectVersion", "parameters": { "VersionName": name } });
        let intent = |name: &str| entry(COPY.1, Phase::Intended, &[("version_name", name)]);
        let (one, other) = (COPIES[0].1, COPIES[1].1);
        assert!(without_intent(&[copy(one)], &[intent(one)]).is_empty());
        let wrong = without_intent(&[copy(one)], &[intent(other)]);
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].breach, Breach::CallWithoutIntent);
    }

    #[test]
    fn an_intent_needs_an_outcome() {
        let intent = entry(WRITES[1].1, Phase::Intended, &[]);
        let outcome = entry(WRITES[1].1, Phase::Outcome, &[]);
        assert!(without_outcome(&[intent.clone(), outcome]).is_empty());
        assert_eq!(without_outcome(&[intent])[0].breach, Breach::AuditGap);
    }

    #[test]
    fn each_intent_has_its_outcome_before_the_next() {
        let intent = entry(WRITES[1].1, Phase::Intended, &[]);
        let outcome = entry(WRITES[1].1, Phase::Outcome, &[]);
        let good = [&intent, &outcome, &outcome, &intent, &outcome];
        assert!(unpaired(1, &good).is_empty());
        for bad in [&[&outcome][..], &[&intent, &intent, &outcome]] {
            let wrong = unpaired(1, bad);
            assert_eq!(wrong.len(), 1, "{bad:?}");
            assert_eq!(wrong[0].breach, Breach::AuditGap);
        }
    }

    #[test]
    fn a_change_without_its_entry_is_missed_wherever_it_was() {
        let queued = entry("job.queue", Phase::Done, &[]);
        let step = |from, to| entry("job.advance", Phase::Done, &[("from", from), ("to", to)]);
        let (granting, copying) = (step("Queued", "Granting"), step("Granting", "Copying"));
        let all = [&queued, &granting, &copying];
        assert!(unrecorded(1, JobWord::Copying, &all).is_empty());
        for missing in 0..all.len() {
            let mut some = all.to_vec();
            some.remove(missing);
            let wrong = unrecorded(1, JobWord::Copying, &some);
            assert_eq!(wrong.len(), 1, "without {missing}");
            assert_eq!(wrong[0].breach, Breach::AuditGap);
        }
    }

    #[test]
    fn an_older_claim_that_writes_after_a_newer_one_is_seen() {
        let under = |claim: i64| AuditEntry {
            request_id: Some(format!("job-{claim}")),
            ..entry("job.advance", Phase::Done, &[])
        };
        let (first, second) = (under(9), under(10));
        assert!(under_lost_claims(1, "job", &[&first, &second, &second]).is_empty());
        let wrong = under_lost_claims(1, "job", &[&second, &first]);
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].breach, Breach::LostClaim);
    }
}
