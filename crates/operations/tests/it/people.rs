//! People: who comes in, for how long, and what nobody may do to themselves or to everybody.

use crate::local_users::operator;
use crate::world::World;
use domain::{Actor, Authority, PersonId, Role, RoleAssignment, SignInId};
use operations::people::{
    self, Device, Identity, SignInMethod, SignInSettings, by_sign_in, local, set_active, sign_in,
    sign_out,
};
use operations::{Caller, ConflictCode, OpContext, OpError, OpResult, Settings, service_accounts};
use std::sync::Arc;

const HOUR_MS: i64 = 3_600_000;

fn identity(subject: &str, groups: &[&str]) -> Identity {
    Identity {
        issuer: "https://login.example.org".to_owned(),
        subject: subject.to_owned(),
        name: subject.to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    }
}

async fn come(cx: &OpContext, subject: &str, groups: &[&str]) -> (PersonId, SignInId) {
    let who = identity(subject, groups);
    let signed_in = sign_in(cx, &who, SignInMethod::Oidc, &Device::default()).await;
    let signed_in = signed_in.unwrap();
    (signed_in.person, signed_in.sign_in)
}

async fn caller(cx: &OpContext, id: SignInId, used: bool) -> Option<Caller> {
    by_sign_in(cx, id, None, used).await.unwrap()
}

fn everywhere(role: Role) -> RoleAssignment {
    RoleAssignment::everywhere(role)
}

fn refused<T>(result: &OpResult<T>) -> Option<ConflictCode> {
    match result {
        Err(OpError::Conflict { code }) => Some(*code),
        _ => None,
    }
}

/// Surroundings in which the group `leads` stands for the role approver in prod.
fn with_groups(world: &World) -> OpContext {
    let role = RoleAssignment::within(Role::Approver, "prod".parse().unwrap());
    OpContext {
        settings: Arc::new(Settings {
            sign_in: SignInSettings {
                group_roles: vec![("leads".to_owned(), role)],
                ..SignInSettings::default()
            },
            ..Settings::default()
        }),
        ..operator(world)
    }
}

#[tokio::test]
async fn a_sign_in_ends_when_it_is_not_used_and_after_eight_hours_whatever_happens() {
    let world = World::empty().await;
    let cx = operator(&world);
    let (_, idle) = come(&cx, "one", &[]).await;
    world.clock.advance(HOUR_MS - 1);
    // A page that was left open asks for fragments: nobody is there.
    assert!(caller(&cx, idle, false).await.is_some());
    world.clock.advance(1);
    assert!(caller(&cx, idle, true).await.is_none());

    let (_, used) = come(&cx, "one", &[]).await;
    for _ in 0..15 {
        world.clock.advance(HOUR_MS / 2);
        assert!(caller(&cx, used, true).await.is_some());
    }
    world.clock.advance(HOUR_MS / 2);
    assert!(caller(&cx, used, true).await.is_none());
}

#[tokio::test]
async fn groups_give_and_take_roles_and_what_changes_ends_other_sign_ins() {
    let world = World::empty().await;
    let cx = with_groups(&world);
    let (person, first) = come(&cx, "one", &["leads", "others"]).await;
    let (_, same) = come(&cx, "one", &["leads"]).await;
    let held = caller(&cx, first, true).await.unwrap();
    let Authority::Person(roles) = held.authority else {
        panic!("{:?}", held.authority);
    };
    assert_eq!(roles.to_string(), "approver:prod");
    let (again, now) = come(&cx, "one", &["others"]).await;
    assert_eq!(again, person, "a person is issuer and subject");
    for ended in [first, same] {
        assert!(caller(&cx, ended, true).await.is_none());
    }
    let held = caller(&cx, now, true).await.unwrap();
    assert!(matches!(held.authority, Authority::Person(roles) if roles.is_empty()));
}

#[tokio::test]
async fn what_an_admin_gave_stays_whatever_the_groups_are() {
    let world = World::empty().await;
    let cx = with_groups(&world);
    let (person, _) = come(&cx, "one", &["leads"]).await;
    let viewer = everywhere(Role::Viewer);
    assert!(people::give_role(&cx, person, &viewer).await.unwrap());
    let (_, now) = come(&cx, "one", &[]).await;
    let held = caller(&cx, now, true).await.unwrap();
    assert!(matches!(held.authority, Authority::Person(roles) if roles.to_string() == "viewer"));
}

