//! The same request sent twice.

use crate::world::{World, promotion};
use domain::ProposalWord;
use operations::promotions::{self, PromotionForm};
use operations::{ConflictCode, OpError, PageRequest, policies};

fn keyed(key: &str) -> PromotionForm {
    PromotionForm {
        form_id: key.to_owned(),
        ..promotion()
    }
}

#[tokio::test]
async fn the_second_sending_gives_what_the_first_gave_and_writes_nothing() {
    let world = World::new(0).await;
    let first = promotions::propose(&world.cx, &keyed("k")).await.unwrap();
    assert!(!first.replayed);
    let before = world.written().await;
    let second = promotions::propose(&world.cx, &keyed("k")).await.unwrap();
    assert!(second.replayed);
    assert_eq!(second.proposal, first.proposal);
    assert_eq!(second.job, first.job);
    assert_eq!(world.written().await, before);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_a_conflict() {
    let world = World::new(1).await;
    promotions::propose(&world.cx, &keyed("k")).await.unwrap();
    let other = PromotionForm {
        reason: "another".to_owned(),
        ..keyed("k")
    };
    let result = promotions::propose(&world.cx, &other).await;
    let code = ConflictCode::IdempotencyMismatch;
    assert!(matches!(result, Err(OpError::Conflict { code: found }) if found == code));
    promotions::propose(&world.cx, &keyed("l")).await.unwrap();
}

#[tokio::test]
async fn without_a_key_each_sending_acts() {
    let world = World::new(1).await;
    for _ in 0..2 {
        let proposed = promotions::propose(&world.cx, &promotion()).await.unwrap();
        assert!(!proposed.replayed);
    }
    let page = promotions::list(&world.cx, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(page.items.len(), 2);
}

#[tokio::test]
async fn a_refused_form_does_not_use_up_its_key() {
    let world = World::new(0).await;
    let bad = PromotionForm {
        bucket: String::new(),
        ..keyed("k")
    };
    let result = promotions::propose(&world.cx, &bad).await;
    assert!(matches!(result, Err(OpError::Invalid(_))));
    let good = promotions::propose(&world.cx, &keyed("k")).await.unwrap();
    assert!(!good.replayed);
}

#[tokio::test]
async fn of_many_at_the_same_moment_one_acts() {
    let world = World::new(0).await;
    let form = keyed("k");
    let all =
        futures::future::join_all((0..8).map(|_| promotions::propose(&world.cx, &form))).await;
    let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    assert_eq!(all.iter().filter(|proposed| !proposed.replayed).count(), 1);
    assert!(
        all.iter()
            .all(|each| each.proposal.id == all[0].proposal.id)
    );
    assert_eq!(all[0].proposal.word, ProposalWord::Approved);
    let page = promotions::list(&world.cx, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn a_key_of_one_use_case_is_free_in_another() {
    let world = World::new(0).await;
    promotions::propose(&world.cx, &keyed("k")).await.unwrap();
    let form = crate::policies::attach("standing", "k");
    let proposed = policies::propose_attach(&world.cx, &form).await.unwrap();
    assert!(!proposed.replayed);
    assert!(
        policies::propose_attach(&world.cx, &form)
            .await
            .unwrap()
            .replayed
    );
}
