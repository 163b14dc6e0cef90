//! Allowances of tries.

use crate::database::{block_on_each, on_each};
use crate::samples::at;
use domain::Millis;
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::sign_in_throttle::{Allowance, Rate, delete_full, give_back, standing, take};
use tokio::task::JoinSet;

const PAIR: Rate = Rate {
    at_once: 3,
    every_ms: 100,
};
const ACCOUNT: Rate = Rate {
    at_once: 5,
    every_ms: 1_000,
};

fn pair(key: &str) -> Allowance {
    Allowance {
        kind: "pair",
        key: key.to_owned(),
        rate: PAIR,
    }
}

fn account(key: &str) -> Allowance {
    Allowance {
        kind: "account",
        key: key.to_owned(),
        rate: ACCOUNT,
    }
}

#[tokio::test]
async fn so_many_at_once_and_one_more_after_each_interval() {
    on_each(async |database| {
        let store = &database.store;
        let allowances = [pair("a")];
        for _ in 0..3 {
            assert_eq!(take(store, &allowances, at(0)).await.unwrap(), 0);
        }
        assert_eq!(take(store, &allowances, at(0)).await.unwrap(), 100);
        assert_eq!(take(store, &allowances, at(99)).await.unwrap(), 1);
        assert_eq!(take(store, &allowances, at(100)).await.unwrap(), 0);
        assert_eq!(take(store, &allowances, at(100)).await.unwrap(), 100);
        let other = [pair("b")];
        assert_eq!(take(store, &other, at(100)).await.unwrap(), 0);
        // After a long rest it is three again and not more.
        for _ in 0..3 {
            assert_eq!(take(store, &allowances, at(10_000)).await.unwrap(), 0);
        }
        assert_eq!(take(store, &allowances, at(10_000)).await.unwrap(), 100);
    })
    .await;
}

#[tokio::test]
async fn a_try_that_one_allowance_refuses_takes_nothing_of_the_others() {
    on_each(async |database| {
        let store = &database.store;
        for source in ["1", "2", "3", "4", "5"] {
            let both = [account("a"), pair(source)];
            assert_eq!(take(store, &both, at(0)).await.unwrap(), 0);
        }
        let both = [pair("6"), account("a")];
        assert_eq!(take(store, &both, at(0)).await.unwrap(), 1_000);
        let mut reader = store.read().await.unwrap();
        assert!(!standing(&mut reader, &pair("6"), at(0)).await.unwrap().used);
        let left = standing(&mut reader, &account("a"), at(0)).await.unwrap();
        assert_eq!((left.used, left.wait_ms), (true, 1_000));
    })
    .await;
}

#[tokio::test]
async fn rows_go_only_when_they_say_nothing_any_more() {
    on_each(async |database| {
        let store = &database.store;
        for _ in 0..3 {
            take(store, &[pair("a")], at(0)).await.unwrap();
        }
        assert_eq!(delete_full(store, at(299)).await.unwrap(), 0);
        assert_eq!(take(store, &[pair("a")], at(299)).await.unwrap(), 0);
        assert_eq!(delete_full(store, at(399)).await.unwrap(), 0);
        assert_eq!(delete_full(store, at(400)).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_tries_on_two_replicas_gain_nothing() {
    on_each(async |database| {
        let second = database.second_store().await;
        let mut tasks = JoinSet::new();
        for n in 0..24 {
            let store = if n % 2 == 0 { &database.store } else { &second };
            let store = store.clone();
            tasks.spawn(async move {
                let both = [account("a"), pair("a")];
                take(&store, &both, at(0)).await.unwrap()
            });
        }
        let waits = tasks.join_all().await;
        assert_eq!(waits.iter().filter(|wait| **wait == 0).count(), 3);
        second.close().await;
    })
    .await;
}

/// What happens to one of a few allowances.
#[derive(Clone, Debug)]
enum Act {
    Try(u8),
    GiveBack(u8),
    Pass(i64),
    TidyUp,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..3_u8).prop_map(Act::Try),
        1 => (0..3_u8).prop_map(Act::GiveBack),
        3 => (1..250_i64).prop_map(Act::Pass),
        1 => Just(Act::TidyUp),
    ]
}

/// The naive model: a bucket that fills drop by drop, and no arithmetic with moments.
#[derive(Default)]
struct Bucket {
    /// Thousandths of tries that are used.
    used: i64,
}

impl Bucket {
    fn pass(&mut self, milliseconds: i64) {
        for _ in 0..milliseconds {
            self.used = (self.used - 1_000 / PAIR.every_ms).max(0);
        }
    }

    fn allows(&self) -> bool {
        self.used + 1_000 <= PAIR.at_once * 1_000
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn it_allows_what_a_leaking_bucket_allows(acts in proptest::collection::vec(act(), 1..60)) {
        block_on_each(async |database| {
            let store = &database.store;
            let mut now: Millis = at(0);
            let mut model: BTreeMap<u8, Bucket> = BTreeMap::new();
            // Only a try that was taken can be given back.
            let mut taken: BTreeMap<u8, u32> = BTreeMap::new();
            for act in &acts {
                match act {
                    Act::Try(key) => {
                        let bucket = model.entry(*key).or_default();
                        let wait = take(store, &[pair(&key.to_string())], now).await.unwrap();
                        assert_eq!(wait == 0, bucket.allows(), "{acts:?}");
                        if wait == 0 {
                            bucket.used += 1_000;
                            *taken.entry(*key).or_default() += 1;
                        }
                    }
                    Act::GiveBack(key) => {
                        if let Some(count) = taken.get_mut(key).filter(|count| **count > 0) {
                            *count -= 1;
                            give_back(store, &[pair(&key.to_string())]).await.unwrap();
                            let bucket = model.entry(*key).or_default();
                            bucket.used = (bucket.used - 1_000).max(0);
                        }
                    }
                    Act::Pass(milliseconds) => {
                        now = now.plus(*milliseconds);
                        for bucket in model.values_mut() {
                            bucket.pass(*milliseconds);
                        }
                    }
                    Act::TidyUp => {
                        delete_full(store, now).await.unwrap();
                    }
                }
            }
        });
    }
}
