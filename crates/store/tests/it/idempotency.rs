//! Requests that must act once.

use crate::database::on_each;
use crate::samples::at;
use serde_json::json;
use store::idempotency::{self, Remembered};
use store::{Constraint, StoreError};

#[tokio::test]
async fn a_key_keeps_its_first_result() {
    on_each(async |database| {
        let result = json!({ "proposal": "prp_1" });
        let mut tx = database.store.begin().await.unwrap();
        let found = idempotency::find(&mut tx, "promotions", "k").await.unwrap();
        assert_eq!(found, None);
        idempotency::remember(&mut tx, "promotions", "k", "hash", &result, at(5))
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut tx = database.store.begin().await.unwrap();
        let expected = Remembered {
            request_hash: "hash".to_owned(),
            result,
            at: at(5),
        };
        let found = idempotency::find(&mut tx, "promotions", "k").await.unwrap();
        assert_eq!(found, Some(expected));
        let other = idempotency::find(&mut tx, "policies", "k").await.unwrap();
        assert_eq!(other, None, "another scope, another key");
        let again =
            idempotency::remember(&mut tx, "promotions", "k", "other", &json!(1), at(6)).await;
        let taken = matches!(
            again,
            Err(StoreError::Constraint(Constraint::IdempotencyKey))
        );
        assert!(taken, "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn old_keys_are_forgotten() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        for (key, moment) in [("old", at(1)), ("new", at(2))] {
            idempotency::remember(&mut tx, "s", key, "h", &json!(null), moment)
                .await
                .unwrap();
        }
        let gone = idempotency::forget_before(&mut tx, at(2)).await.unwrap();
        assert_eq!(gone, 1);
        assert_eq!(idempotency::find(&mut tx, "s", "old").await.unwrap(), None);
        let kept = idempotency::find(&mut tx, "s", "new").await.unwrap();
        assert!(kept.is_some());
        tx.commit().await.unwrap();
    })
    .await;
}
