//! Local users: from the first start to being locked out.

mod links;
mod passwords;
mod throttle;

use crate::world::World;
use domain::{Actor, PersonId, Role, RoleAssignment};
use operations::people::local::{
    self, AccountName, LinkForm, LocalSignIn, LocalSignInForm, LocalSignedIn, Password,
};
use operations::people::{Device, caller_of};
use operations::{Channel, OpContext, OpResult};

/// A password that nothing speaks against.
pub(crate) const GOOD: &str = "three grey boats sail";
/// Another one.
pub(crate) const BETTER: &str = "seven loud clocks fall";

pub(crate) fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

pub(crate) fn operator(world: &World) -> OpContext {
    world.cx.acting_as(Actor::LocalOperator)
}

/// A request of somebody who has not signed in.
pub(crate) fn nobody(world: &World) -> OpContext {
    let caller = operations::Caller::nobody(Channel::Page, None);
    world.cx.called_by(caller)
}

pub(crate) fn from(address: &str) -> Device {
    Device {
        address: address.parse().ok(),
        browser: "a browser".to_owned(),
    }
}

pub(crate) fn link_form(account: &str, text: &str) -> LinkForm {
    LinkForm {
        account_name: account.to_owned(),
        name: String::new(),
        password: password(text),
        password_again: password(text),
    }
}

/// Makes a local user with [`GOOD`] as the password, through the link as people do.
pub(crate) async fn person(world: &World, account: &str, roles: &[Role]) -> PersonId {
    let account: AccountName = account.parse().unwrap();
    let roles: Vec<_> = roles
        .iter()
        .copied()
        .map(RoleAssignment::everywhere)
        .collect();
    let made = local::create(&operator(world), &account, None, &roles).await;
    let (person, token) = made.unwrap();
    let used = use_link(world, token.reveal(), link_form("", GOOD))
        .await
        .unwrap();
    assert_eq!(used.unwrap().signed_in.person, person);
    person
}

pub(crate) async fn use_link(
    world: &World,
    token: &str,
    form: LinkForm,
) -> OpResult<Option<LocalSignedIn>> {
    local::use_link(&nobody(world), token, form, &from("192.0.2.1")).await
}

pub(crate) async fn sign_in(
    world: &World,
    account: &str,
    text: &str,
    known: Option<&str>,
    address: &str,
) -> LocalSignIn {
    let form = LocalSignInForm {
        account_name: account.to_owned(),
        password: password(text),
    };
    let signed_in = local::sign_in(&nobody(world), form, known, &from(address)).await;
    signed_in.unwrap()
}

/// `done`, `refused`, or the seconds to wait.
pub(crate) fn word(outcome: &LocalSignIn) -> String {
    match outcome {
        LocalSignIn::Done(_) => "done".to_owned(),
        LocalSignIn::Refused => "refused".to_owned(),
        LocalSignIn::Wait { seconds } => seconds.to_string(),
    }
}

/// How a try goes, from a browser that is not known.
pub(crate) async fn try_from(world: &World, account: &str, text: &str, address: &str) -> String {
    word(&sign_in(world, account, text, None, address).await)
}

/// The context of a person who has signed in just now.
pub(crate) async fn signed_in(world: &World, done: &LocalSignedIn) -> OpContext {
    let mut reader = world.cx.store.read().await.unwrap();
    let person = store::people::find(&mut reader, done.signed_in.person).await;
    let caller = caller_of(&mut reader, &person.unwrap().unwrap(), Channel::Page, None).await;
    let mut caller = caller.unwrap();
    caller.sign_in = Some(operations::SignIn {
        id: done.signed_in.sign_in,
        at: world.cx.now(),
    });
    world.cx.called_by(caller)
}

/// The details of the newest audit entries of this action, newest first.
pub(crate) async fn details(world: &World, action: &str) -> Vec<String> {
    let mut reader = world.cx.store.read().await.unwrap();
    let rows = store::audit::list(&mut reader, None, 500).await.unwrap();
    let rows = rows.into_iter().filter(|row| row.entry.action == action);
    rows.map(|row| {
        let details: Vec<_> = row.entry.details.values().cloned().collect();
        format!("{} {}", row.entry.actor, details.join(" "))
    })
    .collect()
}
