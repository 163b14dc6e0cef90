//! Letting people in and keeping them out.

use super::end_sign_ins::end_sign_ins_of;
use super::guard;
use crate::audit::{Entry, Verb, about_person};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, PersonId};
use store::people;

/// Lets a person in again, or keeps them out from now on: then their sign-ins end, their open
/// streams too, and their tokens are worth nothing. Says whether that changed anything.
///
/// The last admin of the whole installation is not kept out, and nobody keeps themselves out.
pub async fn set_active(cx: &OpContext, person: PersonId, active: bool) -> OpResult<bool> {
    cx.require(Action::ManagePeople)?;
    guard::not_oneself(cx, person)?;
    let mut tx = cx.store.begin().await?;
    if guard::found(&mut tx, person).await?.active == active {
        return Ok(false);
    }
    people::set_active(&mut tx, person, active).await?;
    if !active {
        let roles = people::roles(&mut tx, person).await?;
        if roles.contains(&domain::RoleAssignment::everywhere(domain::Role::Admin)) {
            guard::an_admin_is_left(&mut tx).await?;
        }
    }
    end_sign_ins_of(&mut tx, person, None).await?;
    let verb = if active {
        Verb::Activate
    } else {
        Verb::Deactivate
    };
    tx.audit(Entry::new(cx, verb, about_person(person), cx.now()).done());
    tx.commit().await?;
    Ok(true)
}
