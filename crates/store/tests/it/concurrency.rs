//! Several writers at once, as two replicas have them.

use crate::database::{Database, on_each};
use crate::samples::{at, enqueue, entry, event, job_id, propose, registry};
use store::audit::{ChainVerdict, verify_chain};
use store::events::{self, Replay};
use store::{EventCursor, Store, jobs};
use tokio::task::JoinSet;

/// Two handles on the database, each used by `each` tasks.
async fn replicas(database: &Database, each: usize) -> Vec<Store> {
    let second = database.second_store().await;
    [database.store.clone(), second]
        .into_iter()
        .flat_map(|store| std::iter::repeat_n(store, each))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_on_two_replicas_get_numbers_without_gaps_and_one_chain() {
    const COMMITS: i64 = 10;
    on_each(async |database| {
        let stores = replicas(database, 3).await;
        let writers = i64::try_from(stores.len()).unwrap();
        let mut tasks = JoinSet::new();
        for store in &stores {
            let store = store.clone();
            tasks.spawn(async move {
                let mut heads = Vec::new();
                for n in 0..COMMITS {
                    let mut tx = store.begin().await.unwrap();
                    tx.audit(entry(n));
                    tx.emit(event(n));
                    tx.emit(event(n));
                    heads.push(tx.commit().await.unwrap().seq);
                }
                heads
            });
        }
        let mut heads: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
        heads.sort_unstable();
        let total = writers * COMMITS;
        assert_eq!(heads, (1..=total).map(|n| n * 2).collect::<Vec<_>>());

        let mut reader = database.store.read().await.unwrap();
        let start = EventCursor { epoch: 1, seq: 0 };
        let Replay::Events(rows) = events::after(&mut reader, start, 1000).await.unwrap() else {
            panic!("everything is kept");
        };
        let numbers: Vec<_> = rows.iter().map(|row| row.cursor.seq).collect();
        assert_eq!(numbers, (1..=total * 2).collect::<Vec<_>>());
        let verdict = verify_chain(&mut reader).await.unwrap();
        let whole = matches!(verdict, ChainVerdict::Whole { entries, .. } if entries == total);
        assert!(whole, "{verdict:?}");
        drop(reader);
        stores.last().unwrap().close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_claimants_each_job_has_one() {
    const JOBS: i64 = 6;
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        for n in 1..=JOBS {
            propose(&mut tx, n).await.unwrap();
            enqueue(&mut tx, n, &format!("v{n}")).await.unwrap();
        }
        tx.commit().await.unwrap();

        let stores = replicas(database, 3).await;
        let mut tasks = JoinSet::new();
        for (n, store) in stores.iter().cloned().enumerate() {
            tasks.spawn(async move {
                let mut claimed = Vec::new();
                for _ in 0..JOBS {
                    let mut tx = store.begin().await.unwrap();
                    let owner = format!("worker-{n}");
                    let found = jobs::claim(&mut tx, &owner, at(100), at(1000))
                        .await
                        .unwrap();
                    tx.commit().await.unwrap();
                    claimed.extend(found.map(|(claim, _)| (claim.job(), claim.number())));
                }
                claimed
            });
        }
        let mut claimed: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
        claimed.sort_unstable();
        let expected: Vec<_> = (1..=JOBS).map(|n| (job_id(n), 1)).collect();
        assert_eq!(claimed, expected);
        stores.last().unwrap().close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_claimants_of_one_job_have_one_winner() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        propose(&mut tx, 1).await.unwrap();
        enqueue(&mut tx, 1, "v7").await.unwrap();
        tx.commit().await.unwrap();
        let second = database.second_store().await;
        let claim = async |store: &Store, owner: &str, now: i64| {
            let mut tx = store.begin().await.unwrap();
            let found = jobs::claim(&mut tx, owner, at(now), at(now + 10))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            found.map(|(claim, _)| claim.number())
        };
        for round in 1..=20 {
            let now = round * 10;
            let (left, right) = tokio::join!(
                claim(&database.store, "worker-1", now),
                claim(&second, "worker-2", now)
            );
            let winners: Vec<_> = left.into_iter().chain(right).collect();
            assert_eq!(winners, [round], "each round has one winner");
        }
        second.close().await;
    })
    .await;
}
