//! Setting passwords and proving them.

use super::{
    BETTER, GOOD, details, link_form, operator, password, person, sign_in, signed_in, try_from,
    use_link,
};
use crate::world::World;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use domain::Role;
use operations::people::local::{
    self, ChangePasswordForm, ChangedPassword, LocalSignIn, LocalSignedIn, change_password,
    has_password,
};
use operations::people::{self, Identity, SignInMethod, set_active};
use operations::{FieldCode, OpError};
use std::time::{Duration, Instant};

/// Passwords that must not be set by any path, with what speaks against each.
fn weak() -> [(String, FieldCode); 6] {
    [
        (String::new(), FieldCode::Required),
        ("xK4!pq9Lw2v".to_owned(), FieldCode::PasswordTooShort),
        ("password12345".to_owned(), FieldCode::PasswordCommon),
        ("aaaaaaaaaaaaaaaa".to_owned(), FieldCode::PasswordCommon),
        ("requester-1".repeat(2), FieldCode::PasswordIsName),
        ("x4!K".repeat(200), FieldCode::PasswordTooLong),
    ]
}

fn first_code<T>(result: Result<T, OpError>) -> Option<FieldCode> {
    match result.err() {
        Some(OpError::Invalid(fields)) => fields.first().map(|field| field.code),
        _ => None,
    }
}

async fn done(world: &World, account: &str, text: &str) -> LocalSignedIn {
    match sign_in(world, account, text, None, "192.0.2.1").await {
        LocalSignIn::Done(done) => done,
        other => panic!("{}", super::word(&other)),
    }
}

fn change(current: &str, new: &str) -> ChangePasswordForm {
    ChangePasswordForm {
        current_password: password(current),
        password: password(new),
        password_again: password(new),
    }
}

#[tokio::test]
async fn weak_passwords_are_refused_on_every_path_that_sets_one() {
    let world = World::empty().await;
    let cx = operator(&world);
    let id = person(&world, "requester-1", &[Role::Requester]).await;
    let administrator = local::new_administrator(&cx).await.unwrap();
    let reset = local::new_password(&cx, id).await.unwrap();
    let mine = signed_in(&world, &done(&world, "requester-1", GOOD).await).await;
    for (text, expected) in weak() {
        let form = link_form("requester-1", &text);
        let set = use_link(&world, administrator.reveal(), form).await;
        assert_eq!(
            first_code(set),
            Some(expected),
            "a new administrator: {text:?}"
        );
        let set = use_link(&world, reset.reveal(), link_form("", &text)).await;
        assert_eq!(first_code(set), Some(expected), "a password link: {text:?}");
        let set = change_password(&mine, change(GOOD, &text), None).await;
        assert_eq!(first_code(set), Some(expected), "its owner: {text:?}");
    }
    assert_eq!(
        try_from(&world, "requester-1", GOOD, "192.0.2.1").await,
        "done"
    );
}

#[tokio::test]
async fn only_name_and_password_of_somebody_active_sign_in() {
    let world = World::empty().await;
    let cx = operator(&world);
    person(&world, "admin", &[Role::Admin]).await;
    let id = person(&world, "requester", &[Role::Requester]).await;
    local::create(&cx, &"unset".parse().unwrap(), None, &[])
        .await
        .unwrap();
    assert_eq!(
        try_from(&world, " Requester ", GOOD, "192.0.2.1").await,
        "done"
    );
    let long = "x".repeat(100_000);
    for (account, text) in [
        ("requester", BETTER),
        ("requester", ""),
        ("requester", &long),
        ("unset", GOOD),
        ("unset", ""),
        ("nobody", GOOD),
        ("", ""),
        ("no such name at all", GOOD),
    ] {
        let went = try_from(&world, account, text, "192.0.2.2").await;
        assert_eq!(went, "refused", "{account:?}");
    }
    set_active(&cx, id, false).await.unwrap();
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "refused"
    );
    let refused = details(&world, "person.sign_in").await;
    let refused: Vec<_> = refused
        .iter()
        .filter(|line| line.contains("local "))
        .collect();
    assert_eq!(
        refused
            .iter()
            .filter(|line| line.ends_with(" password"))
            .count(),
        5
    );
    assert!(refused[0].ends_with(" inactive"), "{refused:?}");
}

#[tokio::test]
async fn a_name_that_nobody_has_takes_as_long_as_a_wrong_password() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    let took = async |account: &str, source: u8| {
        let began = Instant::now();
        let address = format!("192.0.2.{source}");
        let went = try_from(&world, account, BETTER, &address).await;
        assert_eq!(went, "refused");
        began.elapsed()
    };
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for source in 1..=9 {
        wrong.push(took("requester", source).await);
        unknown.push(took("nobody", source).await);
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    let (wrong, unknown) = (median(&mut wrong), median(&mut unknown));
    // Without a hash it would be a twentieth; machines that do other things too get some room.
    assert!(
        unknown * 2 > wrong && wrong * 2 > unknown,
        "{unknown:?} {wrong:?}"
    );
}

