//! Tokens and service accounts: what they may, and for how long.

use crate::world::World;
use domain::{Action, Actor, Authority, PersonId, RoleAssignment};
use operations::people::{self, Device, Identity, SignInMethod};
use operations::service_accounts::{self, ServiceAccountForm};
use operations::tokens::{self, CreatedToken, TokenForm};
use operations::{Caller, OpContext, OpError};

const DAY_MS: i64 = 86_400_000;

fn roles(words: &[&str]) -> Vec<RoleAssignment> {
    words.iter().map(|word| word.parse().unwrap()).collect()
}

fn account(name: &str, words: &[&str], days: u16) -> ServiceAccountForm {
    ServiceAccountForm {
        name: name.to_owned(),
        roles: roles(words),
        days,
    }
}

fn token(words: &[&str], days: u16) -> TokenForm {
    TokenForm {
        name: "nightly".to_owned(),
        scope: roles(words),
        days,
    }
}

fn operator(world: &World) -> OpContext {
    world.cx.acting_as(Actor::LocalOperator)
}

/// Somebody with these roles who has signed in.
async fn person(world: &World, words: &[&str]) -> (OpContext, PersonId) {
    let identity = Identity {
        issuer: "https://id.example.org".to_owned(),
        subject: words.join(" "),
        name: "requester".to_owned(),
        groups: Vec::new(),
    };
    let device = Device::default();
    let signed_in = people::sign_in(&world.cx, &identity, SignInMethod::Local, &device).await;
    let id = signed_in.unwrap().person;
    for role in roles(words) {
        let given = people::give_role(&operator(world), id, &role).await;
        assert!(given.unwrap());
    }
    let caller = Caller::person(id, roles(words).into_iter().collect());
    (world.cx.called_by(caller), id)
}

async fn caller(world: &World, created: &CreatedToken) -> Option<Caller> {
    let header = format!("Bearer {}", created.secret.reveal());
    tokens::authenticate(&world.cx, &header, None)
        .await
        .unwrap()
}

async fn works(world: &World, created: &CreatedToken) -> bool {
    caller(world, created).await.is_some()
}

#[tokio::test]
async fn a_service_account_may_what_its_roles_and_its_token_both_allow() {
    let world = World::new(0).await;
    let cx = operator(&world);
    let form = account("ci", &["requester", "auditor"], 30);
    let first = service_accounts::create(&cx, &form).await.unwrap();
    let caller_of = async |created: &CreatedToken| {
        let caller = caller(&world, created).await.unwrap();
        assert!(matches!(caller.authority, Authority::Token { .. }));
        world.cx.called_by(caller)
    };
    let wide = caller_of(&first).await;
    assert!(wide.may(Action::ProposePromotion) && wide.may(Action::ViewAudit));

    let form = token(&["requester:dev"], 30);
    let only = service_accounts::add_token(&cx, "ci", &form).await;
    let narrow = caller_of(&only.unwrap()).await;
    let (dev, prod) = ("dev".parse().unwrap(), "prod".parse().unwrap());
    assert!(narrow.may_in(Action::ProposePromotion, &dev));
    assert!(!narrow.may_in(Action::ProposePromotion, &prod));
    assert!(!narrow.may(Action::ViewAudit));

    // What is taken from the owner is taken from every token at once.
    let Actor::Person { id } = *wide.actor() else {
        panic!("it acts for the account");
    };
    let requester = "requester".parse().unwrap();
    people::take_role(&cx, id, &requester).await.unwrap();
    assert!(!caller_of(&first).await.may(Action::ProposePromotion));
    people::set_active(&cx, id, false).await.unwrap();
    assert!(!works(&world, &first).await);
    people::set_active(&cx, id, true).await.unwrap();
    assert!(works(&world, &first).await);
}

#[tokio::test]
async fn a_token_ends_by_time_and_by_being_revoked() {
    let world = World::new(0).await;
    let cx = operator(&world);
    let form = account("ci", &["viewer"], 2);
    let first = service_accounts::create(&cx, &form).await.unwrap();
    let second = service_accounts::add_token(&cx, "ci", &token(&[], 2)).await;
    let second = second.unwrap();
    assert!(works(&world, &first).await && works(&world, &second).await);
    let good = people::standing(&world.cx).await.unwrap();
    assert!(good.contains_key(&second.token.id.to_string()));

    let id = second.token.id.to_string();
    assert!(tokens::revoke(&cx, &id).await.unwrap());
    assert!(!tokens::revoke(&cx, &id).await.unwrap());
    assert!(!works(&world, &second).await);
    let good = people::standing(&world.cx).await.unwrap();
    assert!(!good.contains_key(&id), "its streams end");

    world.clock.advance(2 * DAY_MS - 1);
    assert!(works(&world, &first).await);
    world.clock.advance(1);
    assert!(!works(&world, &first).await);
}

