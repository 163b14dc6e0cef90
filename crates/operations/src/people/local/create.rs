//! Making a local user.

use super::{AccountName, SecretToken, links};
use crate::audit::{Entry, Verb, about_person};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use crate::people::{LOCAL, name};
use domain::{Action, PersonId, RoleAssignment};
use store::Tx;
use store::people::{self, RoleRow, RoleSource};

/// Makes a local user with these roles and without a password, and gives the token of the link by
/// which they set one. Without `shown` they are called by their account name.
pub async fn create(
    cx: &OpContext,
    account: &AccountName,
    shown: Option<&str>,
    roles: &[RoleAssignment],
) -> OpResult<(PersonId, SecretToken)> {
    cx.require(Action::ManagePeople)?;
    let mut tx = cx.store.begin().await?;
    let person = insert(cx, &mut tx, account, shown, roles).await?;
    let entry = Entry::new(cx, Verb::CreatePerson, about_person(person), cx.now());
    tx.audit(with_roles(entry, roles).done());
    let token = links::insert(cx, &mut tx, person).await?;
    tx.commit().await?;
    Ok((person, token))
}

/// Stores a local user. An account name that is taken is an error of its field.
pub(super) async fn insert(
    cx: &OpContext,
    tx: &mut Tx,
    account: &AccountName,
    shown: Option<&str>,
    roles: &[RoleAssignment],
) -> OpResult<PersonId> {
    let there = people::find_subject(tx, LOCAL, account.as_str()).await?;
    if there.is_some() {
        let taken = FieldError::new(Field::AccountName, FieldCode::AccountNameTaken);
        return Err(OpError::field(taken));
    }
    let person = PersonId::generate(cx.now(), cx.random.as_ref());
    people::insert(tx, person, LOCAL, account.as_str(), cx.now()).await?;
    let shown = shown.map(str::trim).filter(|shown| !shown.is_empty());
    name::take(cx, tx, person, shown.unwrap_or(account.as_str())).await?;
    for assignment in roles {
        let role = RoleRow {
            assignment: assignment.clone(),
            source: RoleSource::Given,
            given_by: cx.actor().clone(),
            at: cx.now(),
        };
        people::give(tx, person, &role).await?;
    }
    Ok(person)
}

pub(super) fn with_roles(entry: Entry, roles: &[RoleAssignment]) -> Entry {
    let words: Vec<_> = roles.iter().map(ToString::to_string).collect();
    entry.with("roles", &words.join(", "))
}
