//! Random sequences of calls, legal and illegal, against a model that was written apart.
//!
//! [`model`] says what each call must answer and what exists afterwards; [`rig`] makes the calls,
//! signed, through the emulator's door. A failure prints the shortest sequence that shows it.

mod calls;
mod model;
mod rig;
mod sign;

use calls::{Call, calls};
use model::Model;
use proptest::prelude::*;
use rig::{Rig, Seen};
use std::collections::{BTreeMap, BTreeSet};

/// How one state of a version may follow another; `None` before is "not there", after is "gone".
fn legal(before: Option<&str>, after: Option<&str>) -> bool {
    match (before, after) {
        (None, Some(after)) => after == "COPYING_IN_PROGRESS",
        (Some(before), None) => before == "DELETING",
        (Some("COPYING_IN_PROGRESS"), Some(after)) => {
            ["COPYING_IN_PROGRESS", "COPYING_COMPLETED", "COPYING_FAILED"].contains(&after)
        }
        (
            Some(
                before @ ("TRAINING_COMPLETED" | "TRAINING_FAILED" | "COPYING_COMPLETED"
                | "COPYING_FAILED" | "STOPPED"),
            ),
            Some(after),
        ) => after == before || after == "DELETING",
        (before, after) => before == after,
    }
}

/// What must hold between two looks at the emulator, whatever the model says.
fn check_transitions(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    let arns: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for arn in arns {
        let (before, after) = (before.get(arn), after.get(arn));
        assert!(
            legal(before.map(String::as_str), after.map(String::as_str)),
            "{arn}: {before:?} → {after:?}"
        );
    }
    let mut names = BTreeSet::new();
    for arn in after.keys() {
        let name = arn.rsplit_once('/').unwrap().0;
        assert!(names.insert(name), "{name} stands twice");
    }
}

/// What the ledger must say of a call.
fn check_ledger(seen: &Seen) {
    let decisions = seen.line["decisions"].as_array().unwrap();
    let outcome = &seen.line["outcome"];
    let reason = |one: &serde_json::Value| one["reason"].as_str().unwrap().to_owned();
    assert_eq!(outcome["executed"], seen.error.is_none(), "{}", seen.line);
    assert_eq!(outcome["error"].as_str(), seen.error.as_deref());
    match seen.error.as_deref() {
        None => {
            assert!(
                !decisions.is_empty(),
                "done without a decision: {}",
                seen.line
            );
            for one in decisions {
                assert_eq!(one["allowed"], true, "{}", seen.line);
                let reason = reason(one);
                assert!(reason.starts_with("Allowed by statement "), "{reason}");
            }
        }
        Some("AccessDeniedException") => {
            let refused = decisions.last().unwrap();
            assert_eq!(refused["allowed"], false, "{}", seen.line);
            let reason = reason(refused);
            let explained = ["Denied by statement ", "Not allowed: ", "Cannot tell: "];
            assert!(
                explained.iter().any(|start| reason.starts_with(start)),
                "{reason}"
            );
        }
        Some(_) => assert!(
            !outcome["message"].as_str().unwrap().is_empty(),
            "{}",
            seen.line
        ),
    }
}

async fn play(sequence: &[Call]) {
    let rig = Rig::new(None);
    let mut model = Model::seeded(&rig.versions().await);
    let mut before = rig.versions().await;
    for call in sequence {
        let expected = model.expect(call);
        let seen = rig.make(&model, call).await;
        if let Some(seen) = &seen {
            check_ledger(seen);
            assert_eq!(
                seen.error.as_deref(),
                expected.err(),
                "{call:?}\n{}",
                seen.line
            );
        }
        model.apply(call, seen.as_ref());
        let after = rig.versions().await;
        check_transitions(&before, &after);
        assert_eq!(after, model.versions(), "after {call:?}");
        before = after;
    }
}

/// The same requests, once without and once with a statement that denies `action` to `user`.
async fn deny_never_allows_more(sequence: &[Call], user: usize, action: &str) {
    let (free, bound) = (Rig::new(None), Rig::new(Some((user, action))));
    let mut model = Model::seeded(&free.versions().await);
    for call in sequence {
        let request = Rig::request(&model, call);
        let seen = free.send(&request).await;
        let seen_bound = bound.send(&request).await;
        model.apply(call, seen.as_ref());
        let (Some(seen), Some(seen_bound)) = (seen, seen_bound) else {
            continue;
        };
        check_ledger(&seen_bound);
        let denied = |seen: &Seen| seen.error.as_deref() == Some("AccessDeniedException");
        assert!(
            denied(&seen_bound) || !denied(&seen),
            "{call:?}: allowed by a deny"
        );
        if request.user == Some(user) && request.operation == action {
            assert!(denied(&seen_bound), "{call:?}: {}", seen_bound.line);
        }
    }
}

fn run(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(future);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_sequence_goes_as_the_model_says(sequence in calls()) {
        run(play(&sequence));
    }

    #[test]
    fn a_deny_never_allows_more(
        sequence in calls(),
        user in 0..rig::USERS,
        action in prop::sample::select(vec!["CopyProjectVersion", "DeleteProjectVersion"]),
    ) {
        run(deny_never_allows_more(&sequence, user, action));
    }
}