#[tokio::test]
async fn only_the_bearer_scheme_and_the_whole_token_are_taken() {
    let world = World::new(0).await;
    let form = account("ci", &["viewer"], 2);
    let created = service_accounts::create(&operator(&world), &form).await;
    let secret = created.unwrap().secret;
    let text = secret.reveal();
    let other = text.replacen("chs_", "chp_", 1);
    for (header, good) in [
        (format!("Bearer {text}"), true),
        (format!("bearer  {text}"), true),
        (format!("Basic {text}"), false),
        (text.to_owned(), false),
        (format!("Bearer {other}"), false),
        (format!("Bearer {}", &text[..52]), false),
        ("Bearer ".to_owned(), false),
        (String::new(), false),
    ] {
        let caller = tokens::authenticate(&world.cx, &header, None).await;
        assert_eq!(caller.unwrap().is_some(), good);
    }
}

#[tokio::test]
async fn a_person_makes_and_ends_their_own_tokens_and_no_token_makes_one() {
    let world = World::new(0).await;
    let (cx, id) = person(&world, &["requester"]).await;
    let created = tokens::create(&cx, &token(&["requester", "admin"], 90)).await;
    let created = created.unwrap();
    assert!(created.secret.reveal().starts_with("chp_"));
    let by_token = world.cx.called_by(caller(&world, &created).await.unwrap());
    assert_eq!(*by_token.actor(), Actor::Person { id });
    assert!(!by_token.may(Action::ManagePeople), "its owner is no admin");
    let again = tokens::create(&by_token, &token(&["viewer"], 1)).await;
    assert!(matches!(again, Err(OpError::Forbidden { .. })));

    let list = tokens::list(&cx).await.unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].last_used_at, Some(world.cx.now()));
    let (stranger, _) = person(&world, &["viewer"]).await;
    let token_id = created.token.id.to_string();
    assert!(tokens::list(&stranger).await.unwrap().is_empty());
    let refused = tokens::revoke(&stranger, &token_id).await;
    assert!(matches!(refused, Err(OpError::NotFound { .. })));
    assert!(tokens::revoke(&cx, &token_id).await.unwrap());
}

#[tokio::test]
async fn the_last_use_is_written_once_a_minute() {
    let world = World::new(0).await;
    let (cx, _) = person(&world, &["viewer"]).await;
    let created = tokens::create(&cx, &token(&["viewer"], 1)).await.unwrap();
    let used = async || tokens::list(&cx).await.unwrap()[0].last_used_at.unwrap();
    let began = world.cx.now();
    for (passed, written) in [(0, 0), (59_999, 0), (1, 60_000), (59_999, 60_000)] {
        world.clock.advance(passed);
        assert!(works(&world, &created).await);
        assert_eq!(used().await.since(began), written);
    }
}

#[tokio::test]
async fn forms_are_checked_and_roles_of_people_are_refused() {
    let world = World::new(0).await;
    let cx = operator(&world);
    for refused in [
        account("", &["viewer"], 1),
        account("a b", &["viewer"], 1),
        account("ci", &["viewer"], 0),
        account("ci", &["viewer"], 366),
        account("ci", &[], 1),
        account("ci", &["viewer:nowhere"], 1),
    ] {
        let error = service_accounts::create(&cx, &refused).await.err();
        assert!(matches!(error, Some(OpError::Invalid(_))), "{refused:?}");
    }
    for words in [&["approver:dev"][..], &["viewer", "admin"]] {
        let error = service_accounts::create(&cx, &account("ci", words, 1)).await;
        assert!(matches!(error, Err(OpError::Conflict { .. })), "{words:?}");
    }
    assert!(service_accounts::list(&cx).await.unwrap().is_empty());
    let form = account("ci", &["viewer"], 365);
    service_accounts::create(&cx, &form).await.unwrap();
    let twice = service_accounts::create(&cx, &form).await;
    assert!(matches!(twice, Err(OpError::Invalid(_))));

    let (own, _) = person(&world, &["viewer"]).await;
    let long = tokens::create(&own, &token(&["viewer"], 91)).await;
    assert!(matches!(long, Err(OpError::Invalid(_))));
    let refused = service_accounts::create(&own, &form).await;
    assert!(matches!(refused, Err(OpError::Forbidden { .. })));
}

#[tokio::test]
async fn the_text_is_neither_stored_nor_audited() {
    let world = World::new(0).await;
    let form = account("ci", &["viewer"], 1);
    let created = service_accounts::create(&operator(&world), &form).await;
    let created = created.unwrap();
    let mut reader = world.cx.store.read().await.unwrap();
    let rows = store::audit::list(&mut reader, None, 100).await.unwrap();
    let text = format!("{rows:?} {created:?}");
    assert!(text.contains("token.create") && text.contains("service_account.create"));
    assert!(!text.contains(&created.secret.reveal()[45..]));
}
