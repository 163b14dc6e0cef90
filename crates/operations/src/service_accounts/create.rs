//! Making a service account with its first token.

use crate::audit::{Entry, Verb, about_person};
use crate::context::OpContext;
use crate::error::{ConflictCode, OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use crate::people::{SERVICE, take_name};
use crate::tokens::{self, CreatedToken, SERVICE_DAYS, TokenForm, TokenKind};
use domain::{Action, PersonId, Role, RoleAssignment};
use store::people::{self, RoleRow, RoleSource};

/// Longest name, in characters.
const NAME: usize = 64;

/// What a service account is to be like.
#[derive(Clone, Debug, Default)]
pub struct ServiceAccountForm {
    /// Its name: 1 to 64 letters, digits, dots, dashes and underscores, not in use.
    pub name: String,
    /// Its roles; its first token is for all of them.
    pub roles: Vec<RoleAssignment>,
    /// How many days its first token lives.
    pub days: u16,
}

/// Makes a service account with these roles and its first token.
pub async fn create(cx: &OpContext, form: &ServiceAccountForm) -> OpResult<CreatedToken> {
    cx.require(Action::ManagePeople)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if form.name.is_empty() || form.name.len() > NAME || !form.name.chars().all(plain) {
        let error = FieldError::new(Field::Name, FieldCode::NotAServiceAccountName);
        return Err(OpError::field(error));
    }
    if form.roles.iter().any(is_refused) {
        return Err(OpError::Conflict {
            code: ConflictCode::NotForServices,
        });
    }
    let token = TokenForm {
        name: "first".to_owned(),
        scope: form.roles.clone(),
        days: form.days,
    };
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    tokens::valid_for(&mut tx, &token, SERVICE_DAYS).await?;
    if people::find_subject(&mut tx, SERVICE, &form.name)
        .await?
        .is_some()
    {
        let error = FieldError::new(Field::Name, FieldCode::NameTaken);
        return Err(OpError::field(error));
    }
    let id = PersonId::generate(now, cx.random.as_ref());
    people::insert(&mut tx, id, SERVICE, &form.name, now).await?;
    take_name(cx, &mut tx, id, &form.name).await?;
    for assignment in &form.roles {
        let role = RoleRow {
            assignment: assignment.clone(),
            source: RoleSource::Given,
            given_by: cx.actor().clone(),
            at: now,
        };
        people::give(&mut tx, id, &role).await?;
    }
    let roles: domain::Roles = form.roles.iter().cloned().collect();
    tx.audit(
        Entry::new(cx, Verb::CreateServiceAccount, about_person(id), now)
            .with("roles", &roles)
            .done(),
    );
    let created = tokens::issue(cx, &mut tx, id, TokenKind::Service, &token).await?;
    tx.commit().await?;
    Ok(created)
}

/// Nobody may hide behind a program when they approve or let people in.
pub(super) fn is_refused(assignment: &RoleAssignment) -> bool {
    matches!(assignment.role, Role::Approver | Role::Admin)
}
