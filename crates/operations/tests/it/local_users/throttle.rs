//! How often passwords may be tried.

use super::{BETTER, GOOD, nobody, person, sign_in, try_from, word};
use crate::world::World;
use domain::Role;
use operations::people::local::{self, LocalSignIn, LocalSignInForm};
use tokio::task::JoinSet;

const MINUTE_MS: i64 = 60_000;

/// Throws away what says nothing any more, as is done now and then.
async fn tidy_up(world: &World) -> u64 {
    let deleted = store::sign_in_throttle::delete_full(&world.cx.store, world.cx.now()).await;
    deleted.unwrap()
}

/// How many allowances are stored.
async fn rows(world: &World) -> u64 {
    // Far in the future all of them say nothing, so that this counts and empties the table.
    let later = world.cx.now().plus(365 * 24 * 60 * MINUTE_MS);
    let deleted = store::sign_in_throttle::delete_full(&world.cx.store, later).await;
    deleted.unwrap()
}

#[tokio::test]
async fn one_source_has_five_tries_of_an_account_and_then_one_in_five_minutes() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    // A name that nobody has is counted just the same.
    for account in ["requester", "nobody", "no such name at all"] {
        let mut went = Vec::new();
        for minute in 0..12 {
            for text in ["wrong", "wrong", "wrong", "wrong", "wrong", BETTER] {
                went.push(try_from(&world, account, text, "192.0.2.1").await);
            }
            world.clock.advance(MINUTE_MS);
            let looked_at = went.iter().filter(|word| *word == "refused").count();
            assert_eq!(looked_at, 5 + minute / 5, "{account} {went:?}");
        }
        assert_eq!(went[5], "300", "whole seconds to wait");
        world.clock.advance(60 * MINUTE_MS);
    }
}

#[tokio::test]
async fn the_right_password_waits_too_and_is_not_counted() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    for _ in 0..12 {
        assert_eq!(
            try_from(&world, "requester", GOOD, "192.0.2.1").await,
            "done"
        );
    }
    for _ in 0..5 {
        assert_eq!(
            try_from(&world, "requester", BETTER, "192.0.2.1").await,
            "refused"
        );
    }
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "300"
    );
    // Knocking does not make the wait longer.
    world.clock.advance(5 * MINUTE_MS - 1);
    assert_eq!(try_from(&world, "requester", GOOD, "192.0.2.1").await, "1");
    world.clock.advance(1);
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "done"
    );
}

#[tokio::test]
async fn many_sources_together_are_slow_and_a_known_browser_passes() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    person(&world, "viewer", &[Role::Viewer]).await;
    let LocalSignIn::Done(mine) = sign_in(&world, "requester", GOOD, None, "192.0.2.1").await
    else {
        panic!("the password is right");
    };
    let LocalSignIn::Done(other) = sign_in(&world, "viewer", GOOD, None, "192.0.2.1").await else {
        panic!("the password is right");
    };
    let mut looked_at = 0;
    for source in 0..40 {
        let address = format!("2001:db8:{source}::1");
        let went = try_from(&world, "requester", "wrong", &address).await;
        looked_at += i32::from(went == "refused");
    }
    assert_eq!(looked_at, 20);
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.50").await,
        "1800"
    );
    assert_eq!(try_from(&world, "viewer", GOOD, "192.0.2.50").await, "done");

    // A browser passes as its owner only, and has tries of its own to lose.
    let (mine, other) = (mine.device.reveal(), other.device.reveal());
    let try_known = async |text: &str, known: &str| {
        word(&sign_in(&world, "requester", text, Some(known), "192.0.2.50").await)
    };
    assert_eq!(try_known(GOOD, other).await, "1800");
    assert_eq!(try_known(GOOD, &"0".repeat(64)).await, "1800");
    assert_eq!(try_known(GOOD, mine).await, "done");
    for _ in 0..5 {
        assert_eq!(try_known("wrong", mine).await, "refused");
    }
    assert_eq!(try_known(GOOD, mine).await, "300");
}

#[tokio::test]
async fn an_ipv6_customer_is_one_source() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    for host in 1..=5 {
        let address = format!("2001:db8:1:2::{host}");
        assert_eq!(
            try_from(&world, "requester", "wrong", &address).await,
            "refused"
        );
    }
    assert_eq!(
        try_from(&world, "requester", GOOD, "2001:db8:1:2:3::9").await,
        "300"
    );
    assert_eq!(
        try_from(&world, "requester", GOOD, "2001:db8:1:3::9").await,
        "done"
    );
}

#[tokio::test]
async fn spraying_names_gives_no_try_back_and_stores_little() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    rows(&world).await;
    let mut looked_at = 0;
    for round in 0..10 {
        let went = try_from(&world, "requester", "wrong", "192.0.2.1").await;
        looked_at += i32::from(went == "refused");
        for n in 0..500 {
            let name = format!("name-{}", round * 500 + n);
            let went = try_from(&world, &name, "wrong", "192.0.2.1").await;
            looked_at += i32::from(went == "refused" && name == "requester");
        }
        tidy_up(&world).await;
    }
    assert_eq!(looked_at, 5, "of ten tries");
    // The source, and for each of 20 names the account and the pair: 5,000 names store no more.
    assert_eq!(rows(&world).await, 1 + 20 * 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_tries_gain_nothing() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    let mut tries = JoinSet::new();
    for _ in 0..12 {
        let cx = nobody(&world);
        tries.spawn(async move {
            let form = LocalSignInForm {
                account_name: "requester".to_owned(),
                password: super::password("wrong"),
            };
            let device = super::from("192.0.2.1");
            word(&local::sign_in(&cx, form, None, &device).await.unwrap())
        });
    }
    let went = tries.join_all().await;
    let looked_at = went.iter().filter(|word| *word == "refused").count();
    assert_eq!(looked_at, 5, "{went:?}");
}

#[tokio::test]
async fn what_says_nothing_any_more_is_thrown_away() {
    let world = World::empty().await;
    for account in ["a", "b"] {
        assert_eq!(
            try_from(&world, account, "wrong", "192.0.2.1").await,
            "refused"
        );
    }
    assert_eq!(tidy_up(&world).await, 0);
    world.clock.advance(5 * MINUTE_MS);
    assert_eq!(tidy_up(&world).await, 2, "both pairs");
    world.clock.advance(25 * MINUTE_MS);
    assert_eq!(tidy_up(&world).await, 3, "both accounts and the source");
}
