//! The place that a copy takes in its destination project.

use crate::world::{World, promotion};
use domain::JobEvent;
use domain::job::CopyEvent;
use operations::jobs::{self, Advanced, StepRecord};
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
