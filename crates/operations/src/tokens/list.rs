//! Seeing one's own tokens, and those of a service account.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, Actor, Millis, PersonId, Roles, TokenId};
use serde::Serialize;
use store::Reader;
use store::tokens::{self, TokenRow};

/// Whether a token is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It is.
    Good,
    /// Its time is over.
    Expired,
    /// Somebody revoked it.
    Revoked,
}

impl TokenState {
    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// A token as lists show it; without anything that opens a door.
#[derive(Clone, Debug, Serialize)]
pub struct TokenView {
    /// Names it.
    pub id: TokenId,
    /// What its owner calls it. Untrusted text.
    pub name: String,
    /// What it is for.
    pub scope: Roles,
    /// When it was made.
    pub created_at: Millis,
    /// From when on it is worth nothing.
    pub expires_at: Millis,
    /// When it was last used; exact to a minute.
    pub last_used_at: Option<Millis>,
    /// Whether it is good.
    pub state: TokenState,
}

/// The caller's own tokens, the newest first; revoked and expired ones too.
pub async fn list(cx: &OpContext) -> OpResult<Vec<TokenView>> {
    cx.require(Action::ManageOwn)?;
    let Actor::Person { id } = cx.actor() else {
        return Ok(Vec::new());
    };
    of_person(cx, &mut cx.store.read().await?, *id).await
}

/// All tokens of one owner, the newest first.
pub(crate) async fn of_person(
    cx: &OpContext,
    reader: &mut Reader,
    person: PersonId,
) -> OpResult<Vec<TokenView>> {
    let rows = tokens::of_person(reader, person).await?;
    Ok(rows.into_iter().map(|row| view(row, cx.now())).collect())
}

pub(super) fn view(row: TokenRow, now: Millis) -> TokenView {
    let state = if row.revoked_at.is_some() {
        TokenState::Revoked
    } else if row.expires_at <= now {
        TokenState::Expired
    } else {
        TokenState::Good
    };
    TokenView {
        id: row.id,
        name: row.name,
        scope: row.scope,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        state,
    }
}
