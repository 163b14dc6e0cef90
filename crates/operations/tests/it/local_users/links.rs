//! One-time links.

use super::{
    BETTER, GOOD, details, link_form, nobody, operator, person, sign_in, signed_in, try_from,
    use_link, word,
};
use crate::world::World;
use domain::{Role, RoleAssignment};
use operations::people::local::{
    self, LinkView, LocalSignIn, NEW_ADMINISTRATOR_MS, PASSWORD_MS, needs_set_up,
};
use operations::people::{self, set_active};
use operations::{FieldCode, OpError, OpResult};
use tokio::task::JoinSet;

async fn opened(world: &World, token: &str) -> Option<LinkView> {
    local::open_link(&nobody(world), token).await.unwrap()
}

fn codes<T>(result: OpResult<T>) -> Vec<FieldCode> {
    match result.err() {
        Some(OpError::Invalid(fields)) => fields.iter().map(|field| field.code).collect(),
        Some(other) => panic!("{other:?}"),
        None => panic!("it was accepted"),
    }
}

#[tokio::test]
async fn the_first_start_makes_one_administrator_by_a_link_that_is_used_once() {
    let world = World::empty().await;
    let cx = operator(&world);
    assert!(needs_set_up(&cx).await.unwrap());
    let token = local::new_administrator(&cx).await.unwrap();
    let other = local::new_administrator(&cx).await.unwrap();
    assert_eq!(token.reveal().len(), 64, "256 bits");
    assert!(
        needs_set_up(&cx).await.unwrap(),
        "a link is no administrator"
    );

    let before = world.written().await;
    for _ in 0..3 {
        let view = opened(&world, token.reveal()).await;
        assert_eq!(view, Some(LinkView::NewAdministrator));
    }
    assert_eq!(world.written().await, before, "opening it changes nothing");

    let used = use_link(&world, token.reveal(), link_form("Admin", GOOD)).await;
    let used = used.unwrap().unwrap();
    assert!(!needs_set_up(&cx).await.unwrap());
    let mine = signed_in(&world, &used).await;
    let me = people::me(&mine).await.unwrap().unwrap();
    assert_eq!(
        (me.issuer.as_str(), me.subject.as_str()),
        ("local", "admin")
    );
    let roles: Vec<_> = me
        .roles
        .iter()
        .map(|role| role.assignment.clone())
        .collect();
    assert_eq!(roles, [RoleAssignment::everywhere(Role::Admin)]);
    assert!(mine.may(domain::Action::ManagePeople));

    // Used, made before, wrong and mistyped links look the same.
    let wrong = "0".repeat(64);
    for token in [
        token.reveal(),
        other.reveal(),
        &wrong,
        "",
        "x",
        &token.reveal()[1..],
    ] {
        assert_eq!(opened(&world, token).await, None);
        let again = use_link(&world, token, link_form("second", GOOD)).await;
        assert!(again.unwrap().is_none());
    }
    assert_eq!(people::list(&cx).await.unwrap().len(), 1);
    let set_up = details(&world, "person.set_up").await;
    assert_eq!(set_up, [format!("{} link admin", me.id)]);
}

#[tokio::test]
async fn a_link_ends_after_its_time() {
    let world = World::empty().await;
    let token = local::new_administrator(&operator(&world)).await.unwrap();
    world.clock.advance(NEW_ADMINISTRATOR_MS - 1);
    assert!(opened(&world, token.reveal()).await.is_some());
    world.clock.advance(1);
    assert_eq!(opened(&world, token.reveal()).await, None);
    let late = use_link(&world, token.reveal(), link_form("admin", GOOD)).await;
    assert!(late.unwrap().is_none());
    assert!(needs_set_up(&operator(&world)).await.unwrap());
}

