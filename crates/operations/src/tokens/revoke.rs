//! Making a token worth nothing.

use crate::audit::{Entry, Verb, about_token};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use domain::{Action, Actor, TokenId};
use store::tokens;

/// Makes a token worth nothing from now on, open streams included, and says whether it was not so
/// yet. One's own, or with [`Action::ManagePeople`] anybody's; to others it does not exist.
pub async fn revoke(cx: &OpContext, id: &str) -> OpResult<bool> {
    cx.require(Action::ManageOwn)
        .or_else(|_| cx.require(Action::ManagePeople))?;
    let missing = || OpError::not_found(Kind::Token, id);
    let parsed: TokenId = id.parse().map_err(|_| missing())?;
    let mut tx = cx.store.begin().await?;
    let row = tokens::find(&mut tx, parsed).await?.ok_or_else(missing)?;
    let own = *cx.actor() == (Actor::Person { id: row.person });
    if !own && !cx.may(Action::ManagePeople) {
        return Err(missing());
    }
    if !tokens::revoke(&mut tx, parsed, cx.now()).await? {
        return Ok(false);
    }
    tx.audit(
        Entry::new(cx, Verb::RevokeToken, about_token(parsed), cx.now())
            .with("owner", &row.person)
            .done(),
    );
    tx.commit().await?;
    Ok(true)
}
