//! Another token for a service account, so that one can be replaced before it expires.

use crate::context::OpContext;
use crate::error::{ConflictCode, Kind, OpError, OpResult};
use crate::people::SERVICE;
use crate::tokens::{self, CreatedToken, SERVICE_DAYS, TokenForm, TokenKind};
use domain::Action;
use store::people;

/// Makes a token for the service account of this name. Without a scope it is for all the roles that
/// the account has now.
pub async fn add_token(cx: &OpContext, account: &str, form: &TokenForm) -> OpResult<CreatedToken> {
    cx.require(Action::ManagePeople)?;
    let mut tx = cx.store.begin().await?;
    let owner = people::find_subject(&mut tx, SERVICE, account).await?;
    let owner = owner.ok_or_else(|| OpError::not_found(Kind::Person, account))?;
    let mut form = form.clone();
    if form.scope.is_empty() {
        let roles = people::roles(&mut tx, owner.id).await?;
        form.scope = roles.iter().cloned().collect();
    }
    if form.scope.iter().any(super::create::is_refused) {
        return Err(OpError::Conflict {
            code: ConflictCode::NotForServices,
        });
    }
    tokens::valid_for(&mut tx, &form, SERVICE_DAYS).await?;
    let created = tokens::issue(cx, &mut tx, owner.id, TokenKind::Service, &form).await?;
    tx.commit().await?;
    Ok(created)
}
