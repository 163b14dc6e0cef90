//! Projects to be looked through for grants that a job left behind.

use crate::database::on_each;
use crate::samples::{at, project};
use store::policy_sweeps;

#[tokio::test]
async fn a_project_is_claimed_by_one_and_given_back() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        let inspector = project("111111111111", "inspector");
        policy_sweeps::ensure(&mut tx, &inspector, at(100))
            .await
            .unwrap();
        // Earlier wins, later does not put it off.
        policy_sweeps::ensure(&mut tx, &inspector, at(50))
            .await
            .unwrap();
        policy_sweeps::ensure(&mut tx, &inspector, at(90))
            .await
            .unwrap();
        assert_eq!(
            policy_sweeps::next_run(&mut tx).await.unwrap(),
            Some(at(50))
        );
        let early = policy_sweeps::claim(&mut tx, "a", at(49), at(80)).await;
        assert_eq!(early.unwrap(), None);
        let first = policy_sweeps::claim(&mut tx, "a", at(50), at(80)).await;
        let (first, row) = first.unwrap().unwrap();
        assert_eq!((row.project, row.intent), (inspector.clone(), None));
        let second = policy_sweeps::claim(&mut tx, "b", at(79), at(99)).await;
        assert_eq!(second.unwrap(), None, "the lease holds");
        policy_sweeps::intend(&mut tx, &first, Some("{}"), at(80))
            .await
            .unwrap();

        let second = policy_sweeps::claim(&mut tx, "b", at(80), at(99)).await;
        let (second, row) = second.unwrap().unwrap();
        assert_eq!(row.intent.as_deref(), Some("{}"), "its holder told nothing");
        assert!(!policy_sweeps::holds(&mut tx, &first).await.unwrap());
        assert!(policy_sweeps::holds(&mut tx, &second).await.unwrap());
        let lost = policy_sweeps::release(&mut tx, &first, at(9), None, None).await;
        assert!(lost.is_err());
        policy_sweeps::intend(&mut tx, &second, None, at(99))
            .await
            .unwrap();
        policy_sweeps::release(&mut tx, &second, at(500), Some(at(81)), None)
            .await
            .unwrap();
        let all = policy_sweeps::all(&mut tx).await.unwrap();
        assert_eq!(
            (all[0].next_run_at, all[0].swept_at),
            (at(500), Some(at(81)))
        );

        assert_eq!(policy_sweeps::hurry_all(&mut tx, at(82)).await.unwrap(), 1);
        let third = policy_sweeps::claim(&mut tx, "a", at(82), at(90)).await;
        let (third, _) = third.unwrap().unwrap();
        policy_sweeps::release(&mut tx, &third, at(600), None, Some("AWS did not answer."))
            .await
            .unwrap();
        let all = policy_sweeps::all(&mut tx).await.unwrap();
        assert_eq!(all[0].swept_at, Some(at(81)), "not to the end this time");
        assert_eq!(all[0].error.as_deref(), Some("AWS did not answer."));
        tx.commit().await.unwrap();
    })
    .await;
}
