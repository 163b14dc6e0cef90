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
        CopyEvent::CopyCompleted,
        CopyEvent::CopyFailed(failure()),
        CopyEvent::Verified,
        CopyEvent::VerifyFailed(failure()),
        CopyEvent::Revoked,
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
        let mut granted = false;
        let mut revoked = false;
        let mut intended = false;
        let mut accepted = 0;
        for event in walk {
            let terminal = state.is_terminal();
            let Ok(next) = state.clone().apply(event.clone()) else { continue };
            prop_assert!(!terminal, "{state:?} left by {event:?}");
            prop_assert_eq!(next.kind(), kind);
            prop_assert_eq!(next.step().is_none(), next.is_terminal());
            granted |= next.word() == JobWord::Granting;
            match &event {
                JobEvent::Copy(CopyEvent::Revoked) => revoked = true,
                JobEvent::Copy(CopyEvent::CopyIntended { .. }) => {
                    prop_assert_eq!(accepted, 0, "a second copy after one was accepted");
                    intended = true;
                }
                JobEvent::Copy(CopyEvent::CopyAccepted { .. }) => {
                    prop_assert!(intended, "accepted without an intent");
                    accepted += 1;
                }
                _ => {}
            }
            if next.is_terminal() {
                prop_assert!(!granted || revoked, "ended with a grant: {next:?}");
            }
            if next.word() == JobWord::Succeeded && kind == JobKind::Copy {
                prop_assert_eq!(accepted, 1);
            }
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
        CopyEvent::CopyCompleted,
        CopyEvent::CopyFailed(failure()),
        CopyEvent::Verified,
        CopyEvent::VerifyFailed(failure()),
        CopyEvent::Revoked,
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
            "granted: Copying, grant failed: Revoking",
        ),
        (
            copying(CopyCall::NotSent),
            "copy intended: Copying, copy refused: Revoking",
        ),
        (
            copying(CopyCall::Intended { at }),
            "copy intended: Copying, copy accepted: Copying, copy put off: Copying, \
             copy refused: Revoking, copy unclear: Needs operator",
        ),
        (
            copying(CopyCall::Accepted {
                version: version.clone(),
            }),
            "copy completed: Verifying, copy failed: Revoking",
        ),
        (
            CopyState::NeedsOperator {
                failure: failure(),
                intended: at,
            },
            "copy accepted: Copying",
        ),
        (
            CopyState::Verifying {
                version: version.clone(),
            },
            "verified: Revoking, verify failed: Revoking",
        ),
        (CopyState::Revoking { ending }, "revoked: Failed"),
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
