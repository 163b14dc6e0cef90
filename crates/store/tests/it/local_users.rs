//! Passwords, one-time links and known devices.

use crate::database::on_each;
use crate::samples::{Fixed, at};
use domain::PersonId;
use store::known_devices::{self, PER_PERSON};
use store::local_credentials;
use store::setup_links::{self, LinkFor};
use tokio::task::JoinSet;

fn person(n: u8) -> PersonId {
    PersonId::generate(at(0), &Fixed(n))
}

#[tokio::test]
async fn a_password_is_set_changed_and_rehashed_only_if_it_is_the_same() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        let found = local_credentials::find(&mut tx, person(1)).await.unwrap();
        assert_eq!(found, None);
        for (hash, moment) in [("one", 1), ("two", 2)] {
            local_credentials::set(&mut tx, person(1), hash, at(moment))
                .await
                .unwrap();
        }
        local_credentials::set(&mut tx, person(2), "other", at(3))
            .await
            .unwrap();
        for (from, expected) in [("one", "two"), ("two", "dearer")] {
            local_credentials::rehash(&mut tx, person(1), from, "dearer")
                .await
                .unwrap();
            let found = local_credentials::find(&mut tx, person(1)).await.unwrap();
            let found = found.unwrap();
            assert_eq!(found.password_hash, expected);
            assert_eq!(found.changed_at, at(2), "the password is the same");
            assert!(!format!("{found:?}").contains(expected));
        }
        let other = local_credentials::find(&mut tx, person(2)).await.unwrap();
        assert_eq!(other.unwrap().password_hash, "other");
    })
    .await;
}

#[tokio::test]
async fn a_link_is_used_once_and_not_after_its_time() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        let links = [
            ("a", LinkFor::NewAdministrator),
            ("b", LinkFor::PasswordOf(person(1))),
            ("c", LinkFor::PasswordOf(person(2))),
        ];
        for (hash, link) in links {
            setup_links::insert(&mut tx, hash, link, at(100))
                .await
                .unwrap();
        }
        for (hash, link) in links {
            let found = setup_links::find(&mut tx, hash, at(99)).await.unwrap();
            assert_eq!(found, Some(link));
            assert_eq!(
                setup_links::find(&mut tx, hash, at(100)).await.unwrap(),
                None
            );
            assert_eq!(
                setup_links::take(&mut tx, hash, at(100)).await.unwrap(),
                None
            );
        }
        let taken = setup_links::take(&mut tx, "a", at(99)).await.unwrap();
        assert_eq!(taken, Some(LinkFor::NewAdministrator));
        assert_eq!(setup_links::take(&mut tx, "a", at(99)).await.unwrap(), None);
        setup_links::delete_all(&mut tx, links[1].1).await.unwrap();
        assert_eq!(setup_links::find(&mut tx, "b", at(0)).await.unwrap(), None);
        assert!(
            setup_links::find(&mut tx, "c", at(0))
                .await
                .unwrap()
                .is_some()
        );
        assert_eq!(
            setup_links::delete_expired(&mut tx, at(99)).await.unwrap(),
            0
        );
        assert_eq!(
            setup_links::delete_expired(&mut tx, at(100)).await.unwrap(),
            1
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_one_link_one_wins() {
    on_each(async |database| {
        let second = database.second_store().await;
        let mut tx = database.store.begin().await.unwrap();
        setup_links::insert(&mut tx, "a", LinkFor::NewAdministrator, at(100))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tasks = JoinSet::new();
        for n in 0..16 {
            let store = if n % 2 == 0 { &database.store } else { &second };
            let store = store.clone();
            tasks.spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let taken = setup_links::take(&mut tx, "a", at(0)).await.unwrap();
                tx.commit().await.unwrap();
                taken
            });
        }
        let won = tasks.join_all().await.into_iter().flatten().count();
        assert_eq!(won, 1);
        second.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_device_is_known_for_one_person_and_a_while() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        known_devices::remember(&mut tx, "d", person(1), at(10))
            .await
            .unwrap();
        // Nobody takes over another's device.
        known_devices::remember(&mut tx, "d", person(2), at(90))
            .await
            .unwrap();
        let find = known_devices::find(&mut tx, "d", at(9)).await.unwrap();
        assert_eq!(find, Some(person(1)));
        assert_eq!(
            known_devices::find(&mut tx, "d", at(10)).await.unwrap(),
            None
        );
        known_devices::remember(&mut tx, "d", person(1), at(50))
            .await
            .unwrap();
        let find = known_devices::find(&mut tx, "d", at(49)).await.unwrap();
        assert_eq!(find, Some(person(1)));

        for n in 1..=PER_PERSON {
            known_devices::remember(&mut tx, &format!("d{n:02}"), person(1), at(100 + n))
                .await
                .unwrap();
        }
        assert_eq!(
            known_devices::find(&mut tx, "d", at(0)).await.unwrap(),
            None
        );
        let oldest = known_devices::find(&mut tx, "d01", at(0)).await.unwrap();
        assert_eq!(oldest, Some(person(1)), "there is room for it");

        let forgotten = known_devices::forget(&mut tx, person(1), Some("d02")).await;
        assert_eq!(forgotten.unwrap(), u64::try_from(PER_PERSON - 1).unwrap());
        assert_eq!(
            known_devices::find(&mut tx, "d01", at(0)).await.unwrap(),
            None
        );
        let kept = known_devices::find(&mut tx, "d02", at(0)).await.unwrap();
        assert_eq!(kept, Some(person(1)));
        assert_eq!(
            known_devices::forget(&mut tx, person(1), None)
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            known_devices::delete_expired(&mut tx, at(200))
                .await
                .unwrap(),
            0
        );
    })
    .await;
}