#[tokio::test]
async fn a_hash_that_costs_less_than_now_is_replaced_by_signing_in() {
    let world = World::empty().await;
    let id = person(&world, "requester", &[Role::Requester]).await;
    let params = Params::new(8 * 1_024, 1, 1, None).unwrap();
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let cheap: PasswordHash = cheap
        .hash_password_with_salt(GOOD.as_bytes(), &[1; 16])
        .unwrap();
    let mut tx = world.cx.store.begin().await.unwrap();
    store::local_credentials::set(&mut tx, id, &cheap.to_string(), world.cx.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let stored = async || {
        let mut reader = world.cx.store.read().await.unwrap();
        let found = store::local_credentials::find(&mut reader, id).await;
        found.unwrap().unwrap().password_hash
    };
    assert_eq!(
        try_from(&world, "requester", BETTER, "192.0.2.1").await,
        "refused"
    );
    assert_eq!(stored().await, cheap.to_string());
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "done"
    );
    let dearer = stored().await;
    assert!(
        dearer.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{dearer}"
    );
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "done"
    );
    assert_eq!(stored().await, dearer);
}

#[tokio::test]
async fn changing_ones_password_ends_ones_other_sign_ins() {
    let world = World::empty().await;
    let id = person(&world, "requester", &[Role::Requester]).await;
    let elsewhere = done(&world, "requester", GOOD).await;
    let here = done(&world, "requester", GOOD).await;
    let mine = signed_in(&world, &here).await;
    let link = local::new_password(&operator(&world), id).await.unwrap();
    assert!(has_password(&mine).await.unwrap());
    let version = mine.caller.version;

    let known = Some(here.device.reveal());
    let changed = change_password(&mine, change(GOOD, BETTER), known).await;
    assert_eq!(changed.unwrap(), ChangedPassword::Done);
    let standing = people::standing(&mine).await.unwrap();
    let (here_id, there_id) = (here.signed_in.sign_in, elsewhere.signed_in.sign_in);
    assert!(!standing.contains_key(&there_id.to_string()));
    assert!(
        standing[&here_id.to_string()] > version,
        "its streams begin anew"
    );
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.9").await,
        "refused"
    );
    assert_eq!(
        try_from(&world, "requester", BETTER, "192.0.2.9").await,
        "done"
    );
    let used = use_link(&world, link.reveal(), link_form("", GOOD)).await;
    assert!(
        used.unwrap().is_none(),
        "links made before are worth nothing"
    );

    // The browser that changed it stays known, the other does not.
    for _ in 0..5 {
        try_from(&world, "requester", "wrong", "192.0.2.7").await;
    }
    for (device, expected) in [(&here, "done"), (&elsewhere, "300")] {
        let shown = Some(device.device.reveal());
        let outcome = sign_in(&world, "requester", BETTER, shown, "192.0.2.7").await;
        assert_eq!(super::word(&outcome), expected);
    }
}

#[tokio::test]
async fn the_present_password_is_asked_for_and_tries_of_it_are_counted() {
    let world = World::empty().await;
    person(&world, "requester", &[Role::Requester]).await;
    let mine = signed_in(&world, &done(&world, "requester", GOOD).await).await;
    let empty = change_password(&mine, change("", BETTER), None).await;
    assert_eq!(first_code(empty), Some(FieldCode::Required));
    for _ in 0..5 {
        let wrong = change_password(&mine, change("wrong", BETTER), None).await;
        assert_eq!(first_code(wrong), Some(FieldCode::CurrentPasswordWrong));
    }
    let wait = change_password(&mine, change(GOOD, BETTER), None).await;
    assert_eq!(wait.unwrap(), ChangedPassword::Wait { seconds: 300 });
    assert_eq!(details(&world, "person.set_password").await.len(), 6);
    world.clock.advance(300_000);
    let changed = change_password(&mine, change(GOOD, BETTER), None).await;
    assert_eq!(changed.unwrap(), ChangedPassword::Done);
}

#[tokio::test]
async fn whom_an_issuer_vouches_for_has_no_password_here() {
    let world = World::empty().await;
    let identity = Identity {
        issuer: "https://issuer.example".to_owned(),
        subject: "requester".to_owned(),
        name: "Requester".to_owned(),
        groups: Vec::new(),
    };
    let nobody = super::nobody(&world);
    let device = super::from("192.0.2.1");
    let signed_in = people::sign_in(&nobody, &identity, SignInMethod::Oidc, &device).await;
    let signed_in = signed_in.unwrap();
    let caller = operations::Caller::person(signed_in.person, domain::Roles::none());
    let mine = world.cx.called_by(caller);
    assert!(!has_password(&mine).await.unwrap());
    let refused = change_password(&mine, change(GOOD, BETTER), None).await;
    assert!(
        matches!(refused, Err(OpError::NotFound { .. })),
        "{refused:?}"
    );
    let link = local::new_password(&operator(&world), signed_in.person)
        .await
        .err();
    assert!(matches!(link, Some(OpError::NotFound { .. })), "{link:?}");
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "refused"
    );
}
