//! Seeing all service accounts.

use crate::context::OpContext;
use crate::error::OpResult;
use crate::people::SERVICE;
use crate::tokens::{TokenView, of_person};
use domain::{Action, PersonId, Roles};
use serde::Serialize;
use store::people;

/// A service account with its tokens.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceAccountView {
    /// Which one.
    pub id: PersonId,
    /// Its name.
    pub name: String,
    /// Whether it may come in.
    pub active: bool,
    /// Its roles.
    pub roles: Roles,
    /// Its tokens, the newest first.
    pub tokens: Vec<TokenView>,
}

/// All of them, by name.
pub async fn list(cx: &OpContext) -> OpResult<Vec<ServiceAccountView>> {
    cx.require(Action::ManagePeople)?;
    let mut reader = cx.store.read().await?;
    let mut views = Vec::new();
    for row in people::list(&mut reader).await? {
        if row.issuer == SERVICE {
            views.push(ServiceAccountView {
                id: row.id,
                active: row.active,
                roles: people::roles(&mut reader, row.id).await?,
                tokens: of_person(cx, &mut reader, row.id).await?,
                name: row.subject,
            });
        }
    }
    Ok(views)
}