#[tokio::test]
async fn a_form_that_is_not_accepted_does_not_use_the_link_up() {
    let world = World::empty().await;
    person(&world, "taken", &[Role::Viewer]).await;
    let token = local::new_administrator(&operator(&world)).await.unwrap();
    let token = token.reveal();
    for (account, text, again, expected) in [
        ("", GOOD, GOOD, FieldCode::Required),
        ("a b", GOOD, GOOD, FieldCode::NotAnAccountName),
        ("Taken", GOOD, GOOD, FieldCode::AccountNameTaken),
        ("admin", GOOD, BETTER, FieldCode::PasswordsDiffer),
        ("admin", "", "", FieldCode::Required),
        ("admin", "short", "short", FieldCode::PasswordTooShort),
    ] {
        let mut form = link_form(account, text);
        form.password_again = super::password(again);
        assert_eq!(
            codes(use_link(&world, token, form).await),
            [expected],
            "{account:?}"
        );
    }
    let used = use_link(&world, token, link_form("admin", GOOD)).await;
    assert!(used.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_simultaneous_uses_one_makes_an_administrator() {
    let world = World::empty().await;
    let token = local::new_administrator(&operator(&world)).await.unwrap();
    let mut uses = JoinSet::new();
    for n in 0..8 {
        let (cx, token) = (nobody(&world), token.reveal().to_owned());
        uses.spawn(async move {
            let form = link_form(&format!("admin-{n}"), GOOD);
            let used = local::use_link(&cx, &token, form, &super::from("192.0.2.1")).await;
            used.unwrap().is_some()
        });
    }
    let won = uses.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    assert_eq!(people::list(&operator(&world)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_needs_no_administrator_has_one_who_can_come_in() {
    let world = World::empty().await;
    let cx = operator(&world);
    let admin = RoleAssignment::everywhere(Role::Admin);
    let made = local::create(&cx, &"admin".parse().unwrap(), None, &[admin]).await;
    let (first, token) = made.unwrap();
    assert!(needs_set_up(&cx).await.unwrap(), "there is no password yet");
    use_link(&world, token.reveal(), link_form("", GOOD))
        .await
        .unwrap();
    assert!(!needs_set_up(&cx).await.unwrap());
    person(&world, "second", &[Role::Admin]).await;
    assert!(set_active(&cx, first, false).await.unwrap());
    assert!(!needs_set_up(&cx).await.unwrap());
    let viewers = World::empty().await;
    person(&viewers, "viewer", &[Role::Viewer, Role::Auditor]).await;
    assert!(needs_set_up(&operator(&viewers)).await.unwrap());
}

#[tokio::test]
async fn a_password_link_replaces_the_password_and_ends_sign_ins_and_devices() {
    let world = World::empty().await;
    let id = person(&world, "requester", &[Role::Requester]).await;
    let LocalSignIn::Done(done) = sign_in(&world, "requester", GOOD, None, "192.0.2.1").await
    else {
        panic!("the password is right");
    };
    let cx = operator(&world);
    let first = local::new_password(&cx, id).await.unwrap();
    let second = local::new_password(&cx, id).await.unwrap();
    assert_eq!(
        opened(&world, first.reveal()).await,
        None,
        "the newest counts"
    );
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "done"
    );
    let standing = people::standing(&cx).await.unwrap();
    assert!(standing.contains_key(&done.signed_in.sign_in.to_string()));

    let view = opened(&world, second.reveal()).await;
    let account = "requester".to_owned();
    assert_eq!(view, Some(LinkView::PasswordOf { account }));
    let used = use_link(&world, second.reveal(), link_form("ignored", BETTER)).await;
    assert_eq!(used.unwrap().unwrap().signed_in.person, id);
    let standing = people::standing(&cx).await.unwrap();
    assert!(!standing.contains_key(&done.signed_in.sign_in.to_string()));
    assert_eq!(
        try_from(&world, "requester", GOOD, "192.0.2.1").await,
        "refused"
    );
    assert_eq!(
        try_from(&world, "requester", BETTER, "192.0.2.1").await,
        "done"
    );
    // Its tries count as those of a stranger.
    for _ in 0..4 {
        try_from(&world, "requester", "wrong", "192.0.2.1").await;
    }
    let known = Some(done.device.reveal());
    let outcome = sign_in(&world, "requester", BETTER, known, "192.0.2.1").await;
    assert_eq!(word(&outcome), "300", "the device is forgotten");
    assert_eq!(details(&world, "person.set_password").await.len(), 2);
}

#[tokio::test]
async fn links_are_for_local_users_who_may_come_in() {
    let world = World::empty().await;
    let cx = operator(&world);
    person(&world, "admin", &[Role::Admin]).await;
    let id = person(&world, "requester", &[Role::Requester]).await;
    let token = local::new_password(&cx, id).await.unwrap();
    set_active(&cx, id, false).await.unwrap();
    assert_eq!(opened(&world, token.reveal()).await, None);
    let used = use_link(&world, token.reveal(), link_form("", BETTER)).await;
    assert!(used.unwrap().is_none());
    set_active(&cx, id, true).await.unwrap();
    world.clock.advance(PASSWORD_MS);
    assert_eq!(
        opened(&world, token.reveal()).await,
        None,
        "its time is over"
    );

    let unknown = crate::world::PERSON.parse().unwrap();
    let refused = local::new_password(&cx, unknown).await.err();
    assert!(
        matches!(refused, Some(OpError::NotFound { .. })),
        "{refused:?}"
    );
    let viewer = world
        .cx
        .called_by(operations::Caller::person(id, domain::Roles::none()));
    for refused in [
        local::new_password(&viewer, id).await.err(),
        local::new_administrator(&viewer).await.err(),
        local::create(&viewer, &"x".parse().unwrap(), None, &[])
            .await
            .err(),
        needs_set_up(&viewer).await.err(),
    ] {
        assert!(
            matches!(refused, Some(OpError::Forbidden { .. })),
            "{refused:?}"
        );
    }
}
