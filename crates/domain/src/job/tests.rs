use super::*;
use crate::arn::ProjectVersionArn;
use crate::clock::Millis;
use crate::failure::FailureCode;
use proptest::prelude::*;

fn version() -> ProjectVersionArn {
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v7/1"
        .parse()
        .unwrap()
}

fn failure() -> Failure {
    Failure::new(FailureCode::AwsRefused, Step::Copy)
}

fn events() -> impl Strategy<Value = JobEvent> {
    let copy = [
        CopyEvent::CheckPassed,
        CopyEvent::CheckFailed(failure()),
        CopyEvent::Granted,
        CopyEvent::GrantFailed(failure()),
        CopyEvent::CopyIntended { at: Millis::new(1) },
        CopyEvent::CopyAccepted { version: version() },
        CopyEvent::CopyPutOff,
        CopyEvent::CopyRefused(failure()),
        CopyEvent::CopyUnclear(failure()),
        CopyEvent::CopyForeign(failure()),
        CopyEvent::CopyAdopted { version: version() },
        CopyEvent::GivenUp {
            failure: failure(),
            version: Some(version()),
        },
        CopyEvent::CopyNotSeen,
        CopyEvent::CopyCompleted,
        CopyEvent::CopyFailed(failure()),
        CopyEvent::Verified,
        CopyEvent::VerifyFailed(failure()),
        CopyEvent::Revoked,
        CopyEvent::Paused,
        CopyEvent::Stopped,
    ];
    let policy = [
        PolicyEvent::CheckPassed,
        PolicyEvent::CheckFailed(failure()),
        PolicyEvent::Applied,
        PolicyEvent::ApplyFailed(failure()),
        PolicyEvent::Verified,
        PolicyEvent::VerifyFailed(failure()),
        PolicyEvent::Stopped,
    ];
    let all = copy
        .into_iter()
        .map(JobEvent::Copy)
        .chain(policy.into_iter().map(JobEvent::Policy));
    proptest::sample::select(all.collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn random_walks_keep_the_rules(
        kind in proptest::sample::select(vec![JobKind::Copy, JobKind::Policy]),
        walk in proptest::collection::vec(events(), 0..400),
    ) {
        let mut state = kind.start();
        for event in walk {
            let terminal = state.is_terminal();
            let Ok(next) = state.clone().apply(event.clone()) else { continue };
            prop_assert!(!terminal, "{state:?} left by {event:?}");
            prop_assert_eq!(next.kind(), kind);
            prop_assert_eq!(next.step().is_none(), next.is_terminal());
            prop_assert!(!(next.is_terminal() && next.holds_place()), "{next:?}");
            let json = serde_json::to_string(&next).unwrap();
            prop_assert_eq!(&serde_json::from_str::<JobState>(&json).unwrap(), &next);
            state = next;
        }
    }
}

fn copying(call: CopyCall) -> CopyState {
    CopyState::Copying { call }
}

#[test]
fn a_copy_sent_again_keeps_its_first_intent() {
    let first = CopyCall::Intended { at: Millis::new(1) };
    let again = CopyEvent::CopyIntended { at: Millis::new(9) };
    assert_eq!(
        copying(first.clone()).apply(again.clone()),
        Ok(copying(first.clone()))
    );
    let put_off = copying(first).apply(CopyEvent::CopyPutOff).unwrap();
    assert_eq!(
        put_off.apply(again),
        Ok(copying(CopyCall::Intended { at: Millis::new(9) }))
    );
}

/// Every state of a copy job with the events that lead out of it; all others are refused.
#[test]
fn these_events_and_no_others_move_a_copy_job() {
    let (at, version) = (Millis::new(1), version());
    let events = [
        CopyEvent::CheckPassed,
        CopyEvent::CheckFailed(failure()),
        CopyEvent::Granted,
        CopyEvent::GrantFailed(failure()),
        CopyEvent::CopyIntended { at },
        CopyEvent::CopyAccepted {
            version: version.clone(),
        },
        CopyEvent::CopyPutOff,
        CopyEvent::CopyRefused(failure()),
        CopyEvent::CopyUnclear(failure()),
        CopyEvent::CopyForeign(failure()),
        CopyEvent::CopyAdopted {
            version: version.clone(),
        },
        CopyEvent::GivenUp {
            failure: failure(),
            version: None,
        },
        CopyEvent::CopyNotSeen,
        CopyEvent::CopyCompleted,
        CopyEvent::CopyFailed(failure()),
        CopyEvent::Verified,
        CopyEvent::VerifyFailed(failure()),
        CopyEvent::Revoked,
        CopyEvent::Paused,
        CopyEvent::Stopped,
    ];
    let ending = Ending::Failed {
        failure: failure(),
        version: None,
    };
    for (state, ways) in [
        (
            CopyState::Queued,
            "check passed: Granting, check failed: Failed, stopped: Stopped",
        ),
        (
            CopyState::Granting,
            "granted: Copying, grant failed: Revoking, paused: Revoking, stopped: Revoking",
        ),
        (
            copying(CopyCall::NotSent),
            "copy intended: Copying, copy refused: Revoking, paused: Revoking, stopped: Revoking",
        ),
        (
            copying(CopyCall::Intended { at }),
            "copy intended: Copying, copy accepted: Copying, copy put off: Copying, \
             copy refused: Revoking, copy unclear: Needs operator, copy foreign: Revoking, \
             stopped: Revoking",
        ),
        (
            copying(CopyCall::Accepted {
                version: version.clone(),
            }),
            "copy completed: Verifying, copy failed: Revoking, stopped: Revoking",
        ),
        (
            CopyState::NeedsOperator {
                failure: failure(),
                intended: at,
                granted: true,
            },
            "copy intended: Copying, copy accepted: Copying, copy foreign: Revoking, \
             copy adopted: Copying, given up: Revoking",
        ),
        (
            CopyState::NeedsOperator {
                failure: failure(),
                intended: at,
                granted: false,
            },
            "copy accepted: Copying, copy adopted: Copying, given up: Revoking",
        ),
        (
            CopyState::Stopping {
                copy: SentCopy::InDoubt { at },
            },
            "copy accepted: Copying, copy not seen: Stopped",
        ),
        (
            CopyState::Stopping {
                copy: SentCopy::Accepted {
                    version: version.clone(),
                },
            },
            "copy completed: Stopped, copy failed: Stopped",
        ),
        (
            CopyState::Verifying {
                version: version.clone(),
            },
            "verified: Revoking, verify failed: Revoking, stopped: Revoking",
        ),
        (CopyState::Revoking { ending }, "revoked: Failed"),
        (
            CopyState::Revoking {
                ending: Ending::Queued,
            },
            "revoked: Queued, stopped: Revoking",
        ),
        (
            CopyState::Succeeded {
                version: version.clone(),
            },
            "",
        ),
        (
            CopyState::Failed {
                failure: failure(),
                version: None,
            },
            "",
        ),
        (CopyState::Stopped { version: None }, ""),
    ] {
        let found: Vec<String> = events
            .iter()
            .filter_map(|event| {
                let next = state.clone().apply(event.clone()).ok()?;
                Some(format!("{}: {}", event.name(), next.word().as_str()))
            })
            .collect();
        assert_eq!(found.join(", "), ways, "{state:?}");
    }
}

#[test]
fn the_way_of_a_good_copy() {
    let words: Vec<_> = [
        CopyEvent::CheckPassed,
        CopyEvent::Granted,
        CopyEvent::CopyIntended { at: Millis::new(1) },
        CopyEvent::CopyAccepted { version: version() },
        CopyEvent::CopyCompleted,
        CopyEvent::Verified,
        CopyEvent::Revoked,
    ]
    .into_iter()
    .scan(JobKind::Copy.start(), |state, event| {
        *state = state.clone().apply(JobEvent::Copy(event)).unwrap();
        Some(state.word().as_str())
    })
    .collect();
    assert_eq!(
        words,
        [
            "Granting",
            "Copying",
            "Copying",
            "Copying",
            "Verifying",
            "Revoking",
            "Succeeded"
        ]
    );
}

#[test]
fn a_row_from_before_grants_were_removed_while_waiting_reads_as_granted() {
    let failure = serde_json::to_value(failure()).unwrap();
    let old = serde_json::json!({"state": "needs_operator", "failure": failure, "intended": 1});
    let state: CopyState = serde_json::from_value(old).unwrap();
    assert!(state.holds_place(), "{state:?}");
}

#[test]
fn a_policy_job_is_stopped_until_its_change_stands() {
    for (state, stops) in [
        (PolicyState::Queued, true),
        (PolicyState::Applying, true),
        (PolicyState::Verifying, false),
        (PolicyState::Succeeded, false),
    ] {
        assert_eq!(state.can_stop(), stops, "{state:?}");
        assert_eq!(state.apply(PolicyEvent::Stopped).is_ok(), stops);
    }
}
