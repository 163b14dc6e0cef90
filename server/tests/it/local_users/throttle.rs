//! The throttle, counted from outside: a password that was looked at is answered with 401 when it
//! was wrong, one that was not with 429.

use super::browser::{Answer, Browser};
use super::{BETTER, GOOD, administrator, credentials, place};
use crate::support::Program;
use tokio::task::JoinSet;

async fn try_at(program: &Program, account: &str, password: &str) -> Answer {
    let mut browser = Browser::at(program);
    browser
        .post("/api/sign-in/local", &credentials(account, password))
        .await
}

/// An in-memory counter would begin anew with each process (CVE-2024-21652).
#[tokio::test(flavor = "multi_thread")]
async fn killing_the_server_gives_no_try_back() {
    let place = place().await;
    let mut program = place.serve().await;
    let mut owner = administrator(&place, &program).await;
    let (mut looked_at, mut refused) = (0, 0);
    for _ in 0..4 {
        for _ in 0..5 {
            match try_at(&program, "admin", BETTER).await.status {
                401 => looked_at += 1,
                429 => refused += 1,
                other => panic!("{other}"),
            }
        }
        program.kill();
        program = place.serve().await;
    }
    assert_eq!((looked_at, refused), (5, 15));
    let wait = try_at(&program, "admin", GOOD).await;
    assert_eq!(wait.status, 429, "the right password waits too");
    let seconds: u32 = wait.retry_after.unwrap().parse().unwrap();
    assert!((1..=300).contains(&seconds), "{seconds}");
    assert!(wait.body.contains("too many tries"), "{}", wait.body);

    // The owner's own browser is not kept out by all this.
    owner.moves_to(&program);
    owner.cookies.remove("__Host-sid");
    let signed_in = owner
        .post("/api/sign-in/local", &credentials("admin", GOOD))
        .await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
}

/// A bounded store that makes room by forgetting would forget the account (CVE-2024-21662).
#[tokio::test(flavor = "multi_thread")]
async fn spraying_names_gives_no_try_back() {
    let place = place().await;
    let program = place.serve().await;
    administrator(&place, &program).await;
    let mut looked_at = 0;
    let mut sprayed = [0; 2];
    for round in 0..10 {
        let went = try_at(&program, "admin", BETTER).await.status;
        looked_at += i32::from(went == 401);
        let mut tries = JoinSet::new();
        for n in 0..500 {
            let mut browser = Browser::at(&program);
            let typed = credentials(&format!("name-{}", round * 500 + n), BETTER);
            tries.spawn(async move { browser.post("/api/sign-in/local", &typed).await.status });
            if tries.len() >= 8 {
                count(&mut sprayed, tries.join_next().await.unwrap().unwrap());
            }
        }
        for status in tries.join_all().await {
            count(&mut sprayed, status);
        }
    }
    assert_eq!(looked_at, 5, "of ten tries");
    let [names, refused] = sprayed;
    assert_eq!(names + refused, 5_000);
    assert!((19..=21).contains(&names), "{names} names");
}

fn count(counts: &mut [i32; 2], status: u16) {
    match status {
        401 => counts[0] += 1,
        429 | 503 => counts[1] += 1,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_flood_five_passwords_are_looked_at() {
    let place = place().await;
    let program = place.serve().await;
    administrator(&place, &program).await;
    let mut flood = JoinSet::new();
    for n in 0..300 {
        let mut browser = Browser::at(&program);
        let typed = credentials("admin", &format!("{BETTER} {n}"));
        flood.spawn(async move {
            let answer = browser.post("/api/sign-in/local", &typed).await;
            if answer.status != 401 {
                assert!(answer.retry_after.is_some(), "{answer:?}");
            }
            answer.status
        });
    }
    let went = flood.join_all().await;
    let looked_at = went.iter().filter(|status| **status == 401).count();
    assert_eq!(looked_at, 5, "{went:?}");
    assert!(
        went.iter().all(|status| [401, 429, 503].contains(status)),
        "{went:?}"
    );
    let alive = Browser::at(&program).get("/sign-in").await;
    assert_eq!(alive.status, 200);
}
