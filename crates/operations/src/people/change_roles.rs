//! Giving roles and taking them away.

use super::end_sign_ins::end_sign_ins_of;
use super::{SERVICE, guard};
use crate::audit::{Entry, Verb, about_person};
use crate::context::OpContext;
use crate::error::{ConflictCode, OpError, OpResult};
use domain::{Action, PersonId, Role, RoleAssignment};
use store::people::{self, RoleRow, RoleSource};

/// Gives a person a role, and says whether they did not have it yet. Their sign-ins end: they come
/// back with what they may now.
///
/// Nobody changes their own roles ([`ConflictCode::OwnRoles`]), and a service account neither
/// approves nor runs the installation ([`ConflictCode::NotForServices`]).
pub async fn give_role(
    cx: &OpContext,
    person: PersonId,
    assignment: &RoleAssignment,
) -> OpResult<bool> {
    cx.require(Action::ManagePeople)?;
    guard::not_oneself(cx, person)?;
    let mut tx = cx.store.begin().await?;
    let row = guard::found(&mut tx, person).await?;
    if row.issuer == SERVICE && matches!(assignment.role, Role::Approver | Role::Admin) {
        return Err(OpError::Conflict {
            code: ConflictCode::NotForServices,
        });
    }
    let role = RoleRow {
        assignment: assignment.clone(),
        source: RoleSource::Given,
        given_by: cx.actor().clone(),
        at: cx.now(),
    };
    if !people::give(&mut tx, person, &role).await? {
        return Ok(false);
    }
    end_sign_ins_of(&mut tx, person, None).await?;
    tx.audit(
        Entry::new(cx, Verb::GiveRole, about_person(person), cx.now())
            .with("role", assignment)
            .done(),
    );
    tx.commit().await?;
    Ok(true)
}

/// Takes a role away that an admin gave, and says whether it was there. The person's sign-ins end.
///
/// The last admin of the whole installation stays one ([`ConflictCode::LastAdmin`]).
pub async fn take_role(
    cx: &OpContext,
    person: PersonId,
    assignment: &RoleAssignment,
) -> OpResult<bool> {
    cx.require(Action::ManagePeople)?;
    guard::not_oneself(cx, person)?;
    let mut tx = cx.store.begin().await?;
    guard::found(&mut tx, person).await?;
    if !people::take(&mut tx, person, assignment, RoleSource::Given).await? {
        return Ok(false);
    }
    if *assignment == RoleAssignment::everywhere(Role::Admin) {
        guard::an_admin_is_left(&mut tx).await?;
    }
    end_sign_ins_of(&mut tx, person, None).await?;
    tx.audit(
        Entry::new(cx, Verb::TakeRole, about_person(person), cx.now())
            .with("role", assignment)
            .done(),
    );
    tx.commit().await?;
    Ok(true)
}
