//! The place that a copy takes in its destination project.

use crate::world::{World, promotion};
use domain::job::CopyEvent;
use domain::{Failure, FailureCode, JobEvent, Step};
use operations::jobs::{self, Advanced, Held, PutOff, StepRecord};
use operations::promotions::{self, PromotionForm};

/// Both have looked whether it is their turn before either took the one place.
#[tokio::test]
async fn a_place_in_the_project_is_taken_by_one_job() {
    let world = World::new(0).await;
    let cx = world.engine();
    for name in ["a", "b"] {
        let form = PromotionForm {
            version_name: name.to_owned(),
            ..promotion()
        };
        promotions::propose(&world.cx, &form).await.unwrap();
    }
    let claimed = jobs::claim(&cx, "worker", 60_000, 8).await.unwrap();
    assert_eq!(claimed.len(), 2);
    let passed = || JobEvent::Copy(CopyEvent::CheckPassed);
    let mut begun = Vec::new();
    for job in claimed {
        let record = StepRecord::default();
        let advanced = jobs::advance(&cx, &job.claim, passed(), record, true).await;
        begun.push(matches!(advanced.unwrap(), Advanced::Done(_)));
    }
    assert_eq!(begun, [true, false]);
}

/// The first in the queue leaves it without having had a place, or is held by something else.
#[tokio::test]
async fn whoever_is_next_looks_again_when_the_first_goes_or_is_held() {
    for held in [false, true] {
        let world = World::new(0).await;
        let cx = world.engine();
        for name in ["a", "b"] {
            let form = PromotionForm {
                version_name: name.to_owned(),
                ..promotion()
            };
            promotions::propose(&world.cx, &form).await.unwrap();
        }
        let mut claimed = jobs::claim(&cx, "worker", 60_000, 8).await.unwrap();
        let second = claimed.pop().unwrap();
        let first = claimed.pop().unwrap();
        let later = PutOff {
            after_ms: 30_000,
            ..PutOff::default()
        };
        let put_off = jobs::put_off(&cx, &second.claim, later.clone()).await;
        assert_eq!(put_off.unwrap(), Held::Yes);
        let failure = Failure::new(FailureCode::AwsUnreachable, Step::Check);
        if held {
            let later = PutOff {
                cause: Some(failure),
                ..later
            };
            let put_off = jobs::put_off(&cx, &first.claim, later).await;
            assert_eq!(put_off.unwrap(), Held::Yes);
        } else {
            let failed = JobEvent::Copy(CopyEvent::CheckFailed(failure));
            let record = StepRecord::default();
            let advanced = jobs::advance(&cx, &first.claim, failed, record, false).await;
            assert!(matches!(advanced.unwrap(), Advanced::Done(_)));
        }
        let due = jobs::claim(&cx, "worker", 60_000, 8).await.unwrap();
        let due: Vec<_> = due.iter().map(|job| job.number).collect();
        assert_eq!(due, [second.number], "held: {held}");
    }
}
