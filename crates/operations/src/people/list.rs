//! Seeing who there is.

use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use domain::{Action, Actor, Millis, PersonId, RoleAssignment};
use serde::Serialize;
use store::Reader;
use store::people::{self, PersonRow, RoleSource};

/// A person, or a service account, as admins see them.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    /// Who.
    pub id: PersonId,
    /// What they are called. Untrusted text.
    pub name: String,
    /// Who vouches for them.
    pub issuer: String,
    /// What the issuer calls them. Untrusted text.
    pub subject: String,
    /// Whether they may come in.
    pub active: bool,
    /// When they last signed in.
    pub signed_in_at: Option<Millis>,
    /// What they are trusted with.
    pub roles: Vec<RoleView>,
}

/// One role of a person.
#[derive(Clone, Debug, Serialize)]
pub struct RoleView {
    /// The role with its reach.
    pub assignment: RoleAssignment,
    /// Whether it follows from their groups, and so cannot be taken away here.
    pub by_groups: bool,
    /// When it was given.
    pub at: Millis,
}

/// Everybody, by name.
pub async fn list(cx: &OpContext) -> OpResult<Vec<PersonView>> {
    cx.require(Action::ManagePeople)?;
    let mut reader = cx.store.read().await?;
    let mut views = Vec::new();
    for row in people::list(&mut reader).await? {
        views.push(view(&mut reader, row).await?);
    }
    Ok(views)
}

/// The person of this id.
pub async fn get(cx: &OpContext, id: &str) -> OpResult<PersonView> {
    cx.require(Action::ManagePeople)?;
    let missing = || OpError::not_found(Kind::Person, id);
    let parsed: PersonId = id.parse().map_err(|_| missing())?;
    let mut reader = cx.store.read().await?;
    let row = people::find(&mut reader, parsed).await?;
    view(&mut reader, row.ok_or_else(missing)?).await
}

/// The caller, if they are a person.
pub async fn me(cx: &OpContext) -> OpResult<Option<PersonView>> {
    let Actor::Person { id } = cx.actor() else {
        return Ok(None);
    };
    let mut reader = cx.store.read().await?;
    match people::find(&mut reader, *id).await? {
        Some(row) => Ok(Some(view(&mut reader, row).await?)),
        None => Ok(None),
    }
}

async fn view(reader: &mut Reader, row: PersonRow) -> OpResult<PersonView> {
    let roles = people::role_rows(reader, row.id).await?;
    Ok(PersonView {
        id: row.id,
        name: row.name,
        issuer: row.issuer,
        subject: row.subject,
        active: row.active,
        signed_in_at: row.signed_in_at,
        roles: roles
            .into_iter()
            .map(|role| RoleView {
                assignment: role.assignment,
                by_groups: role.source == RoleSource::Groups,
                at: role.at,
            })
            .collect(),
    })
}
