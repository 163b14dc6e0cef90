//! Projects to be looked through for grants that a job left behind.

use crate::database::on_each;
use crate::samples::{at, project};
use domain::{AccountNumber, ProjectArn};
use store::policy_sweeps::strays::{self, Stray};
use store::policy_sweeps::{self, Unseen};
use store::projects::{self, ProjectRow};

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

fn unseen(project: &ProjectArn, error: Option<&str>) -> Unseen {
    Unseen {
        project: project.clone(),
        error: error.map(str::to_owned),
    }
}

#[tokio::test]
async fn after_a_restart_every_known_project_is_unseen_until_it_was_swept() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        let known = project("111111111111", "inspector");
        let granted = project("111111111111", "sorter");
        let number: AccountNumber = "111111111111".parse().unwrap();
        let row = ProjectRow {
            arn: known.clone(),
            status: "CREATED".to_owned(),
            created: None,
            seen_at: at(1),
        };
        projects::replace(&mut tx, &number, known.region(), &[row])
            .await
            .unwrap();
        policy_sweeps::ensure(&mut tx, &granted, at(10))
            .await
            .unwrap();
        let before = policy_sweeps::claim(&mut tx, "a", at(10), at(99)).await;
        let (before, _) = before.unwrap().unwrap();
        assert!(policy_sweeps::lacks_some(&mut tx).await.unwrap());
        let all = [unseen(&known, None), unseen(&granted, None)];
        assert_eq!(policy_sweeps::unseen(&mut tx).await.unwrap(), all);

        policy_sweeps::restart_all(&mut tx, at(20)).await.unwrap();
        assert!(!policy_sweeps::lacks_some(&mut tx).await.unwrap());
        assert!(!policy_sweeps::holds(&mut tx, &before).await.unwrap());
        assert_eq!(policy_sweeps::unseen(&mut tx).await.unwrap(), all);
        for error in [None, Some("AWS did not answer.")] {
            let claimed = policy_sweeps::claim(&mut tx, "b", at(20), at(99)).await;
            let (claim, _) = claimed.unwrap().unwrap();
            let swept_at = error.is_none().then_some(at(21));
            policy_sweeps::release(&mut tx, &claim, at(500), swept_at, error)
                .await
                .unwrap();
        }
        let left = [unseen(&granted, Some("AWS did not answer."))];
        assert_eq!(policy_sweeps::unseen(&mut tx).await.unwrap(), left);
        policy_sweeps::restart_all(&mut tx, at(30)).await.unwrap();
        assert_eq!(policy_sweeps::unseen(&mut tx).await.unwrap(), all);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn strays_are_kept_as_they_were_seen_last() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        let inspector = project("111111111111", "inspector");
        let stray = |sid: &str, moment: i64| Stray {
            project: inspector.clone(),
            sid: sid.to_owned(),
            policy: "customhouse-abcdefghij".parse().unwrap(),
            ends_at: (sid == "ChA").then(|| at(900)),
            first_seen_at: at(moment),
        };
        let seen = [stray("ChA", 1), stray("ChB", 1)];
        strays::replace(&mut tx, &inspector, &seen).await.unwrap();
        let other = project("111111111111", "sorter");
        strays::replace(&mut tx, &other, &[]).await.unwrap();
        assert_eq!(strays::all(&mut tx).await.unwrap(), seen);
        let later = [stray("ChB", 2), stray("ChC", 2)];
        strays::replace(&mut tx, &inspector, &later).await.unwrap();
        let expected = [stray("ChB", 1), stray("ChC", 2)];
        assert_eq!(strays::all(&mut tx).await.unwrap(), expected);
        strays::replace(&mut tx, &inspector, &[]).await.unwrap();
        assert_eq!(strays::all(&mut tx).await.unwrap(), []);
        tx.commit().await.unwrap();
    })
    .await;
}