#[tokio::test]
async fn signing_out_ends_one_sign_in_and_no_other() {
    let world = World::empty().await;
    let cx = operator(&world);
    let ((_, here), (_, there)) = (come(&cx, "one", &[]).await, come(&cx, "one", &[]).await);
    let held = caller(&cx, here, true).await.unwrap();
    sign_out(&cx.called_by(held)).await.unwrap();
    assert!(caller(&cx, here, true).await.is_none());
    assert!(caller(&cx, there, true).await.is_some());
}

#[tokio::test]
async fn the_last_admin_who_can_come_in_stays_one() {
    let world = World::empty().await;
    let cx = operator(&world);
    let admin = everywhere(Role::Admin);
    let (first, _) = come(&cx, "one", &[]).await;
    assert!(people::give_role(&cx, first, &admin).await.unwrap());
    // Somebody whose password was never set cannot come in.
    let account = "two".parse().unwrap();
    let made = local::create(&cx, &account, None, std::slice::from_ref(&admin)).await;
    made.unwrap();
    let last = Some(ConflictCode::LastAdmin);
    assert_eq!(refused(&people::take_role(&cx, first, &admin).await), last);
    assert_eq!(refused(&set_active(&cx, first, false).await), last);
    let (third, _) = come(&cx, "three", &[]).await;
    assert!(people::give_role(&cx, third, &admin).await.unwrap());
    assert!(people::take_role(&cx, first, &admin).await.unwrap());
}

#[tokio::test]
async fn nobody_changes_what_they_themselves_may() {
    let world = World::empty().await;
    let cx = operator(&world);
    let admin = everywhere(Role::Admin);
    let (one, _) = come(&cx, "one", &[]).await;
    let (two, _) = come(&cx, "two", &[]).await;
    for person in [one, two] {
        people::give_role(&cx, person, &admin).await.unwrap();
    }
    let me = cx.called_by(Caller::person(one, [admin.clone()].into_iter().collect()));
    assert_eq!(*me.actor(), Actor::Person { id: one });
    let own = Some(ConflictCode::OwnRoles);
    let approver = everywhere(Role::Approver);
    assert_eq!(refused(&people::give_role(&me, one, &approver).await), own);
    assert_eq!(refused(&people::take_role(&me, one, &admin).await), own);
    assert_eq!(refused(&set_active(&me, one, false).await), own);
    assert!(people::give_role(&me, two, &approver).await.unwrap());
}

#[tokio::test]
async fn a_service_account_neither_approves_nor_runs_the_installation() {
    let world = World::empty().await;
    let cx = operator(&world);
    let form = service_accounts::ServiceAccountForm {
        name: "ci".to_owned(),
        roles: vec![everywhere(Role::Requester)],
        days: 1,
    };
    service_accounts::create(&cx, &form).await.unwrap();
    let everybody = people::list(&cx).await.unwrap();
    let account = everybody.iter().find(|one| one.name == "ci").unwrap().id;
    for role in [Role::Approver, Role::Admin] {
        let given = people::give_role(&cx, account, &everywhere(role)).await;
        assert_eq!(
            refused(&given),
            Some(ConflictCode::NotForServices),
            "{role}"
        );
    }
    assert!(
        people::give_role(&cx, account, &everywhere(Role::Viewer))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn who_is_kept_out_is_known_and_not_let_in() {
    let world = World::empty().await;
    let cx = operator(&world);
    let (person, here) = come(&cx, "one", &[]).await;
    assert!(set_active(&cx, person, false).await.unwrap());
    assert!(caller(&cx, here, true).await.is_none());
    let who = identity("one", &[]);
    let again = sign_in(&cx, &who, SignInMethod::Oidc, &Device::default()).await;
    assert_eq!(refused(&again), Some(ConflictCode::PersonInactive));
    // The attempt of somebody who is known is part of the history.
    assert_eq!(
        world.audit(1).await,
        [format!("{person} person.sign_in Done")]
    );
}
