//! Making a token.

use super::list::{TokenView, view};
use super::secret::{TokenKind, TokenSecret};
use super::{MOST, PERSONAL_DAYS};
use crate::audit::{Entry, Verb, about_token};
use crate::context::OpContext;
use crate::error::{ConflictCode, OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use domain::{Action, Actor, Authority, Millis, PersonId, RoleAssignment, Roles, TokenId};
use store::Tx;
use store::tokens::{self, TokenRow};

const DAY_MS: i64 = 86_400_000;
/// Longest name, in characters.
const NAME: usize = 100;

/// What a token is to be like.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// What its owner calls it.
    pub name: String,
    /// What it is for: roles, each with its reach.
    pub scope: Vec<RoleAssignment>,
    /// How many days it lives.
    pub days: u16,
}

/// A new token. Its text cannot be had again.
#[derive(Clone, Debug)]
pub struct CreatedToken {
    /// What the list shows of it.
    pub token: TokenView,
    /// Its text.
    pub secret: TokenSecret,
}

/// Makes a token of the caller, who must have signed in: no token makes another one, or one that
/// leaked would never end.
pub async fn create(cx: &OpContext, form: &TokenForm) -> OpResult<CreatedToken> {
    cx.require(Action::ManageOwn)?;
    let (Actor::Person { id }, Authority::Person(_)) = (cx.actor(), &cx.caller.authority) else {
        return Err(OpError::Forbidden {
            action: Action::ManageOwn,
        });
    };
    let mut tx = cx.store.begin().await?;
    valid_for(&mut tx, form, PERSONAL_DAYS).await?;
    let created = issue(cx, &mut tx, *id, TokenKind::Personal, form).await?;
    tx.commit().await?;
    Ok(created)
}

/// Checks every field of a form.
pub(crate) async fn valid_for(tx: &mut Tx, form: &TokenForm, longest: u16) -> OpResult<()> {
    let mut errors = Vec::new();
    let mut refuse = |field, code| errors.push(FieldError::new(field, code));
    let good = |c: char| !c.is_control() && !domain::name::turns_text(c);
    let name = form.name.trim();
    if name.is_empty() {
        refuse(Field::Name, FieldCode::Required);
    } else if name.chars().count() > NAME || !name.chars().all(good) {
        refuse(Field::Name, FieldCode::NotATokenName);
    }
    if !(1..=longest).contains(&form.days) {
        refuse(Field::Days, FieldCode::NotALifetime);
    }
    if form.scope.is_empty() {
        refuse(Field::Scope, FieldCode::Required);
    }
    let environments = store::environments::list(tx).await?;
    let known = |role: &RoleAssignment| match &role.reach {
        domain::Reach::All => true,
        domain::Reach::Environment(name) => environments.iter().any(|one| one.name == *name),
    };
    if !form.scope.iter().all(known) {
        refuse(Field::Scope, FieldCode::EnvironmentUnknown);
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(OpError::Invalid(errors))
    }
}

/// Stores a token for `owner` and its audit entry. The form has been checked.
pub(crate) async fn issue(
    cx: &OpContext,
    tx: &mut Tx,
    owner: PersonId,
    kind: TokenKind,
    form: &TokenForm,
) -> OpResult<CreatedToken> {
    let now = cx.now();
    if tokens::good_of(tx, owner, now).await? >= MOST {
        return Err(OpError::Conflict {
            code: ConflictCode::TooManyTokens,
        });
    }
    let scope: Roles = form.scope.iter().cloned().collect();
    let row = TokenRow {
        id: TokenId::generate(now, cx.random.as_ref()),
        person: owner,
        name: form.name.trim().to_owned(),
        scope,
        created_at: now,
        expires_at: end(now, form.days),
        last_used_at: None,
        revoked_at: None,
    };
    let secret = TokenSecret::generate(kind, cx.random.as_ref());
    tokens::insert(tx, &row, &secret.hash()).await?;
    tx.audit(
        Entry::new(cx, Verb::CreateToken, about_token(row.id), now)
            .with("owner", &owner)
            .with("scope", &row.scope)
            .with("expires_at", &row.expires_at.get())
            .done(),
    );
    Ok(CreatedToken {
        token: view(row, now),
        secret,
    })
}

fn end(now: Millis, days: u16) -> Millis {
    now.plus(i64::from(days) * DAY_MS)
}
